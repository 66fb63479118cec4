"""How dates, times and names of config read on a page: filters for the templates, functions for everybody else."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import format_date, format_time
from flask_babel import gettext as _

from config import Texts
from web.languages import language
from web.rows import Session
from web.world import local


def install(app: Flask) -> None:
    """Give the templates their filters."""
    filters = {"day": day, "short_day": short_day, "clock": clock, "when": when, "moment": moment, "words": words}
    app.jinja_env.filters.update(filters)


def day(moment: datetime) -> str:
    """dinsdag 12 januari"""
    return format_date(local(moment), "EEEE d MMMM", rebase=False)


def short_day(moment: datetime) -> str:
    """di 12 jan"""
    return format_date(local(moment), "EEE d MMM", rebase=False)


def clock(moment: datetime) -> str:
    """18.00, as the Netherlands write it; 18:00 in English."""
    return format_time(local(moment), "HH.mm" if language() == "nl" else "HH:mm", rebase=False)


def moment(at: datetime) -> str:
    """di 12 jan, 18.00"""
    return f"{short_day(at)}, {clock(at)}"


def when(session: Session) -> str:
    """dinsdag 12 januari, 18.00 – 20.30 uur; of several gatherings every date."""
    days = [day(gathering.starts) for gathering in session.gatherings]
    first = session.gatherings[0]
    listed = days[0] if len(days) == 1 else _("%(days)s en %(last)s", days=", ".join(days[:-1]), last=days[-1])
    return _("%(days)s, %(start)s – %(end)s uur", days=listed, start=clock(first.starts), end=clock(first.ends))


def words(texts: Texts) -> str:
    """The text of config in the language of this page."""
    return texts[language()]
