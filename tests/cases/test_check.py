"""Plans made by hand, and people who lead and take part."""

import pytest

from matcher.checking import check
from matcher.domain import Facilitator, Group, Plan
from matcher.faults import FaultList
from matcher.tables.plans import PLAN, plan_of
from matcher.tables.reading import read_table
from tests.builders import plan, problem
from tests.cases import DATA, inputs

LED = {"facilitator": "required", "facilitators": [Facilitator("ann", max_groups=2, person="ann"), Facilitator("eva")]}


def read(name: str) -> tuple[Plan, list[str]]:
    faults = FaultList()
    found = plan_of(read_table(DATA / name / "plan.csv", PLAN, faults), faults)
    return found, [f"{fault.row}:{fault.column}" for fault in faults]


def test_a_plan_without_languages_is_judged_by_those_that_all_speak() -> None:
    good, wrong = (
        check(inputs(name).problem, read(name)[0]) for name in ("p07_good_plan_without_language", "p06_hand_made_plan")
    )
    assert good.valid
    assert {b.rule for b in wrong.breaches if b.firm} == {"max_meetings", "people", "size"}


def test_where_nothing_is_spoken_by_all_a_plan_without_languages_breaks_that_rule() -> None:
    case = problem("id | languages\nann | nl ar\nbo | ar\ncy | nl")
    for people, kept in (("ann bo", True), ("ann cy", True), ("bo cy", False), ("ann bo cy", False)):
        group = Group("s", 1, tuple(people.split()))
        assert check(case, Plan((group,))).valid == kept, people


def test_names_of_groups_are_one_fault() -> None:
    assert read("p08_plan_with_table_names")[1] == ["2:group"]


def test_who_leads_and_takes_part_sits_where_they_lead() -> None:
    case = inputs("u43d_leader_is_participant").problem
    ids = sorted(person.id for person in case.people)

    def led(p02: int) -> Plan:
        others = [id for id in ids if id not in ("p02", "p10", "p17")]
        tables = [[*others[:5]], [*others[5:10], "p10"], [*others[10:], "p17"]]
        tables[p02 - 1] = [*tables[p02 - 1], "p02"]
        leaders = ("p02", "p10", "p17")
        return Plan(tuple(Group("r", k + 1, tuple(sorted(t)), "nl", leaders[k]) for k, t in enumerate(tables)))

    assert check(case, led(1)).valid
    # At table 3 there are seven, which is one too many as well.
    told = {b.message.key for b in check(case, led(3)).breaches if b.firm}
    assert told == {"breach.host_elsewhere", "breach.size"}


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("s.1 nl ann: ann bo", True),
        ("s.1 nl eva: ann bo", True),
        ("s.1 nl ann: bo cy; s.2 nl eva: ann dan", False),
        ("s.1 nl ann: bo cy", False),
    ],
)
def test_nobody_is_at_two_tables_at_once(text: str, valid: bool) -> None:
    assert check(problem("id\nann\nbo\ncy\ndan", **LED), plan(text)).valid == valid
