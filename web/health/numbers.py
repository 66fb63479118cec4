"""Numbers for Prometheus, about the whole installation and never about a person, a series or an organisation.

Nothing here moves because of what somebody told: no count of sign-ups, answers, consents or erasures. Letters are
counted in tens, so that one that comes or goes cannot be read off. Everything is asked of the database when Prometheus
comes by, so several processes need not add up what each of them counted; that is all that a library for it would do,
and the text format is a line for a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from web.health.checks import Health, reasons
from web.rows import AuditLine, DueLetter, Outage, db
from web.rows.messages import LetterState

STEP = 10
STATES = (LetterState.DUE, LetterState.SENDING, LetterState.FAILED, LetterState.UNSURE)
WAYS = ("email", "text", "inbox", "refused")
"""What an outage may be of. A word that is not here is counted as another."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Number:
    """One number with its name, what it says, and the one label that it may have."""

    name: str
    about: str
    value: float
    label: tuple[str, str] | None = None


def count(seen: Health, now: datetime) -> list[Number]:
    """All there are; what cannot be known now is left out."""
    found = [
        Number("ready", "1 when everything works, as /readyz says", not reasons(seen)),
        Number("database_up", "1 when the database answers", seen.database),
        Number("tables_current", "1 when the tables are of this version", seen.tables),
        Number("queue_up", "1 when the queue answers", seen.queued is not None),
    ]
    if seen.queued is not None:
        found.append(Number("queue_tasks", "tasks that wait for the worker", seen.queued))
    if seen.silent is not None:
        found.append(Number("worker_silence_seconds", "since the worker was heard of", seen.silent.total_seconds()))
    return found + (_of_letters(seen) + _of_outages() + _of_staff(now) if seen.tables else [])


def _of_letters(seen: Health) -> list[Number]:
    waiting = (seen.waiting or timedelta(0)) // timedelta(minutes=1) * 60
    known = dict(db.session.execute(select(DueLetter.state, func.count()).group_by(DueLetter.state)).all())
    about = f"letters that are not away, rounded up to tens ({STEP} is one to ten)"
    return [
        Number("oldest_letter_seconds", "how long the oldest letter is due, in whole minutes", waiting),
        *(Number("letters", about, -(-known.get(state, 0) // STEP) * STEP, ("state", state)) for state in STATES),
    ]


def _of_outages() -> list[Number]:
    down = {what if what in WAYS else OTHER for what in db.session.scalars(select(Outage.what))}
    return [Number("outage", "1 when it does not work", way in down, ("what", way)) for way in (*WAYS, OTHER)]


def _of_staff(now: datetime) -> list[Number]:
    lately = select(func.count()).where(AuditLine.what == "login failed", AuditLine.at > now - timedelta(hours=1))
    return [Number("failed_logins", "log-ins of staff that failed in the last hour", db.session.scalar(lately) or 0)]


def written(numbers: list[Number]) -> str:
    """As Prometheus reads it."""
    lines = []
    for number in numbers:
        name = f"rebubbelen_{number.name}"
        if f"# TYPE {name} gauge" not in lines:
            lines += [f"# HELP {name} {number.about}", f"# TYPE {name} gauge"]
        label = "" if number.label is None else '{{{}="{}"}}'.format(*number.label)
        lines.append(f"{name}{label} {float(number.value):g}")
    return "\n".join(lines) + "\n"
