"""Who leads and takes part, and who interprets at the table; judged from the plan alone."""

from dataclasses import replace

import pytest

from matcher.checking import check
from matcher.domain import Facilitator, Format, Participant, Plan, Problem, Session, Size
from tests.cases import case, match

pytestmark = pytest.mark.slow


# Hosts


def hosted(problem: Problem, plan: Plan) -> list[bool]:
    """For every group led by a participant whether they sit there."""
    person = {f.id: f.person for f in problem.facilitators if f.person}
    return [person[g.facilitator] in g.people for g in plan.groups if g.facilitator in person]


def test_who_leads_and_takes_part_sits_in_that_group() -> None:
    hosts = case("u43d_leader_is_participant")
    result = match(hosts)
    assert result.figures.placed == len(hosts.people)
    assert hosted(hosts, result.plan) == [True] * 3


def test_a_plan_with_the_host_at_another_table_is_not_valid() -> None:
    hosts = case("u43d_leader_is_participant")
    plan = match(hosts).plan
    one, two, three = (group.facilitator for group in plan.groups)
    turned = [replace(g, facilitator=f) for g, f in zip(plan.groups, (two, three, one), strict=True)]
    assert [b.rule for b in check(hosts, Plan(tuple(turned))).breaches if b.firm] == ["facilitator"] * 3


@pytest.mark.parametrize("leader", ["required", "optional"])
def test_hosts_in_rounds_sit_where_they_lead_and_elsewhere_in_other_rounds(leader: str) -> None:
    base = case("u43d_leader_is_participant")
    halls = tuple(Session(f"r{k}", 3, round=k) for k in (1, 2))
    leaders = (
        *(replace(f, max_groups=1) for f in base.facilitators),
        Facilitator("out", max_groups=2),
        Facilitator("x"),
    )
    recipe = replace(base.format, series="rounds", rounds=2, facilitator=leader)
    case_ = replace(base, sessions=halls, facilitators=leaders, format=recipe)
    result = match(case_)
    assert result.figures.seats == 2 * len(base.people)
    assert all(hosted(case_, result.plan))


def test_hosts_who_cannot_sit_there_do_not_lead_there() -> None:
    """p00 may only come on Monday and would lead any day; p01 and p02 are buddies and lead one group between them."""
    people = [Participant(f"p{i:02}", buddies=frozenset({"p02"} if i == 1 else ())) for i in range(12)]
    people[0] = replace(people[0], sessions=frozenset({"mon"}))
    leaders = tuple(Facilitator(p, person=p, max_groups=2) for p in ("p00", "p01", "p02"))
    recipe = Format(size=Size(3, 4, 4), facilitator="required")
    problem = Problem(tuple(people), (Session("mon", 2), Session("tue", 2)), recipe, leaders)
    result = match(problem)
    assert len(result.plan.groups) == 2
    assert result.figures.placed == 8
    assert all(hosted(problem, result.plan))


# Languages


def interpreted(problem: Problem, plan: Plan) -> list[bool]:
    """For every person whether they speak the language of their group, or somebody there interprets it for them."""
    known = {p.id: p for p in problem.people}
    found = []
    for person, group in plan.seats():
        mine, at = known[person].languages, [known[p].interpreters for p in group.people]
        found.append(group.language in mine or any(group.language in t and mine & t for t in at))
    return found


def test_an_interpreter_who_comes_along_is_enough() -> None:
    base = case("u04_interpreter")
    able = tuple(replace(p, interpreters=frozenset({"uk", "nl"})) if p.id == "tolk" else p for p in base.people)
    problem = replace(base, people=able)
    result = match(problem)
    assert result.figures.placed == 12
    assert all(interpreted(problem, result.plan))


def test_an_interpreter_at_the_table_is_enough_for_all_who_need_one() -> None:
    """Two speak Ukrainian only and two Arabic only; who interprets came alone and may sit anywhere."""
    spoken = ["nl"] * 14 + ["uk"] * 2 + ["ar"] * 2
    people = [
        Participant(f"p{i:02}", {"d": frozenset({"xy"[i % 2]})}, languages=frozenset({x})) for i, x in enumerate(spoken)
    ]
    people[0] = replace(people[0], languages=frozenset({"nl", "uk"}), interpreters=frozenset({"nl", "uk"}))
    people[1] = replace(people[1], languages=frozenset({"nl", "ar"}), interpreters=frozenset({"nl", "ar"}))
    problem = Problem(tuple(people), (Session("s", 3),), Format(size=Size(5, 6, 6), bridging={"d": 1.0}))
    result = match(problem)
    assert result.figures.placed == 18
    assert all(interpreted(problem, result.plan))
    alone = replace(problem, people=tuple(replace(p, interpreters=frozenset()) for p in people))
    assert match(alone).figures.placed < 18
