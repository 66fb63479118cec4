"""Every sentence about a result is true: of the cases that users brought."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from matcher import match, repair
from matcher.capacity import full
from matcher.changes import changes
from matcher.checking import check
from matcher.domain import Lock, Session
from matcher.report.figures import verdict
from matcher.words import words
from tests.builders import people, plan, problem
from tests.cases import inputs, told
from tests.explaining import explained

pytestmark = pytest.mark.slow
SEATS = re.compile(r"They have ([\d,]+) of the ([\d,]+) seats they could take; (?:at most ([\d,]+)|more)")


@pytest.mark.parametrize(
    ("name", "most"), [("x07_random_exact", 8), ("x25_random_exact", 10), ("x12_random_exact", 10)]
)
def test_best_possible_is_never_said_beside_a_gap(name: str, most: int) -> None:
    result, said = told(inputs(name).problem)
    assert ("best possible" in said) == (result.gap_percent < 1e-4)
    assert not re.search(r"More time|more time", said) or result.stopped_by != "proof"
    assert all(int(n) <= most for n in re.findall(r"at most ([\d,]+) is possible", said))


def test_of_seven_people_in_pairs_six_sit() -> None:
    _, said = told(inputs("r03_coffee_sitout").problem)
    assert "Placed 6 of 7 people in 3 groups; more is not possible." in said


def test_rounds_without_new_people_are_told_with_the_reason() -> None:
    result, said = told(inputs("u10_firm_no_repeat_6_rounds").problem, 60_000)
    seats, wanted, bound = SEATS.search(said).groups()  # type: ignore[union-attr]
    assert (int(seats), int(wanted)) == (len(result.plan.seats()), 36)
    assert "everybody" not in said and int(bound or seats) == 30
    assert "each can take part in at most 5 of 6 rounds" in said


def test_facilitators_who_may_lead_one_group_each_are_told_with_what_would_help() -> None:
    case = inputs("u40_leaders_in_rounds").problem
    result, said = told(case)
    assert "everybody" not in said and "may lead in all (max_groups): 3" in said
    assert "max_groups = 3 would help" in said
    assert int(SEATS.search(said).group(1)) == len(result.plan.seats()) < 54  # type: ignore[union-attr]
    page = " ".join(verdict(words("en"), case, result).sentences)
    assert f"{len(result.plan.seats())} of the 54 seats that people could take are filled." in page
    assert verdict(words("en"), case, result).state == "look"
    more = replace(case, facilitators=tuple(replace(f, max_groups=3) for f in case.facilitators))
    assert len(match(more, iterations=2000).plan.seats()) > len(result.plan.seats())


def test_why_an_online_group_is_full() -> None:
    result, said = told(inputs("u47_online_limit").problem)
    assert result.figures.placed == 18 and "online a group holds at most 6" in said


@pytest.mark.parametrize(
    ("name", "wanted"), [("h03_locks_sizes_8_12", 250), ("k01_pairs_6x8_w1", 48), ("g05_wizardry_18x8", 144)]
)
def test_everybody_is_said_of_all_seats_of_all_rounds(name: str, wanted: int) -> None:
    case = inputs(name).problem
    result, said = told(case)
    seats = sum(len(group.people) for group in result.plan.groups)
    assert ("everybody" in said) == (seats == wanted)
    assert seats == wanted or SEATS.search(said).groups()[:2] == (str(seats), str(wanted))  # type: ignore[union-attr]


def test_meetings_again_are_counted_once() -> None:
    _, said = told(inputs("k01_pairs_6x8_w1").problem, 60_000)
    assert "9 meetings are of people who met before." in said and "met_before 9 times." in said


def test_who_can_no_longer_come_is_absent_and_not_moved() -> None:
    before = inputs("p02_round_one_is_over").problem
    published = match(replace(before, locks=()), iterations=20_000).plan
    gone = {"p00", "p01", "p02", "p03"}
    now = [replace(p, sessions=frozenset({"r1"})) if p.id in gone else p for p in before.people]
    late = people("id | wijk | sessions\nz01 | a | r2 r3\nz02 | b | r3")
    first = [Lock(p, g.session, g.number) for g in published.groups if g.session == "r1" for p in g.people]
    mended = replace(before, people=(*now, *late), locks=tuple(first))
    after = repair(mended, published, iterations=20_000).plan
    found = changes(mended, published, after)
    assert (set(found.absent), found.cancelled, found.joined) == (gone, (), ("z01", "z02"))
    assert not gone & {*found.moved, *found.lost}
    seats = [{(p, g.session, g.number) for p, g in each.seats() if p not in gone} for each in (published, after)]
    stay = {p for p, *_ in seats[0] ^ seats[1]} - {"z01", "z02"}
    assert set(found.moved) == stay


@pytest.mark.parametrize(
    ("sessions", "seat", "fate"),
    [
        ("r2 r3", "r2.1: ann; r3.1: ann", ""),
        ("r2", "r2.1: ann", "absent"),
        ("r2", "r2.2: ann", "absent moved"),
        ("r2 r3", "r2.1: ann", "moved"),
        ("r2 r3", "", "lost"),
        ("x", "x.1: ann", "absent moved"),
        ("x", "", "absent"),
    ],
)
def test_what_a_repair_means_for_somebody(sessions: str, seat: str, fate: str) -> None:
    """Ann had a seat in each of three rounds, of which the first is over."""
    rooms = [Session("r2", 2, 2), Session("r3", 1, 3), Session("x", 1, 4)]
    case = problem(f"id | sessions\nann | {sessions}", sessions=rooms, series="rounds", rounds=3)
    found = changes(case, plan("r1.1: ann; r2.1: ann; r3.1: ann"), plan(seat))
    assert [name for name in ("absent", "moved", "lost", "joined") if getattr(found, name)] == fate.split()


@pytest.mark.parametrize("name", ["t11_family_courses", "t11b_courses_firm"])
def test_a_mirror_halves_every_course_of_people_with_several(name: str) -> None:
    case = inputs(name).problem
    taken = Counter(course for person in case.people for course in person.bubbles["vak"])
    ids = sorted(p.id for p in case.people)
    result = match(case, iterations=150_000)
    assert result.figures.placed == len(ids)
    for group in result.plan.groups:
        mine = Counter(course for p in case.people if p.id in group.people for course in p.bubbles["vak"])
        assert all(abs(mine[course] - n / 2) < 1 for course, n in taken.items())
    assert not [b for b in check(case, result.plan).breaches if b.rule.startswith("population_mirror")]


@pytest.mark.parametrize(
    ("people", "rooms", "most"),
    [
        (7, {(2, 2): 9}, 6),
        (7, {(2, 3): 9}, 7),
        (11, {(4, 4): 2}, 8),
        (5, {(3, 3): 1, (2, 2): 1}, 5),
        (2, {(3, 4): 1}, 0),
    ],
)
def test_sizes_bound_how_many_can_sit(people: int, rooms: dict[tuple[int, int], int], most: int) -> None:
    assert full(people, rooms) == most


def test_more_time_is_not_offered_where_priority_counts_as_much() -> None:
    """Ann, who goes first, weighs as much as bo and cy together, and sits with neither."""
    table = "id | priority | apart\nann | 1 | bo cy\nbo | |\ncy | |"
    case = problem(table, sessions=[Session("s", 1)], size=(1, 2, 2))
    said = explained(case, "s.1: ann")
    assert [(m.key, dict(m.values).get("n")) for m in said["relaxations"]][:1] == [("relaxation.priority", 1)]
    assert {reason.help.key for reason in said["reasons"]} == {"help.priority"}
    # Bo alone weighs less than ann: there more time does help.
    assert explained(case, "s.1: bo")["relaxations"][0].key == "relaxation.search"
