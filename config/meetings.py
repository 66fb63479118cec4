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
from matcher.faults import Fault, FaultList
from matcher.formats import format_of
from matcher.messages import Key, Message
from matcher.rules.never_alone import NeverAlone
from matcher.toml.document import UNKNOWN_KEY, Document, Section
from matcher.toml.kinds import FLAG, TEXTS

_OWN = ("text", "may_override", "protected", "meal")
_WORDS = {"fix.columns": Key("config.dimensions"), "kind.column": Key("config.dimension_of_rule")}
"""A key of the matcher, for whom a dimension is a column of a table -> what it is in a configuration."""


@dataclass(frozen=True, slots=True)
class MeetingFormat:
    """One way to meet.

    `may_override`: a firm breach may be published with a written reason. `protected`: dimensions on which nobody sits
    as the only one of a bubble. `meal`: people eat together, so the sign-up asks what somebody cannot eat.
    """

    key: str
    title: Texts
    description: Texts
    format: Format
    may_override: bool
    protected: tuple[str, ...]
    meal: bool


def meeting_in(
    key: str,
    recipe: Document,
    dimensions: Sequence[Dimension],
    languages: Mapping[str, Translations],
    faults: FaultList,
) -> MeetingFormat:
    """The format in a file; what is wrong goes to `faults`."""
    whole = Section.whole(recipe, faults)
    title, description = _texts(whole.inner("text"), languages)
    format = _protecting(_format(key, recipe, dimensions, faults), _protected(whole, dimensions))
    guards = [rule for rule in format.rules if isinstance(rule, NeverAlone) and rule.firm and rule.below is None]
    return MeetingFormat(
        key=key,
        title=title,
        description=description,
        format=format,
        may_override=needed(whole, "may_override", FLAG, False),
        protected=tuple(rule.dimension for rule in guards),
        meal=whole.take("meal", FLAG, False),
    )


def _texts(table: Section, languages: Mapping[str, Translations]) -> tuple[Texts, Texts]:
    table.refuse_unknown(languages, lambda key: Message.of("fault.unknown_language", value=key))
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
    refer(whole, "protected", chosen, [d.key for d in dimensions], Message.of("config.dimensions"))
    return chosen


def _protecting(format: Format, protected: Sequence[str]) -> Format:
    """Firm by default (P19); a format that names the rule itself has its own reasons."""
    named = {rule.dimension for rule in format.rules if isinstance(rule, NeverAlone)}
    added = (NeverAlone(dimension=key, firm=True) for key in protected if key not in named)
    return replace(format, rules=(*format.rules, *added))


def _format(key: str, recipe: Document, dimensions: Sequence[Dimension], faults: FaultList) -> Format:
    plain: Mapping[str, Any] = {k: v for k, v in recipe.content.items() if k not in _OWN}
    own = FaultList()
    format = format_of(Document(recipe.file, {"name": key, **plain}, recipe.lines), [d.key for d in dimensions], own)
    for fault in own:
        faults.add(fault.file, fault.row, fault.column, fault.what, _right(fault))
    return format


def _right(fault: Fault) -> Message:
    """What would be right in a configuration: the matcher knows tables of people and not our own keys."""
    if fault.what.key == UNKNOWN_KEY and "." not in fault.column:
        return Message.of("config.and_own", fix=fault.right, own=_OWN)
    return _in_our_words(fault.right)


def _in_our_words(message: Message) -> Message:
    values = ((name, _in_our_words(value) if isinstance(value, Message) else value) for name, value in message.values)
    return replace(message, key=_WORDS.get(message.key, message.key), values=tuple(values))
