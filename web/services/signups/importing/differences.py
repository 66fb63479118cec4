"""What a change would change, in words; of bubbles and needs only that they change (promise 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from web.services.signups import CONSENTS, Answers
from web.services.signups.importing.columns import DIMENSION, NO, YES, Column

_PLAIN = ("name", "reach", "email", "phone", "via", "sessions", "prefers", "languages", "buddy")
_CLOSED = ("needs", "note", "interests")


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one person; without `before` and `after` it is only told that it changes."""

    column: str
    before: str = ""
    after: str = ""


def differences(before: Answers, after: Answers, columns: Mapping[str, Column]) -> Iterator[Difference]:
    """What is not the same any more."""
    for key in (*_PLAIN, *_CLOSED):
        old, new = _said(before, key), _said(after, key)
        if old != new:
            shown = (_shown(old, columns[key]), _shown(new, columns[key])) if key in _PLAIN else ()
            yield Difference(columns[key].name, *shown)
    # Without consent they are not kept, whatever the file says.
    kept = after.bubbles if "bubbles" in after.consents else {}
    for dimension in sorted(before.bubbles.keys() | kept.keys()):
        if before.bubbles.get(dimension) != kept.get(dimension):
            yield Difference(columns[DIMENSION + dimension].name)
    yield from _consents(before, after, columns)


def _said(answers: Answers, key: str) -> Any:
    said = getattr(answers, key) or ""
    return sorted(map(str, said)) if isinstance(said, frozenset) else sorted(said) if isinstance(said, tuple) else said


def _shown(said: Any, column: Column) -> str:
    shown = ", ".join(map(column.shown, said)) if isinstance(said, list) else column.shown(said)
    return shown or _("leeg")


def _consents(before: Answers, after: Answers, columns: Mapping[str, Column]) -> Iterator[Difference]:
    for kind in CONSENTS:
        column = columns[f"consent_{kind}"]
        old, new = (column.shown(YES if kind in answers.consents else NO) for answers in (before, after))
        if old != new:
            yield Difference(column.name, old, new)
