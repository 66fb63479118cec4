"""The messages of the engine with the names that people know: times for sessions, words for keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from config import Settings
from matcher.messages import (
    BubbleName,
    DimensionName,
    FacilitatorId,
    LanguageCode,
    Message,
    Named,
    NeedKey,
    PersonId,
    RuleName,
    SessionId,
)
from matcher.words import Called, Words

OLDER = Message.of("reason.earlier")
"""In place of a reason from the time when proposals were stored with sentences."""


def called(
    words: Words,
    settings: Settings,
    sessions: Mapping[str, str],
    people: Mapping[str, str],
    leaders: Mapping[str, str],
) -> Called:
    """What everything is called that the engine may name: sessions and people by id, and the keys of the settings."""
    names: dict[Named, str] = {NeedKey(need.key): need.texts[words.lang] for need in settings.needs}
    names |= {LanguageCode(spoken.code): spoken.name for spoken in settings.conversation}
    for dimension in settings.dimensions:
        names[DimensionName(dimension.key)] = dimension.question[words.lang]
        names |= {BubbleName(b.key, dimension.key): b.texts[words.lang] for b in dimension.bubbles}
    names |= {SessionId(id): moment for id, moment in sessions.items()}
    names |= {PersonId(id): name for id, name in people.items()}
    names |= {FacilitatorId(id): name for id, name in leaders.items()}

    def name(named: Named) -> str:
        if isinstance(named, RuleName):
            return words.get(f"rule.{named.code}", named.code)
        return names.get(named, named.code)

    return name


def stored(messages: Sequence[Any]) -> list[Message]:
    """The messages of a proposal; sentences of an earlier version are left out."""
    return [Message.read(message) for message in messages if not isinstance(message, str)]
