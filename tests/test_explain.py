"""Why somebody has no seat and what would help: every reason in its case, and nobody forgotten."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from string import Formatter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import matcher
from matcher.domain import Facilitator, Lock, Problem, Session
from matcher.explain import Explanation
from matcher.messages import BubbleName, PersonId
from matcher.rules import KNOWN
from matcher.rules.mode import Mode
from matcher.terms import Rule
from matcher.words import words
from tests.builders import problem
from tests.catalogues import keys
from tests.explaining import AGE, AGES, LED, THREE, TWO, explained, firm
from tests.strategies import plans, problems

pytestmark = pytest.mark.slow

SETTINGS = settings(
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
DUTCH, ENGLISH = words("nl"), words("en")
LOT = "; the lot decided, so this person goes first next time."
ONE = [Session("s", 1)]
NL = frozenset({"nl"})


# One tiny problem per reason; what is said is about ann

Case = tuple[str, Iterable[Rule], dict[str, object], str, str, str, str]
CASES: dict[str, Case] = {}


def case(
    name: str,
    rule: str,
    why: str,
    help: str,
    table: str,
    *rules: Rule,
    plan: str = "s.1: bo cy",
    **more: object,
) -> None:
    CASES[name] = (table, rules, more, plan, rule, why, help)


def alone(cell: str, column: str) -> str:
    """Ann with something, bo and cy without."""
    return f"id | {column}\nann | {cell}\nbo |\ncy |"


FOUR = "id\nann\nbo\ncy\ndan"

# fmt: off
case("no meeting", "max_meetings", "Asked for no meeting.", "Ask this person how often would suit.",
     alone("0", "max_meetings"))
case("no session", "availability", "Can come to none of the sessions.",
     "A session at a time that suits this person.", alone("never", "sessions"))
case("access", "access", "No session at a possible time offers what is needed: lift.",
     "A session at a possible time with: lift.", alone("lift", "needs"))
case("mode", "mode", "No session at a possible time is held as needed: online.",
     "A session at a possible time with: online.", alone("online", "needs"))
case("another rule", "preferred_session", "A firm rule keeps this person out of every possible session.",
     "preferred_session as a wish instead of firm.", alone("never", "prefers"), firm("preferred_session"))
case("a lock", "locked", "A decision by hand keeps this person out of every possible session.",
     "Taking back what was locked by hand.", alone("s", "sessions"), locks=[Lock("ann", "t")], sessions=TWO)
case("a fixed group", "locked", "A decision by hand keeps this person out of every possible session.",
     "Taking back what was locked by hand.", THREE, sessions=ONE,
     locks=[Lock("bo", "s", 1), Lock("cy", "s", 1), Lock(None, "s", 1)])
case("the language of sessions", "shared_language",
     "No session at a possible time is in a language of theirs: ar.", "An interpreter for ar.",
     alone("ar", "languages"), sessions=[Session("s", 1, languages=NL)])
case("no companion of the language", "shared_language",
     "A group needs at least 2 people, and at most 1 of the same language could be in one.",
     "Groups of at least 1 instead of 2.", alone("ar", "languages"), size=(2, 3, 4))
case("no facilitator", "facilitator", "Every group needs a facilitator, and there is none.",
     "One more facilitator in s who speaks nl.", THREE, plan="", **LED)
case("a facilitator who has not learnt it", "facilitator", "No facilitator has what is asked: dialogue.",
     "One more facilitator in s who speaks nl.", THREE, plan="", facilitators=[Facilitator("eva")],
     skills=frozenset({"dialogue"}), **LED)
case("a facilitator at another time", "facilitator", "No facilitator can come at a possible time.",
     "One more facilitator in t who speaks nl.", "id | sessions\nann | t\nbo | s\ncy | s", sessions=TWO,
     facilitators=[Facilitator("eva", frozenset("s"))], plan="s.1 nl eva: bo cy", **LED)
case("a facilitator of another language", "facilitator",
     "No facilitator at a possible time speaks a language of theirs: ar.",
     "One more facilitator in s who speaks ar.", alone("ar", "languages"), plan="s.1 nl eva: bo cy",
     facilitators=[Facilitator("eva")], **LED)
case("too many buddies", "buddies", "3 buddies want to sit together, and a group has at most 2.",
     "buddies as a wish instead of firm.", "id | buddies\nann | bo cy\nbo |\ncy |", plan="", size=(1, 2, 2))
case("buddies at another time", "buddies", "No session suits this person and all buddies.",
     "buddies as a wish instead of firm.", "id | sessions | buddies\nann | s | bo\nbo | t |\ncy | |",
     plan="s.1: cy",
     sessions=TWO)
case("buddies of another language", "buddies",
     "No language is spoken by this person and all buddies, and in a possible session.",
     "buddies as a wish instead of firm.", "id | languages | buddies\nann | ar | bo\nbo | |\ncy | |",
     plan="s.1: cy")
case("a buddy who needs a lift", "buddies", "A buddy cannot be placed.", "buddies as a wish instead of firm.",
     "id | needs | buddies\nann | | bo\nbo | lift |\ncy | |", plan="s.1: cy")
case("buddies who avoid each other", "apart",
     "Among this person and the buddies are people who may not sit together.",
     "buddies as a wish instead of firm.", "id | apart | buddies\nann | cy | bo\nbo | | cy\ncy | |\ndan | |",
     plan="s.1: dan")
case("buddies of one household", "same_household_apart",
     "A firm rule forbids that this person and the buddies sit together.",
     "same_household_apart as a wish instead of firm.",
     "id | household | buddies\nann | one | bo\nbo | one |\ncy | |", firm("same_household_apart"),
     plan="s.1: cy")
case("a room that is too small", "seats", "A group at a possible time has room for 2, and needs at least 3.",
     "One more group in s.", THREE, plan="", sessions=[Session("s", 1, seats=2)], size=(3, 4, 5))
case("an online group that is too small", "size",
     "A group at a possible time has room for 2, and needs at least 3.", "Groups of at least 2 instead of 3.",
     THREE, firm("mode", online_max=2), plan="", sessions=[Session("s", 1, mode="online")], size=(3, 4, 5))
case("too few people", "size",
     "A group needs at least 4 people, and at most 3 could be in one at a possible time.",
     "Groups of at least 3 instead of 4.", THREE, plan="", size=(4, 5, 6))
case("far too few people", "size",
     "A group needs at least 5 people, and at most 3 could be in one at a possible time.",
     "More people in s: 2.", THREE, plan="", size=(5, 6, 7))
case("a bubble of one", "never_alone: age",
     "Nobody who could be in the same group shares a bubble of this person on age.",
     "never_alone: age as a wish instead of firm.", AGES.format("young", "young"), firm("never_alone", **AGE))
case("too much of one bubble", "share_cap: age",
     "Too many of those who could be in the same group share a bubble on age.",
     "share_cap: age as a wish instead of firm.", AGES.format("old", "old"), firm("share_cap", share=0.5,
     **AGE),
     plan="", size=(2, 3, 4))
case("too little difference", "at_least_different: age",
     "Those who could be in the same group differ too little on age.",
     "at_least_different: age as a wish instead of firm.", AGES.format("old", "old"),
     firm("at_least_different", **AGE), plan="", size=(2, 3, 4))
case("another population", "population_mirror: age",
     "Those who could be in the same group are not as the population is on age.",
     "population_mirror: age as a wish instead of firm.", AGES.format("old", "old"),
     firm("population_mirror", **AGE), plan="", size=(2, 2, 2), population={"age": {"old": 1, "young": 3}})
case("everybody outspoken", "outspoken_cap", "A firm rule allows no group with those who could come.",
     "outspoken_cap as a wish instead of firm.", "id | outspoken\nann | yes\nbo | yes\ncy | yes",
     firm("outspoken_cap"), plan="", size=(2, 2, 2))
case("full, by lot", "seats", f"All groups at possible times are full (could come: 3, seats: 2){LOT}",
     "One more group in s.", THREE, sessions=ONE, size=(1, 2, 2))
case("full online, by lot", "seats",
     f"All online groups are full: online a group holds at most 2 people (could come: 3, seats: 2){LOT}",
     "One more group in s.", "id\nann\nbo\ncy", Mode(firm=True, online_max=2), size=(2, 2, 4),
     sessions=[Session("s", 1, mode="online")])
case("full, by priority", "seats",
     "All groups at possible times are full (could come: 3, seats: 2); people with priority went first.",
     "One more group in s.", "id | priority\nann |\nbo | 1\ncy | 1", sessions=ONE, size=(1, 2, 2))
case("full for two", "seats", "No group at a possible time has 2 seats free for this person and the buddies.",
     "More time to search.", "id | buddies\nann | bo\nbo |\ncy |\ndan |", plan="s.1: cy dan", sessions=ONE,
     size=(1, 2, 3))
case("too few chairs", "seats", f"All seats at possible times are taken (could come: 4, seats: 3){LOT}",
     "One more group in s.", FOUR, plan="s.1: bo cy dan", sessions=[Session("s", 2, seats=3)], size=(1, 2, 3))
case("too few facilitators", "facilitator",
     f"Too few facilitators at possible times (could come: 4, seats: 3){LOT}",
     "One more facilitator in s who speaks nl.", FOUR, plan="s.1 nl eva: bo cy dan", size=(1, 2, 3),
     facilitators=[Facilitator("eva")], **LED)
case("a project that has just begun", "orientation",
     f"All groups at possible times are full (could come: 4, seats: 3){LOT}", "Ending the orientation.", FOUR,
     firm("orientation", groups=1, people=3), plan="s.1: bo cy dan", size=(1, 2, 3))
case("too few left over", "size", "One more group needs at least 3 people, and 1 without a seat could come.",
     "Groups of at least 2 instead of 3.", FOUR, plan="s.1: bo cy dan", size=(3, 3, 3))
case("a search that stopped", "",
     "The search found no new group of those without a seat that keeps all firm rules.",
     "More time to search.",
     THREE, plan="")
case("a free seat", "", "A seat in s is free, and no firm rule stands in the way: the search did not use it.",
     "More time to search.", THREE, sessions=ONE, size=(2, 3, 4))

FREE = "in 1 of 1 groups with a free seat"
JOIN = {"sessions": ONE, "size": (2, 3, 3)}
case("would be alone", "never_alone: age", f"Would be the only one of a bubble on age {FREE}.",
     "One more group in s.", "id | age\nann | old\nbo | young\ncy | young\neve | old",
     firm("never_alone", **AGE), **JOIN)
case("would make a bubble too big", "share_cap: age", f"Would make a bubble on age too big {FREE}{LOT}",
     "One more group in s.", "id | age\nann | old\nbo | old\ncy | young\neve | young",
     firm("share_cap", share=0.5, **AGE), **JOIN)
case("would spoil the mirror", "population_mirror: age",
     f"Would make age unlike the population {FREE}{LOT}", "One more group in s.",
     "id | age\nann | old\nbo | old\ncy | young\neve | young", firm("population_mirror", **AGE),
     population={"age": {"old": 1, "young": 3}}, **JOIN)
case("would be outspoken", "outspoken_cap", f"Would be one outspoken person too many {FREE}{LOT}",
     "outspoken_cap as a wish instead of firm.", "id | outspoken\nann | yes\nbo | yes\ncy |",
     firm("outspoken_cap"),
     **JOIN)
for column, name, who in (
    ("household", "same_household_apart", "household"),
    ("recruited_by", "same_recruiter_apart", "key contact"),
    ("organisation", "one_per_organisation", "organisation"),
):
    case(name, name, f"Would join somebody of the same {who} {FREE}{LOT}",
     f"{name} as a wish instead of firm.",
         f"id | {column}\nann | one\nbo | one\ncy |", firm(name), **JOIN)
case("would join somebody to avoid", "apart", f"Would join somebody to be kept apart {FREE}{LOT}",
     "Ask this person for more possible times.", alone("bo", "apart"), **JOIN)
case("would meet again", "met_before", f"Would join somebody met before {FREE}{LOT}",
     "met_before as a wish instead of firm.", THREE, firm("met_before"), met={("ann", "bo"): 1}, **JOIN)
case("shares no language", "shared_language", f"Shares no language with everybody {FREE}.",
     "One more group in s.",
     "id | languages\nann | ar\nbo |\ncy |\ndan | nl ar", plan="s.1: bo cy dan", sessions=ONE, size=(2, 3, 4))
case("another firm rule", "at_least_different: age",
     "Those who could be in the same group differ too little on age.",
     "at_least_different: age as a wish instead of firm.", AGES.format("old", "old"),
     firm("at_least_different", bubbles=9, **AGE), plan="", size=(2, 3, 4))

# fmt: on


@pytest.mark.parametrize("name", CASES)
def test_a_reason_is_given_in_its_own_words(name: str) -> None:
    table, rules, more, plan, rule, why, help = CASES[name]
    told = explained(problem(table, *rules, **more), plan)  # type: ignore[arg-type]
    (reason,) = (r for r in told["reasons"] if r.person == "ann")
    assert (reason.rule, ENGLISH.say(reason.why), ENGLISH.say(reason.help)) == (rule, why, help)


# Every reason

NEVER_GIVEN_HERE = {"reason.fit", "reason.in_rule"}
GIVEN_ELSEWHERE = {"reason.not_found", "reason.earlier"}


def test_every_reason_has_a_case() -> None:
    given = [why for _, _, _, _, _, why, _ in CASES.values()]
    reasons = {key: ENGLISH.get(key) for key in keys() if key.startswith("reason.")}
    silent = {key for key, text in reasons.items() if not any(matches(text, why) for why in given)}
    assert silent <= NEVER_GIVEN_HERE | GIVEN_ELSEWHERE


def matches(template: str, text: str) -> bool:
    """Whether the words of a reason are these, or begin them: how the seats were given may follow."""
    parts = [re.escape(literal) + (".*" if field else "") for literal, field, _, _ in Formatter().parse(template)]
    return re.fullmatch("".join(parts) + ("" if template.endswith(".") else ".*"), text) is not None


# Whatever the problem


@settings(SETTINGS, max_examples=40)
@given(st.data())
def test_everybody_without_a_seat_has_one_reason_whatever_the_plan(data: st.DataObject) -> None:
    case = data.draw(problems(high=16))
    plan = data.draw(plans(case))
    told = explained(case, matcher.Plan(tuple(replace(g, facilitator="") for g in plan.groups)))
    check_messages(case, told)


@settings(SETTINGS, max_examples=12)
@given(problems())
def test_everybody_whom_the_matcher_leaves_out_has_one_reason(case: Problem) -> None:
    result = matcher.match(case, iterations=5_000)
    told: Explanation = {
        "reasons": result.reasons,
        "relaxations": result.relaxations,
        "warnings": result.warnings,
    }
    check_messages(case, told)
    left = {p.id for p in case.people} - result.plan.placed()
    assert Counter(r.person for r in result.reasons) == Counter(left)


def check_messages(case: Problem, told: Explanation) -> None:
    assert len({r.person for r in told["reasons"]}) == len(told["reasons"])
    assert len(told["relaxations"]) <= 5
    known = set(KNOWN) | {""}
    for reason in told["reasons"]:
        assert reason.rule.partition(":")[0] in known
    messages = [message for r in told["reasons"] for message in (r.why, r.help)]
    for message in [*messages, *told["relaxations"], *told["warnings"]]:
        assert DUTCH.say(message) != ENGLISH.say(message)
        assert not any(isinstance(name, PersonId) for name in message.named())
        assert message.personal == any(isinstance(name, BubbleName) for name in message.named()), message


def test_nobody_left_over_is_nothing_to_tell() -> None:
    told = explained(problem(THREE, bridging={"age": 1.0}), "s.1: ann bo cy")
    assert (told["reasons"], told["relaxations"]) == ((), ())


def test_the_same_is_said_again() -> None:
    case = problem("id | age\nann | old\nbo | young\ncy | young\neve | old", firm("never_alone", **AGE), **JOIN)
    assert explained(case, "s.1: bo cy") == explained(case, "s.1: bo cy")


# Problems that cannot be solved

NOBODY: dict[str, Problem] = {
    "no session is possible": problem("id | sessions\nann | x\nbo | x\ncy | x"),
    "no facilitators": problem(THREE, **LED),
    "sizes that cannot be met": problem(THREE, size=(5, 6, 7)),
    "a bubble per person": problem(
        "id | age\nann | a\nbo | b\ncy | c\ndan | d", firm("never_alone", **AGE), size=(2, 3, 4)
    ),
    "one bubble, and two asked": problem(
        "id | age\nann | a\nbo | a\ncy | a", firm("at_least_different", **AGE), size=(2, 3, 4)
    ),
    "no seats": problem(THREE, sessions=[Session("s", 2, seats=1)], size=(2, 3, 4)),
    "no groups": problem(THREE, sessions=[Session("s", 0)]),
    "no sessions": problem(THREE, sessions=[]),
    "no people": problem("id\n"),
    "a language each": problem("id | languages\nann | nl\nbo | ar\ncy | en", size=(2, 3, 4)),
    "everybody asks for no meeting": problem("id | max_meetings\nann | 0\nbo | 0\ncy | 0"),
    "buddies beyond any group": problem("id | buddies\nann | bo\nbo | cy\ncy |", size=(1, 2, 2)),
    "rounds that nobody can come to": problem("id | sessions\nann | x\nbo | x", series="rounds", rounds=2),
}


@pytest.mark.parametrize("name", NOBODY)
def test_an_impossible_problem_has_an_empty_plan_and_reasons(name: str) -> None:
    result = matcher.match(NOBODY[name], iterations=500)
    assert result.plan.groups == ()
    assert {r.person for r in result.reasons} == {p.id for p in NOBODY[name].people}
