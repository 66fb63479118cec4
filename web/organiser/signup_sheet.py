"""Who signed up and what they answered, as a sheet: what their pages say, and nothing of bubbles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import get_template_attribute
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from config import Settings
from web.formatting import moment
from web.organiser.message_words import WAYS
from web.printing import PlainSheet
from web.rows import Gathering, Invitation, Series, Signup
from web.rows.invitations import InvitationState, Partstat
from web.services import waiting
from web.signup_fields import facts_in


def signup_sheet(session: Session, series: Series, settings: Settings, now: datetime) -> PlainSheet:
    """A row for everybody, in order of arrival; a column for every date that somebody was invited to."""
    people = session.scalars(
        select(Signup)
        .where(Signup.series_id == series.id)
        .options(selectinload(Signup.availability))
        .order_by(Signup.number)
    ).all()
    stands, said = waiting.standings(session, series, people), _said(session, series)
    asked = facts_in(series, settings)
    dates = sorted({date for dates in said.values() for date in dates})
    in_words = get_template_attribute("standing.html", "words")
    rows = [
        [
            one.code,
            one.name,
            " ".join(str(in_words(stands[one.id])).split()),
            str(WAYS.get(one.reach, one.reach)),
            *((one.contact or {}).get(key, "") for key in ("email", "phone", "phone_note", "via")),
            "; ".join(moment(a.session.starts) for a in sorted(one.availability, key=lambda a: a.session.starts)),
            *(field.shown_in(one, settings) for field, _fact in asked),
            *(_answer(said.get(one.id, {}), date) for date in dates),
            moment(one.created_at),
        ]
        for one in people
    ]
    columns = [
        *(_("Code"), _("Voornaam"), _("Stand"), _("Bereikbaar")),
        *(_("E-mail"), _("Telefoon"), _("Opmerking bij het nummer"), _("Via wie"), _("Kan op")),
        *(str(fact.label) for _field, fact in asked),
        *(_("Komt op %(date)s", date=moment(date)) for date in dates),
        _("Aangemeld"),
    ]
    return PlainSheet(series.title, columns, rows)


def _said(session: Session, series: Series) -> dict[int, dict[datetime, str]]:
    """By sign-up and date what somebody answered."""
    stands = Invitation.series_id == series.id, Invitation.state == InvitationState.ON
    found: dict[int, dict[datetime, str]] = {}
    asked = select(Invitation.signup_id, Gathering.starts, Invitation.partstat).join(Gathering).where(*stands)
    for who, date, answer in session.execute(asked):
        found.setdefault(who, {})[date] = answer
    return found


def _answer(said: Mapping[datetime, str], date: datetime) -> str:
    """In words; empty for who was not invited then."""
    words: dict[str, str] = {
        Partstat.ACCEPTED: _("ja"),
        Partstat.DECLINED: _("nee"),
        Partstat.TENTATIVE: _("misschien"),
    }
    if date not in said:
        return ""
    return words.get(said[date]) or str(_("nog geen antwoord"))
