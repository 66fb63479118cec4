"""A sign-up as rows: all that takes time is done before anybody has to wait, and then they are written in one go.

Sealing, hashing and asking need no lock. Whoever writes holds the series, and on SQLite everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Table, Text, bindparam, insert
from sqlalchemy.orm import Session

from web.crypto import Vault, hashed
from web.letters.joining import LATE, confirmation
from web.rows import Series, Signup
from web.rows.base import Base, Sealed
from web.rows.messages import LetterState
from web.services.outbox import allowance
from web.services.signups.answers import Answers, fill

_SEALED = "sealed_"
_SAID = ("kind", "given", "version", "at", "channel")
OVER_THE_LIMIT = {"state": LetterState.OVERTAKEN, f"{_SEALED}content": None}
"""A confirmation that will not go out: what it says stands on the own page as well."""
_LATER = frozenset({"id", "number", "code", "state"})
"""What is known when the row is written."""


@dataclass(frozen=True, slots=True)
class PreparedSignup:
    """One person as rows, with all that is sealed sealed; `late` is whether there were groups by then."""

    columns: Mapping[str, Any]
    times: tuple[tuple[int, bool], ...]
    consents: tuple[Mapping[str, Any], ...]
    channel: str
    reached_at: str
    secret: str
    letter: str
    late: bool

    @property
    def given(self) -> list[Mapping[str, Any]]:
        """The consents that they gave; who never gave one did not withdraw it."""
        return [said for said in self.consents if said["given"]]


def prepare(
    session: Session,
    series: Series,
    answers: Answers,
    *,
    channel: str,
    now: datetime,
    once: str,
    vault: Vault,
    left_out: Callable[[Signup], int],
    late: bool = False,
    key_contact_id: int | None = None,
) -> PreparedSignup:
    """One person; nothing is written. `left_out` says in how many earlier series they got no place (P29)."""
    secret = secret_of(vault, once)
    signup = Signup(
        organisation_id=series.organisation_id,
        project_id=series.project_id,
        series_id=series.id,
        once=hashed(once),
        secret_hash=hashed(secret),
        created_at=now,
        channel=channel,
        key_contact_id=key_contact_id,
    )
    fill(session, signup, answers, now=now, channel=channel, vault=vault)
    signup.priority = left_out(signup)
    return PreparedSignup(
        _columns(signup, vault),
        tuple((row.session_id, bool(row.prefers)) for row in signup.availability),
        tuple({key: getattr(row, key) for key in _SAID} for row in signup.consents),
        signup.reached_by,
        allowance.reached_at(signup, signup.reached_by),
        secret,
        _content(vault, secret, late),
        late,
    )


def secret_of(vault: Vault, once: str) -> str:
    """From what only this form knows, so that a double submit shows the same link."""
    return vault.fingerprint("secret", once)[:32]


def letter(id: int, person: PreparedSignup, *, late: bool, now: datetime, vault: Vault) -> dict[str, Any]:
    """The row of the confirmation of sign-up `id`; `late` is whether there are groups now."""
    return {
        **{key: person.columns[key] for key in ("organisation_id", "project_id", "series_id")},
        "signup_id": id,
        "channel": person.channel,
        "kind": confirmation.name,
        "key": f"confirmation:{id}",
        f"{_SEALED}content": person.letter if person.late == late else _content(vault, person.secret, late),
        "due_at": now,
    }


def insert_rows(session: Session, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Rows of which what has to be sealed is sealed already."""
    if rows:
        session.execute(_inserting(kind, _sealed_in(rows[0])), rows)


def insert_row(session: Session, kind: type[Base], row: dict[str, Any]) -> int:
    """One such row; its id."""
    return int(session.execute(_inserting(kind, _sealed_in(row)).returning(kind.__table__.c.id), row).scalar_one())


def _sealed_in(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in row if name.startswith(_SEALED))


@cache
def _inserting(kind: type[Base], sealed: tuple[str, ...]) -> Insert:
    taken = {name.removeprefix(_SEALED): bindparam(name, type_=Text()) for name in sealed}
    return insert(cast("Table", kind.__table__)).values(taken)


def _content(vault: Vault, secret: str, late: bool) -> str:
    return vault.seal({"secret": secret, "reason": LATE} if late else {"secret": secret})


def _columns(signup: Signup, vault: Vault) -> dict[str, Any]:
    """What stands in the row, by column; a column of which nothing is said has its default."""
    found: dict[str, Any] = {}
    for column in Signup.__table__.columns:
        value = getattr(signup, column.key)
        if column.key in _LATER or (value is None and column.default is not None):
            continue
        if isinstance(column.type, Sealed):
            found[_SEALED + column.key] = None if value is None else vault.seal(value)
        else:
            found[column.key] = value
    return found
