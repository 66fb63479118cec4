"""Who is in a series already: found by code, and by the same name that is reached in the same way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from web.crypto import Vault
from web.identity import hashes
from web.rows import Series, Signup
from web.services.signups import Answers
from web.services.signups.importing.columns import folded

CHUNK = 500

Mark = tuple[str, str]
"""Fingerprints of a name and of an address or number; for who has neither, through whom it is reached."""


class KnownSignups:
    """The sign-ups of one series; nothing of another series is ever looked at."""

    def __init__(self, session: Session, series: Series, codes: Iterable[str], vault: Vault) -> None:
        self._vault = vault
        self._marks: dict[Mark, list[str]] = defaultdict(list)
        self._rows: dict[Mark, list[int]] = defaultdict(list)
        table = (Signup.code, Signup.name_hash, Signup.email_hash, Signup.phone_hash)
        self.codes: set[str] = set()
        for code, name, *ways in session.execute(select(*table).where(Signup.series_id == series.id)):
            self.codes.add(code)
            for way in filter(None, ways):
                self._marks[name, way].append(code)
        self._remember_reached_through_others(session, series)
        self._coded = {signup.code: signup for signup in _coded(session, series, sorted(set(codes)))}

    def _remember_reached_through_others(self, session: Session, series: Series) -> None:
        table = select(Signup.code, Signup.name_hash, Signup.contact).where(Signup.series_id == series.id)
        for code, name, contact in session.execute(
            table.where(Signup.email_hash.is_(None), Signup.phone_hash.is_(None))
        ):
            self._marks[name, folded((contact or {}).get("via", ""))].append(code)

    def coded(self, code: str) -> Signup | None:
        """The sign-up with a code."""
        return self._coded.get(code)

    def likes(self, answers: Answers, row: int) -> tuple[str | int, ...]:
        """Codes of sign-ups, and earlier rows of the file, with the same name, reached in the same way."""
        marks = self._marks_of(answers)
        codes = dict.fromkeys(code for mark in marks for code in self._marks.get(mark, ()))
        rows = dict.fromkeys(earlier for mark in marks for earlier in self._rows.get(mark, ()))
        for mark in marks:
            self._rows[mark].append(row)
        return (*codes, *rows)

    def _marks_of(self, answers: Answers) -> list[Mark]:
        name = hashes.name_hash(self._vault, answers.name)
        ways = hashes.email_hash(self._vault, answers.email), hashes.phone_hash(self._vault, answers.phone)
        return [(name, way) for way in ways if way] or [(name, folded(answers.via))]


def _coded(session: Session, series: Series, codes: list[str]) -> Iterable[Signup]:
    for start in range(0, len(codes), CHUNK):
        chosen = select(Signup).where(Signup.series_id == series.id, Signup.code.in_(codes[start : start + CHUNK]))
        yield from session.scalars(chosen.options(selectinload(Signup.availability), selectinload(Signup.consents)))
