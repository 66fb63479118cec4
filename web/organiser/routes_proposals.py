"""Routes of proposals: asking for one, watching it being made, stopping it, comparing two."""

from __future__ import annotations

from secrets import randbelow

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from matcher.words import words
from web import access, languages, world
from web.errors import Missing
from web.organiser.board_words import BoardWords, percent
from web.organiser.routes import blueprint
from web.rows import Proposal, Series, db
from web.rows.groups import ProposalState
from web.rows.staff import RoleName
from web.services import audit
from web.services.groups.editor import looking, proposals
from web.services.groups.proposals import ask, stop
from web.services.plans.current import plan_of
from web.transaction import transaction
from web.worker import wake

SECONDS = (10, 30, 60)
SEEDS = 2**31
READY = (ProposalState.DONE, ProposalState.STOPPED)
ALL = "/<int:series_id>/groepen"
ONE = f"{ALL}/<int:id>"


def series_for_me(series_id: int) -> Series:
    """A series of this account. Raises Missing."""
    return access.get(db.session, Series, series_id, for_=access.me())


def proposal_for_me(series_id: int, id: int) -> Proposal:
    """A proposal of this series and this account. Raises Missing."""
    proposal = access.get(db.session, Proposal, id, for_=access.me())
    if proposal.series_id != series_id:
        raise Missing
    return proposal


def seen_version() -> int:
    """The version on the screen of whoever sends this form; for what is none, one that no proposal has."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def may_change() -> bool:
    """Whether this account composes groups; a coordinator of facilitators only looks."""
    return access.is_admin(access.me()) or access.me().has_role(RoleName.ORGANISER)


def series_to_change(series_id: int) -> Series:
    """A series of an account that composes groups. Raises Missing, or Refused for who only looks."""
    series = series_for_me(series_id)
    access.need_role(access.me(), RoleName.ORGANISER)
    return series


def proposal_to_change(series_id: int, id: int) -> Proposal:
    """A proposal of an account that composes groups. Raises Missing, or Refused for who only looks."""
    proposal = proposal_for_me(series_id, id)
    access.need_role(access.me(), RoleName.ORGANISER)
    return proposal


@blueprint.get(ALL)
def proposals_of_series(series_id: int) -> str:
    """Every proposal of a series, and the button for a new one."""
    series = series_for_me(series_id)
    return render_template(
        "organiser/proposals.html",
        series=series,
        proposals=proposals.listed(db.session, series, world.now()),
        plan=plan_of(db.session, series),
        seconds=SECONDS,
        ready=READY,
        may_edit=may_change(),
        percent=percent,
    )


@blueprint.post(ALL)
def ask_proposal(series_id: int) -> AnyResponse:
    """Ask for a proposal; while one is being made there comes no second."""
    series = series_to_change(series_id)
    if not series.ahead(world.now()):
        flash(_("Er is geen tijd meer in de toekomst. Daar zijn geen groepen voor te maken."), "warning")
        return redirect(url_for("organiser.proposals_of_series", series_id=series.id))
    proposal = proposals.running(db.session, series) or asked(series, _seconds())
    return redirect(url_for("organiser.proposal", series_id=series.id, id=proposal.id))


def asked(series: Series, seconds: int, base: Proposal | None = None) -> Proposal:
    """A new proposal for the worker."""
    with transaction(db.session):
        proposal = ask(
            db.session,
            series,
            by=access.me(),
            now=world.now(),
            seed=randbelow(SEEDS),
            seconds=float(seconds),
            config_hash=world.settings().sha256,
            base=base,
        )
    wake(current_app._get_current_object(), proposal.id)  # type: ignore[attr-defined]
    return proposal


def _seconds() -> int:
    chosen = request.form.get("seconds", "")
    return int(chosen) if chosen in map(str, SECONDS) else SECONDS[0]


def progress_page(proposal: Proposal) -> str:
    """A proposal that is not ready yet, or never will be."""
    return render_template("organiser/proposal_progress.html", **_progress(proposal))


def _progress(proposal: Proposal) -> dict[str, object]:
    state = proposals.state_of(db.session, proposal, world.now())
    told = proposal.progress or {}
    name = words(languages.language()).name
    return {
        "series": proposal.series,
        "proposal": proposal,
        "state": state,
        "told": told,
        "phase": name("phases", told["phase"]) if told.get("phase") else "",
        "share": _share(told.get("bridging"), told.get("bridging_bound")),
        "may_edit": may_change(),
    }


def _share(value: float | None, bound: float | None) -> str:
    return percent(min(100.0, 100.0 * value / bound)) if value is not None and bound else ""


@blueprint.get(f"{ONE}/voortgang")
def progress(series_id: int, id: int) -> Response:
    """How far it is, to be put in the page every second; once it is ready the page goes there."""
    proposal = proposal_for_me(series_id, id)
    answer = make_response(render_template("organiser/proposal_state.html", **_progress(proposal)))
    if proposal.status not in (ProposalState.ASKED, ProposalState.WORKING):
        answer.headers["HX-Redirect"] = url_for("organiser.proposal", series_id=series_id, id=id)
    return answer


@blueprint.post(f"{ONE}/stop")
def stop_proposal(series_id: int, id: int) -> AnyResponse:
    """Stop, and keep the best so far."""
    stop(db.session, proposal_to_change(series_id, id))
    flash(_("We stoppen. Het beste tot nu toe blijft bewaard."), "info")
    return redirect(url_for("organiser.proposal", series_id=series_id, id=id))


@blueprint.get(f"{ALL}/vergelijk")
def compare(series_id: int) -> str | AnyResponse:
    """Two proposals side by side."""
    series = series_for_me(series_id)
    chosen = [int(id) for id in request.args.getlist("naast") if id.isascii() and id.isdigit() and len(id) < 10]
    if len(set(chosen)) != 2:
        flash(_("Kies twee voorstellen om te vergelijken."), "warning")
        return redirect(url_for("organiser.proposals_of_series", series_id=series.id))
    pair = [proposal_for_me(series_id, id) for id in sorted(chosen)]
    viewed(series)
    one, two = (
        looking.look(db.session, each, world.settings(), languages.language(), now=world.now()) for each in pair
    )
    words = [BoardWords(look, world.settings(), languages.language()) for look in (one, two)]
    return render_template(
        "organiser/proposals_compare.html",
        series=series,
        looks=(one, two),
        words=words,
        rules=_beside(one, two),
        elsewhere=[words[1].name(person) for person in proposals.elsewhere(one, two)],
    )


def _beside(one: looking.BoardView, two: looking.BoardView) -> list[tuple[str, int, int]]:
    """How often each rule is broken in both."""
    first, second = ({rule.title: rule.broken for rule in look.rules} for look in (one, two))
    return [(title, first.get(title, 0), second.get(title, 0)) for title in {**first, **second}]


def viewed(series: Series) -> None:
    """Write in the log that somebody looks at the people of a series. Comes before reading them: it commits."""
    with transaction(db.session):
        audit.note(db.session, series, "view_board", by=access.me(), now=world.now())
