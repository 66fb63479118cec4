"""Routes of the letters of a series: what went out, what did not, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from web import access, world
from web.errors import Missing, Overtaken
from web.organiser import message_words
from web.organiser.routes import blueprint, series_for_me
from web.rows import DueLetter, Gathering, Invitation, Series, db
from web.services.messages import queue
from web.services.messages.queue import QueueLine
from web.services.signups import desk
from web.transaction import transaction

LAST = 10_000
"""Pages; a larger number is a typing error."""


@blueprint.get("/<int:series_id>/berichten")
def messages(series_id: int) -> str:
    """The letters of a series, where they stand, and what does not work."""
    series, settings = series_for_me(series_id), world.settings()
    desk.look_at(db.session, series, "read messages", by=access.me(), now=world.now())
    only, page = request.args.get("only", ""), _page()
    counts, lines = queue.counts(db.session, series, settings), queue.lines(db.session, series, settings, only, page)
    dates = _dates(lines)
    return render_template(
        "organiser/messages.html",
        series=series,
        counts=counts,
        lines=lines,
        about=lambda line: message_words.about(line.letter, dates.get(line.letter.invitation_id), line.beside),
        only=only if only in counts else "",
        page=page,
        pages=-(-(counts.get(only) or sum(counts.values())) // queue.PAGE),
        held=queue.held(db.session, access.owned(DueLetter, access.me()), settings),
        words=message_words,
        now=world.now(),
    )


def _dates(lines: Sequence[QueueLine]) -> dict[int | None, datetime]:
    """By invitation when it is for, in one question for the whole page."""
    wanted = {id for line in lines if (id := line.letter.invitation_id) is not None}
    found = select(Invitation.id, Gathering.starts).join(Gathering, Gathering.id == Invitation.gathering_id)
    return dict(db.session.execute(found.where(Invitation.id.in_(wanted))).all())


def _page() -> int:
    typed = request.args.get("pagina", "1")
    return min(max(int(typed), 1), LAST) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1


def _letter(series_id: int, letter_id: int) -> tuple[Series, DueLetter]:
    letter = access.get(db.session, DueLetter, letter_id, for_=access.me())
    if letter.series_id != series_id:
        raise Missing
    return series_for_me(series_id), letter


@blueprint.post("/<int:series_id>/berichten/<int:letter_id>/opnieuw")
def send_again(series_id: int, letter_id: int) -> Response:
    """Send a letter once more."""
    return _change(series_id, letter_id, queue.again, _("Het bericht gaat zo opnieuw weg."))


@blueprint.post("/<int:series_id>/berichten/<int:letter_id>/aangekomen")
def arrived(series_id: int, letter_id: int) -> Response:
    """Nobody could know whether a letter arrived; somebody asked."""
    return _change(series_id, letter_id, queue.arrived, _("Genoteerd: dit bericht is aangekomen."))


@blueprint.post("/<int:series_id>/berichten/<int:letter_id>/bellijst")
def put_on_call_list(series_id: int, letter_id: int) -> Response:
    """Let a person bring a letter over."""
    return _change(series_id, letter_id, queue.to_call_list, _("Het bericht staat nu op de bellijst."))


def _change(series_id: int, letter_id: int, act: Callable[..., None], done: str) -> Response:
    """Do something with a letter, if it still stands where it was seen; then back to the same list."""
    series, letter = _letter(series_id, letter_id)
    try:
        with transaction(db.session):
            act(db.session, letter, by=access.me(), now=world.now())
    except Overtaken as late:
        flash(_(late.sentence), "warning")
    else:
        flash(done, "ok")
    return redirect(url_for(".messages", series_id=series.id, only=request.form.get("only") or None))
