"""What changes for somebody, and what letters that did not go out yet would have told: later ones tell it instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from web.rows import DueLetter, Invitation
from web.rows.invitations import Partstat
from web.rows.messages import LetterState

Facts = dict[str, Any]


def keyed(gathering_id: int, facts: Facts) -> Facts:
    """What was told of a date, with which date that is."""
    return {**facts, "gathering": gathering_id}


def overtake(letters: Iterable[DueLetter]) -> None:
    """These are not sent any more."""
    for letter in letters:
        letter.state, letter.content = LetterState.OVERTAKEN, None


class Untold:
    """By date what somebody did not hear yet: `fresh` are dates they never heard of, `was` how they know others."""

    def __init__(self, letters: Iterable[DueLetter]) -> None:
        self.fresh: set[int] = set()
        self.was: dict[int, Facts] = {}
        self.reasons: set[str] = set()
        self.take(letters)

    def take(self, letters: Iterable[DueLetter]) -> None:
        """What these letters would have told."""
        for content in (letter.content or {} for letter in letters):
            self.fresh |= set(content.get("fresh", ()))
            for facts in (*content.get("before", ()), *content.get("gone", ())):
                self.was.setdefault(facts["gathering"], facts)
            self.reasons |= {content["reason"]} if "reason" in content else set()

    def answered(self, *invitations: Invitation) -> None:
        """Who said that they come, or may come, knows of the date, whatever still lies here: from the own page, say."""
        coming = {one.gathering_id for one in invitations if one.partstat in (Partstat.ACCEPTED, Partstat.TENTATIVE)}
        self.fresh -= coming

    def add(self, gathering_id: int, before: Facts, *, heard: bool = True) -> None:
        """A date is no longer as it was; who never heard of it, or said no, need not know."""
        if heard and gathering_id not in self.fresh:
            self.was.setdefault(gathering_id, keyed(gathering_id, before))

    def settled(self, wished: Mapping[int, Facts]) -> list[Facts]:
        """What they know and is not so; a date that is again as they know it is nothing to tell."""
        self.fresh &= wished.keys()
        return [facts for id, facts in self.was.items() if id not in wished or facts != keyed(id, wished[id])]

    def over(self, gathering_id: int, wished: Mapping[int, Facts]) -> list[Facts]:
        """What a letter about one date says to be no longer so: how that was, and dates that are gone."""
        return [
            one for one in self.settled(wished) if one["gathering"] == gathering_id or one["gathering"] not in wished
        ]

    def reason(self, now: str, else_: str) -> str:
        """Why dates are gone; each letter says one reason, and the one that fits all of them."""
        return "called_off" if self.reasons | {now} == {"called_off"} else else_


@dataclass(slots=True)
class InvitationDifference:
    """What changes for one person: dates that are new, told otherwise (with what was told before), or gone.

    `reached` are dates that somebody knows, but not yet by this mailbox; `untold` is what letters would have told that
    are taken back for it.
    """

    untold: Untold
    new: list[Invitation] = field(default_factory=list)
    reached: list[Invitation] = field(default_factory=list)
    changed: list[tuple[Invitation, Facts]] = field(default_factory=list)
    gone: list[Invitation] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.reached or self.changed or self.gone)
