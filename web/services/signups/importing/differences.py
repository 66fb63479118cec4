"""What a change would change, in words; of bubbles and needs only that they change (promise 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from web.services.signups import CONSENT, CONSENTS, Answers
from web.services.signups.importing.columns import DIMENSION, NO, YES, Column
from web.signup_fields import FIELDS, Heading, Kind, SignupField

_COMPARED = sorted(
    (asked for asked in FIELDS if isinstance(asked.heading, Heading) and asked.kind is not Kind.CONSENT),
    key=lambda asked: asked.closed,
)
"""What is shown as it changes comes first."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one person; without `before` and `after` it is only told that it changes."""

    column: str
    before: str = ""
    after: str = ""


def differences(before: Answers, after: Answers, columns: Mapping[str, Column]) -> Iterator[Difference]:
    """What is not the same any more."""
    # Without consent they are not kept, whatever the file says.
    after = after.kept()
    for asked in _COMPARED:
        old, new = _said(before, asked), _said(after, asked)
        if old != new:
            column = columns[asked.key]
            yield Difference(column.name, *(() if asked.closed else (_shown(old, column), _shown(new, column))))
    for dimension in sorted(before.bubbles.keys() | after.bubbles.keys()):
        if before.bubbles.get(dimension) != after.bubbles.get(dimension):
            yield Difference(columns[DIMENSION + dimension].name)
    yield from _consents(before, after, columns)


def _said(answers: Answers, asked: SignupField) -> str | list[str]:
    """What a cell would say, with the order of several left out."""
    said = answers.get(asked.key)
    if asked.kind in (Kind.CHOICES, Kind.TIMES):
        return sorted(map(str, said))
    if asked.kind is Kind.YES_NO:
        return YES if said else NO
    return "" if said is None else str(said)


def _shown(said: str | list[str], column: Column) -> str:
    shown = ", ".join(map(column.shown, said)) if isinstance(said, list) else column.shown(said)
    return shown or _("leeg")


def _consents(before: Answers, after: Answers, columns: Mapping[str, Column]) -> Iterator[Difference]:
    for kind in CONSENTS:
        column = columns[CONSENT + kind]
        old, new = (column.shown(YES if kind in answers.consents else NO) for answers in (before, after))
        if old != new:
            yield Difference(column.name, old, new)
