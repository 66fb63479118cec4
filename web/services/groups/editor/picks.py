"""What a hand may point at on a board: people, places, leaders and languages of its own series; the rest is missing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from config import Settings
from web import rows
from web.errors import Missing
from web.rows import Proposal
from web.services.groups.editor.edits import Place
from web.services.plans import queue
from web.services.plans.problem import sessions_of


def person(session: Session, proposal: Proposal, text: str) -> str:
    """Somebody who takes part in the series."""
    if _number(text) not in queue.candidates(session, proposal.series):
        raise Missing
    return str(_number(text))


def place(session: Session, proposal: Proposal, text: str) -> Place | None:
    """A place for a group, from `session.number`; no text is no place."""
    found = _somewhere(session, proposal, text)
    if found and found[1] > session.get_one(rows.TimeSlot, int(found[0])).groups:
        raise Missing
    return found


def seat(session: Session, proposal: Proposal, text: str) -> tuple[str, Place | None]:
    """Somebody where they sit, from `person:session.number`; without a place for who has none.

    The group may be one for which there is no place any more: people have to get out of it.
    """
    who, _, where = text.partition(":")
    return person(session, proposal, who), _somewhere(session, proposal, where)


def _somewhere(session: Session, proposal: Proposal, text: str) -> Place | None:
    if not text:
        return None
    gathering, _, number = text.partition(".")
    row = session.get(rows.TimeSlot, _number(gathering))
    if row is None or row.round.series_id != proposal.series_id or not _number(number):
        raise Missing
    return str(row.id), int(number)


def leader(session: Session, proposal: Proposal, text: str) -> str:
    """A facilitator of the series, or nobody."""
    able = {str(f.id) for row in sessions_of(session, proposal.series) for f in row.facilitators}
    if text and text not in able:
        raise Missing
    return text


def language(settings: Settings, code: str) -> str:
    """A language of the settings, or none."""
    if code and code not in {spoken.code for spoken in settings.conversation}:
        raise Missing
    return code


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Missing
    return int(text)
