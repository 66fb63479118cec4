"""The people without a place, by reason, and what would help them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from matcher.claims import reasons_of
from matcher.domain import Problem
from matcher.messages import Message
from matcher.outcome import Reason, Result
from matcher.report.rulebook import rule_title
from matcher.words import Words


@dataclass(frozen=True, slots=True)
class Why:
    """One reason with the people it holds for."""

    why: str
    help: str
    people: list[str]


@dataclass(frozen=True, slots=True)
class ReasonsOfRule:
    """The reasons that come from one rule, the commonest first."""

    title: str
    count: int
    reasons: list[Why]


def reasons(problem: Problem, result: Result) -> list[Reason]:
    """One reason for everybody without a seat, also for those the engine gave none."""
    found = reasons_of(result)
    explained = found.keys() | result.plan.placed()
    unknown = Message.of("waiting.unknown"), Message.of("waiting.unknown_help")
    return [*found.values(), *(Reason(p.id, *unknown) for p in problem.people if p.id not in explained)]


def causes(words: Words, found: list[Reason]) -> list[ReasonsOfRule]:
    """Reasons by rule, then by what they say; the commonest first."""
    by_rule: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for reason in found:
        by_rule[reason.rule][words.say(reason.why), words.say(reason.help)].append(reason.person)
    count = Counter(reason.rule for reason in found)
    return [_cause(words, rule, n, by_rule[rule]) for rule, n in count.most_common()]


def _cause(words: Words, rule: str, count: int, said: dict[tuple[str, str], list[str]]) -> ReasonsOfRule:
    ordered = sorted(said.items(), key=lambda item: -len(item[1]))
    title = rule_title(words, rule) if rule else words("waiting.other")
    whys = [Why(why, help, people) for (why, help), people in ordered]
    return ReasonsOfRule(title, count, whys)
