"""Routes of the groups editor: the board, and every change by hand."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from web import languages, world
from web.access import me
from web.errors import Missing, Overtaken
from web.organiser.board_words import BoardWords, anchor, token
from web.organiser.routes import blueprint
from web.organiser.routes_proposals import (
    ONE,
    READY,
    SECONDS,
    asked,
    may_change,
    progress_page,
    proposal_for_me,
    proposal_to_change,
    seen_version,
    viewed,
)
from web.rows import Proposal, db
from web.services.groups.editor import edits, looking, picks, reasons
from web.services.groups.editor.edits import Editing, Place
from web.services.groups.editor.looking import BoardView, TableCard
from web.services.plans.board import Board
from web.services.plans.current import plan_of
from web.transaction import transaction

FRAGMENT = "X-Fragment"
"""Sent by editor.js, which wants the board and not the page around it."""


@blueprint.get(ONE)
def proposal(series_id: int, id: int) -> str:
    """A proposal as it stands: the board, or how far it is."""
    found = proposal_for_me(series_id, id)
    if found.status not in READY:
        return progress_page(found)
    viewed(found.series)
    return _board(found, kies=request.args.get("kies", ""), tafel=request.args.get("tafel", ""))


def look_at(proposal: Proposal, since: Board | None = None) -> BoardView:
    """What there is to see of a proposal, in the language of this page. Raises NotReady."""
    return looking.look(db.session, proposal, world.settings(), languages.language(), now=world.now(), since=since)


def _board(proposal: Proposal, *, said: str = "", wrong: str = "", since: Board | None = None, **more: object) -> str:
    """The board: the whole page, or for editor.js only what changes. `said` is what was done to the board `since`."""
    look = look_at(proposal, since)
    words = BoardWords(look, world.settings(), languages.language())
    template = "organiser/editor_board.html" if FRAGMENT in request.headers else "organiser/editor.html"
    heard = " ".join([wrong or said, *(f"{line}." for line in words.last() if since)])
    known = {"series": proposal.series, "proposal": proposal, "look": look, "words": words, "may_edit": may_change()}
    known["plan"] = plan_of(db.session, proposal.series)
    return render_template(template, **{**known, **_tools(), **more}, heard=heard, wrong=wrong)


def _tools() -> dict[str, object]:
    leaders = {"leader_choices": looking.leader_choices, "leading_elsewhere": looking.leading_elsewhere}
    why = {"shared_reasons": reasons.shared, "unexplained": reasons.unexplained}
    return {"token": token, "anchor": anchor, **leaders, **why}


@blueprint.get(f"{ONE}/kies")
def choose(series_id: int, id: int) -> str:
    """What can be done with one person or one table, to be put in the board."""
    found = proposal_to_change(series_id, id)
    viewed(found.series)
    look = look_at(found)
    words = BoardWords(look, world.settings(), languages.language())
    known = {"series": found.series, "proposal": found, "look": look, "words": words, "may_edit": True, **_tools()}
    if "tafel" in request.args:
        card = _card(look, picks.place(db.session, found, request.args["tafel"]))
        return render_template("organiser/editor_table.html", card=card, **known)
    person, place = picks.seat(db.session, found, request.args.get("kies", ""))
    if person not in look.people:
        raise Missing
    locked = place is not None and person in _card(look, place).locked
    return render_template(
        "organiser/editor_person.html", person=look.people[person], place=place, locked=locked, **known
    )


def _card(look: BoardView, place: Place | None) -> TableCard:
    for table in look.tables:
        for card in table.cards:
            if card.place == place:
                return card
    raise Missing


@blueprint.post(f"{ONE}/verplaats")
def move_person(series_id: int, id: int) -> AnyResponse | str | tuple[str, int]:
    """Somebody to another table, to one, or out of all."""
    found = proposal_to_change(series_id, id)
    person, origin = picks.seat(db.session, found, request.form.get("wie", ""))
    target = picks.place(db.session, found, request.form.get("naar", ""))
    if origin == target:
        return redirect(_address(found, anchor(person, origin)))
    return _after(
        found,
        lambda hand: edits.move(db.session, found, hand, person, origin, target),
        anchor(person, target),
        _("Verplaatst."),
    )


@blueprint.post(f"{ONE}/vast")
def lock_person(series_id: int, id: int) -> AnyResponse | str | tuple[str, int]:
    """Fix somebody to their table, or let go."""
    found = proposal_to_change(series_id, id)
    on = "vast" in request.form
    person, place = picks.seat(db.session, found, request.form.get("vast") or request.form.get("los", ""))
    if place is None:
        raise Missing
    said = _("Vastgezet. Deze persoon blijft hier als je de rest opnieuw oplost.") if on else _("Losgemaakt.")
    return _after(
        found,
        lambda hand: edits.lock(db.session, found, hand, person, place, on),
        anchor(person, place),
        said,
    )


@blueprint.post(f"{ONE}/tafel")
def change_table(series_id: int, id: int) -> AnyResponse | str | tuple[str, int]:
    """Another facilitator or language for a table."""
    found = proposal_to_change(series_id, id)
    place = picks.place(db.session, found, request.form.get("tafel", ""))
    if place is None:
        raise Missing
    if "leider" in request.form:
        leader = picks.leader(db.session, found, request.form["leider"])
        change = lambda hand: edits.lead(db.session, found, hand, place, leader)  # noqa: E731
    else:
        language = picks.language(world.settings(), request.form.get("taal", ""))
        change = lambda hand: edits.speak(db.session, found, hand, place, language)  # noqa: E731
    return _after(found, change, f"t{place[0]}-{place[1]}", _("Aangepast."))


@blueprint.post(f"{ONE}/terug")
def undo(series_id: int, id: int) -> AnyResponse | str | tuple[str, int]:
    """Take the last change back."""
    found = proposal_to_change(series_id, id)
    return _after(found, lambda hand: edits.undo(db.session, found, hand), "undo", _("Ongedaan gemaakt."))


@blueprint.post(f"{ONE}/vooruit")
def redo(series_id: int, id: int) -> AnyResponse | str | tuple[str, int]:
    """Do again what was taken back."""
    found = proposal_to_change(series_id, id)
    return _after(found, lambda hand: edits.redo(db.session, found, hand), "redo", _("Opnieuw gedaan."))


@blueprint.post(f"{ONE}/los-op")
def solve_again(series_id: int, id: int) -> AnyResponse:
    """A new proposal that keeps every lock and moves as few others as it can."""
    found = proposal_to_change(series_id, id)
    edits.current(db.session, found)
    again = asked(found.series, SECONDS[0], base=found)
    return redirect(url_for("organiser.proposal", series_id=series_id, id=again.id))


def _after(
    proposal: Proposal, change: Callable[[Editing], None], focus: str, said: str
) -> AnyResponse | str | tuple[str, int]:
    """Make a change and show the board; if somebody else was first, show theirs and change nothing."""
    was = edits.current(db.session, proposal)
    try:
        with transaction(db.session):
            change(Editing(me(), seen_version(), world.now()))
    except Overtaken as late:
        viewed(proposal.series)
        return _board(proposal, wrong=_(late.sentence), focus="overtaken"), late.status
    if FRAGMENT in request.headers:
        return _board(proposal, focus=focus, said=said, since=was)
    flash(said, "success")
    return redirect(_address(proposal, focus))


def _address(proposal: Proposal, anchor: str) -> str:
    return url_for("organiser.proposal", series_id=proposal.series_id, id=proposal.id, _anchor=anchor)
