"""Groups that may have a facilitator: as many of them led as can be, and those without one named."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from textwrap import dedent

import pytest

from matcher import match
from matcher.domain import Facilitator, Group, Plan, Problem, Session
from matcher.explain.unled import unled
from matcher.model import Model
from matcher.places.leading import Chair, Leader, assign
from matcher.rules import KNOWN
from matcher.rules.shared_language import SharedLanguage
from matcher.words import words
from tests.builders import problem
from tests.cases import inputs


def led(problem: Problem, plan: Plan) -> list[Group]:
    """The groups with a leader, each of whom may be there, speaks its language and leads one at a time."""
    leaders = {f.id: f for f in problem.facilitators}
    found = [g for g in plan.groups if g.facilitator]
    for group in found:
        leader = leaders[group.facilitator]
        assert not leader.sessions or group.session in leader.sessions
        assert group.language in leader.languages
    often = Counter(g.facilitator for g in found)
    assert all(n <= leaders[f].max_groups for f, n in often.items())
    assert len({(g.facilitator, g.session) for g in found}) == len(found)
    return found


@pytest.mark.parametrize(
    ("name", "many"),
    [("t08_three_facilitators_five_rooms", 3), ("t08c_5fac_5rooms", 5), ("t08e_big", 20)],
)
def test_as_many_groups_as_there_are_facilitators_are_led(name: str, many: int) -> None:
    given = inputs(name).problem
    result = match(given, iterations=60_000)
    groups = result.plan.groups
    assert result.figures.placed == len(given.people)
    assert all(given.format.size.min <= len(g.people) <= given.format.size.max for g in groups)
    assert len(led(given, result.plan)) == many
    unled = tuple(g for g in groups if not g.facilitator)
    told = [w for w in result.warnings if w.key == "unled.named"]
    assert len(told) == bool(unled)
    assert not told or told[0]["n"] == len(unled)


def test_who_may_lead_one_group_only_is_told_that_more_would_help() -> None:
    given = inputs("u40_leaders_in_rounds").problem
    result = match(given, iterations=50_000)
    assert len(result.plan.groups) == 3
    (told,) = [w for w in result.warnings if w.key == "warning.max_groups"]
    assert (told["n"], told["needed"]) == (3, 9)


LANGUAGES = """
id | languages | age
""" + "\n".join(f"p{k:02} | {'nl ar' if k % 2 else 'nl'} | {'young' if k % 3 else 'old'}" for k in range(20))


def test_people_sit_where_somebody_can_lead_them() -> None:
    leaders = [Facilitator("amal", languages=frozenset({"ar"}), max_groups=2, sessions=frozenset({"b"}))]
    given = problem(
        LANGUAGES, SharedLanguage(firm=True), sessions=[Session("a", 4), Session("b", 2)], size=(5, 5, 5),
        facilitators=leaders, facilitator="optional", bridging={"age": 1.0},
    )  # fmt: skip
    result = match(given, iterations=60_000)
    assert result.figures.placed == 20
    assert [g.language for g in led(given, result.plan)] == ["ar"]


def test_hours_that_overlap_in_part_are_led_by_as_many_as_can_be() -> None:
    """The first and the last session touch the middle one only: one person leads both, another the middle."""
    hours = [(19, 20), (19, 21), (20, 22)]
    sessions = [
        Session(f"s{k}", 1, starts=(datetime(2027, 1, 1, a),), ends=(datetime(2027, 1, 1, b),))
        for k, (a, b) in enumerate(hours)
    ]
    model = Model(problem("id\nann", sessions=sessions, facilitator="optional"))
    everywhere, all_day = frozenset(range(3)), [Chair(s, 1) for s in (0, 2, 1)]
    assert len(assign(model, all_day, [Leader(everywhere, 1, 3), Leader(frozenset({0, 1}), 1, 1)])) == 3
    assert len(assign(model, all_day, [Leader(everywhere, 1, 3)])) == 2


def test_many_groups_without_a_facilitator_are_counted_and_few_are_named() -> None:
    case = problem(
        "id\n" + "\n".join(f"p{k:02}" for k in range(15)), sessions=[Session("s", 20)], size=(1, 1, 1),
        facilitators=[Facilitator("eva")], facilitator="optional",
    )  # fmt: skip
    told = {}
    for many in (2, 15):
        plan = Plan(tuple(Group("s", k + 1, (f"p{k:02}",), "nl") for k in range(many)))
        (told[many],) = unled(Model(case), plan)
    assert words("en").say(told[2]) == "Groups without a facilitator: 2 (s.1, s.2)."
    assert words("nl").say(told[15]) == "Zonder gespreksleider, aantal groepen: 15, in s."


def test_a_time_that_no_count_would_have_opened_is_found_where_people_are_few() -> None:
    """One time of three can hold a table at all: the two who are 'mid' must not be alone, and meet nowhere else."""
    table = """
        id  | age   | sessions
        p1  | young | s1 s2
        p2  | young | s1 s2
        p3  | young | s1 s2
        p4  | old   | s1 s2 s3
        p5  | young | s1 s2 s3
        p6  | mid   | s2 s3
        p7  | young | s1 s2 s3
        p8  | young | s1 s3
        p9  | young | s2 s3
        p10 | young | s1 s2 s3
        p11 | young | s1 s2 s3
        p12 | mid   | s1 s3
    """
    age = {"firm": True, "dimension": "age"}
    rules = [KNOWN["share_cap"](share=2 / 3, **age), KNOWN["never_alone"](**age)]
    seated = match(
        problem(
            dedent(table).strip(), *rules, sessions=[Session(f"s{n}", 2) for n in (1, 2, 3)], size=(5, 6, 8),
            facilitators=[Facilitator("eva", max_groups=2)], facilitator="optional", bridging={"age": 1.0},
        ),
        iterations=2_000,
    )  # fmt: skip
    (table,) = seated.plan.groups
    assert (table.session, len(table.people), {"p6", "p12"} <= set(table.people)) == ("s3", 6, True)
