"""Meeting formats: a recipe of the matcher with its texts, its protected dimensions and what a person may overrule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from babel.support import Translations

from config.dimensions import Dimension
from config.tables import needed, refer
from config.texts import Texts, texts_of
from matcher.domain import Format
from matcher.faults import Fault, Found, listed
from matcher.formats import format_of
from matcher.formats.kinds import FLAG, TEXTS
from matcher.formats.recipe import Recipe, Section
from matcher.rules.never_alone import NeverAlone

_OWN = ("text", "may_override", "protected")


@dataclass(frozen=True, slots=True)
class MeetingFormat:
    """One way to meet.

    `may_override`: a firm breach may be published with a written reason. `protected`: dimensions on which nobody sits
    as the only one of a bubble.
    """

    key: str
    title: Texts
    description: Texts
    format: Format
    may_override: bool
    protected: tuple[str, ...]


def meeting_in(
    key: str,
    recipe: Recipe,
    dimensions: Sequence[Dimension],
    languages: Mapping[str, Translations],
    found: Found,
) -> MeetingFormat:
    """The format in a file; what is wrong goes to `found`."""
    whole = Section.whole(recipe, found)
    title, description = _texts(whole.inner("text"), languages)
    format = _protecting(_format(key, recipe, dimensions, found), _protected(whole, dimensions))
    guards = [rule for rule in format.rules if isinstance(rule, NeverAlone) and rule.firm and rule.below is None]
    return MeetingFormat(
        key=key,
        title=title,
        description=description,
        format=format,
        may_override=needed(whole, "may_override", FLAG, False),
        protected=tuple(rule.dimension for rule in guards),
    )


def _texts(table: Section, languages: Mapping[str, Translations]) -> tuple[Texts, Texts]:
    table.refuse_unknown(languages, "language")
    inner = [(language, table.inner(language)) for language in languages]
    for _, texts in inner:
        texts.refuse_unknown(("title", "description"))
    title, description = (
        texts_of(((lang, t, key) for lang, t in inner), languages) for key in ("title", "description")
    )
    return title, description


def _protected(whole: Section, dimensions: Sequence[Dimension]) -> Sequence[str]:
    """What a format says, or else what the dimensions say; people who are alike need no such care."""
    usual = () if whole.content.get("goal") == "bonding" else [d.key for d in dimensions if d.protected]
    chosen: Sequence[str] = whole.take("protected", TEXTS, usual)
    refer(whole, "protected", chosen, [d.key for d in dimensions], "dimensions.toml")
    return chosen


def _protecting(format: Format, protected: Sequence[str]) -> Format:
    """Firm by default (P19); a format that names the rule itself has its own reasons."""
    named = {rule.dimension for rule in format.rules if isinstance(rule, NeverAlone)}
    added = (NeverAlone(dimension=key, firm=True) for key in protected if key not in named)
    return replace(format, rules=(*format.rules, *added))


def _format(key: str, recipe: Recipe, dimensions: Sequence[Dimension], found: Found) -> Format:
    plain: Mapping[str, Any] = {k: v for k, v in recipe.content.items() if k not in _OWN}
    own = Found()
    format = format_of(Recipe(recipe.file, {"name": key, **plain}, recipe.lines), [d.key for d in dimensions], own)
    for fault in map(_retold, own.faults):
        found.add(fault.file, fault.row, fault.column, fault.what, fault.right)
    return format


def _retold(fault: Fault) -> Fault:
    """A fault of the matcher in the words of a configuration: it knows tables of people and not our own keys."""
    right = fault.right.replace("columns of people.csv", "dimensions.toml").replace("column of people.csv", "dimension")
    unknown = fault.what.startswith("unknown key ") and "." not in fault.column
    return replace(fault, right=f"{right}, {listed(_OWN)}" if unknown else right)
