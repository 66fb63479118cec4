"""Routes of publishing: who is concerned, sending it, and the plan that counts now."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug import Response as AnyResponse

from web import access, languages, world
from web.errors import Missing, Overtaken
from web.formatting import moment
from web.organiser.board_words import REACH, BoardWords, token
from web.organiser.letter_preview import preview
from web.organiser.routes import blueprint
from web.organiser.routes_editor import look_at
from web.organiser.routes_proposals import (
    ONE,
    may_change,
    proposal_for_me,
    proposal_to_change,
    seen_version,
    series_for_me,
    viewed,
)
from web.printing import GroupList, group_list, group_list_xlsx
from web.rows import Facilitator, Plan, Proposal, Series, db
from web.services import audit
from web.services.facilitators.access import FacilitatorAccess, links_for, may_renew
from web.services.facilitators.print_list import paper
from web.services.groups import publishing, replacing
from web.services.groups.editor import seating
from web.services.messages import by_hand
from web.services.plans.current import groups_of, plan_of
from web.transaction import transaction

PLAN = "/<int:series_id>/indeling"
REASON_LENGTH = 2000
DOORS = {
    "none": (later("nog geen link"), "none"),
    "revoked": (later("link ingetrokken"), "warning"),
    "shut": (later("link dicht na vijf foute pincodes"), "warning"),
    "waiting": (later("link gaat later open"), "info"),
    "open": (later("link werkt nu"), "ok"),
    "expired": (later("link verlopen"), "none"),
}
FILES = {
    "pdf": (group_list, "application/pdf"),
    "xlsx": (group_list_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@blueprint.get(f"{ONE}/publiceer")
def publish_page(series_id: int, id: int) -> str:
    """Who is concerned, before anything is sent."""
    proposal = proposal_for_me(series_id, id)
    viewed(proposal.series)
    return _page(proposal)


def _page(proposal: Proposal, wrong: str = "", reason: str = "") -> str:
    look = look_at(proposal)
    affected = publishing.affected(db.session, proposal, world.settings(), world.vault(), world.now())
    words = BoardWords(look, world.settings(), languages.language())
    reader = next((words.name(c.person) for c in (*affected.new, *affected.moved)), "")
    letters = [(REACH[key], many) for key, many in sorted(affected.letters.items())]
    return render_template(
        "organiser/editor_publish.html",
        series=proposal.series,
        proposal=proposal,
        look=look,
        words=words,
        affected=affected,
        preview=preview(proposal.series, affected, world.settings(), reader),
        letters=letters,
        called=sum(affected.letters.get(key, 0) for key in by_hand.spoken(world.settings())),
        on_paper=affected.letters.get(by_hand.LETTER, 0),
        wrong=wrong,
        reason=reason,
        may_edit=may_change(),
    )


@blueprint.post(f"{ONE}/publiceer")
def publish(series_id: int, id: int) -> AnyResponse | tuple[str, int]:
    """Make it the plan, and write the letters."""
    proposal = proposal_to_change(series_id, id)
    reason = request.form.get("reden", "")[:REASON_LENGTH]
    try:
        with transaction(db.session):
            _publish(proposal, reason)
    except (publishing.FirmBreaches, Overtaken) as refusal:
        return _page(proposal, _(refusal.sentence), reason), refusal.status
    flash(_("De groepen staan vast. De berichten gaan de deur uit."), "success")
    return redirect(url_for("organiser.plan", series_id=series_id))


def _publish(proposal: Proposal, reason: str) -> None:
    publishing.publish(
        db.session,
        proposal,
        by=access.me(),
        now=world.now(),
        version=seen_version(),
        reason=reason,
        settings=world.settings(),
        vault=world.vault(),
        standing=request.form.get("stand"),
    )


@blueprint.get(PLAN)
def plan(series_id: int) -> str:
    """The groups as they were published, to look at or to print."""
    series, found = _plan(series_id)
    viewed(series)
    return render_template(
        "organiser/editor_plan.html",
        series=series,
        plan=found,
        evenings=seating.by_evening(_tables(found)),
        instead=_instead(series),
        token=token,
        doors=_doors(series),
        words=DOORS,
        by=seating.publisher(db.session, found),
    )


def _plan(series_id: int) -> tuple[Series, Plan]:
    series = series_for_me(series_id)
    found = plan_of(db.session, series)
    if found is None:
        raise Missing
    return series, found


def _tables(plan: Plan) -> list[seating.Seated]:
    return seating.tables_of(db.session, plan, world.settings(), languages.language())


def _instead(series: Series) -> dict[int, list[Facilitator]]:
    """By session who could lead there instead; none for who only looks, and for what is over."""
    if not may_change():
        return {}
    now, settings, groups = world.now(), world.settings(), groups_of(db.session, series.id)
    rows = [row for row in series.sessions if may_renew(row, now, settings)]
    return {row.id: replacing.candidates(db.session, row, groups) for row in rows}


def _doors(series: Series) -> list[tuple[FacilitatorAccess, str, bool]]:
    """The link of each facilitator to each session, its state, and whether a new one would open anything."""
    now, settings = world.now(), world.settings()
    found = links_for(db.session, series, access.me())
    return [(door, door.state(now), may_renew(door.session, now, settings)) for door in found]


@blueprint.get(f"{PLAN}.<any(pdf, xlsx):kind>")
def plan_file(series_id: int, kind: str) -> Response:
    """Every list of the plan, on paper or as a spreadsheet."""
    series, found = _plan(series_id)
    with transaction(db.session):
        audit.note(db.session, series, "export_plan", by=access.me(), now=world.now())
    papers = [paper(table.listing, world.now()) for table in _tables(found)]
    whole = GroupList(series.title, moment(world.now()), tuple(group for one in papers for group in one.groups))
    make, mime = FILES[kind]
    headers = {"Content-Disposition": f'attachment; filename="{series.slug}.{kind}"'}
    return Response(make(whole, languages.language()), content_type=mime, headers=headers)
