"""What a change would change, in words; of bubbles and needs only that they change (promise 10).

Where staff may not see what somebody told, every such cell of the file counts as a change, whatever was there before:
a preview that says nothing of a cell would say that it holds the right answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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
_PRIVATE = frozenset(asked.key for asked in FIELDS if asked.private)


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one person; without `before` and `after` it is only told that it changes."""

    column: str
    before: str = ""
    after: str = ""


def differences(
    before: Answers, after: Answers, columns: Mapping[str, Column], *, blind: Collection[str] | None = None
) -> Iterator[Difference]:
    """What is not the same any more; `blind` are the private columns that the file fills, where staff sees none."""
    # Without consent they are not kept, whatever the file says.
    after = after.kept()
    for asked in _COMPARED:
        if blind is not None and asked.private:
            continue
        old, new = _said(before, asked), _said(after, asked)
        if old != new:
            column = columns[asked.key]
            yield Difference(column.name, *(() if asked.closed else (_shown(old, column), _shown(new, column))))
    if blind is not None:
        yield from (Difference(columns[key].name) for key in columns if key in blind)
    else:
        for dimension in sorted(before.bubbles.keys() | after.bubbles.keys()):
            if before.bubbles.get(dimension) != after.bubbles.get(dimension):
                yield Difference(columns[DIMENSION + dimension].name)
    yield from _consents(before, after, columns, blind)


def is_private(key: str) -> bool:
    """Whether a column holds what staff sees only where the project lets them see bubbles."""
    return key.startswith(DIMENSION) or key in _PRIVATE


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


def _consents(
    before: Answers, after: Answers, columns: Mapping[str, Column], blind: Collection[str] | None
) -> Iterator[Difference]:
    for kind in (kind for kind in CONSENTS if CONSENT + kind in columns):
        column = columns[CONSENT + kind]
        if blind is not None and is_private(column.key):
            continue
        old, new = (column.shown(YES if kind in answers.consents else NO) for answers in (before, after))
        if old != new:
            yield Difference(column.name, old, new)
