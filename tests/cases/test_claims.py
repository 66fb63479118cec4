"""Every sentence about a result is true: of the cases that users brought, and of tiny problems tried in full."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from random import Random

import pytest

from matcher import match, repair
from matcher.capacity import full
from matcher.changes import changes
from matcher.checking import check
from matcher.cli.telling import summary
from matcher.domain import Facilitator, Lock, Plan, Problem, Session
from matcher.outcome import Result
from matcher.report.figures import verdict
from matcher.rules import KNOWN
from matcher.words import words
from tests import oracle
from tests.builders import people, plan, plans_of, problem
from tests.cases import inputs
from tests.explaining import explained

pytestmark = pytest.mark.slow
SEATS = re.compile(r"They have ([\d,]+) of the ([\d,]+) seats they could take; (?:at most ([\d,]+)|more)")


def told(case: Problem, iterations: int = 2000) -> tuple[Result, str]:
    result = match(case, iterations=iterations, workers=1)
    return result, "\n".join(summary(case, result, 1))


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


class Everything:
    """All valid plans of a tiny problem, and what was said of one of them."""

    def __init__(self, case: Problem, iterations: int = 300) -> None:
        self.case = case
        self.result, self.said = told(case, iterations)
        self.figures = self.result.figures

    @cached_property
    def valid(self) -> list[tuple[Plan, dict[str, float]]]:
        return [(plan, oracle.figures(self.case, plan)) for plan in valid_plans(self.case)]

    def most(self, figure: str, as_many: bool = False) -> float:
        """The highest value in any plan, or in one that places as many by priority."""
        least = self.figures.placed_priority if as_many else 0
        return max(figures[figure] for _, figures in self.valid if figures["placed_priority"] >= least)

    def best_for_these_people(self) -> bool:
        """Among plans with the same people in groups of the same sizes, so that what sizes cost has no say."""
        mine = sorted((g.session, len(g.people)) for g in self.result.plan.groups)
        alike = [
            figures["quality"]
            for each, figures in self.valid
            if each.placed() == self.result.plan.placed()
            and sorted((g.session, len(g.people)) for g in each.groups) == mine
        ]
        return max(alike) <= self.figures.quality + 1e-3

    def seats_of_all(self) -> int:
        rounds = {s.round for s in self.case.sessions}
        whole = len(rounds) if self.case.format.series == "rounds" else 1
        return sum(min(whole if p.max_meetings is None else p.max_meetings, len(rounds)) for p in self.case.people)

    def round(self, session: str) -> int:
        return next(s.round for s in self.case.sessions if s.id == session)

    def most_rounds(self) -> int:
        return max(max(Counter(p for p, _ in plan.seats()).values(), default=0) for plan, _ in self.valid)

    def max_groups(self, k: int) -> bool:
        leaders = tuple(replace(f, max_groups=max(k, f.max_groups)) for f in self.case.facilitators)
        more = replace(self.case, facilitators=leaders)
        return any(len(plan.seats()) > self.figures.seats for plan in valid_plans(more))

    def priority(self, n: int) -> bool:
        return self.most("placed") >= self.figures.placed + n

    def more_time(self, n: int) -> bool:
        return self.priority(n) and self.result.stopped_by != "proof"


def valid_plans(case: Problem) -> Iterator[Plan]:
    dress = [("nl", f.id) for f in case.facilitators] if case.format.facilitator == "required" else [("nl", "")]
    size = case.format.size
    for each in plans_of(case, dress):
        # Most plans fall here, long before all rules are asked.
        if all(size.min <= len(g.people) <= size.max for g in each.groups) and not oracle.firm_breaches(case, each):
            yield each


Truth = Callable[..., bool]
NUMBER = r"([\d,.]*\d)"
CLAIMS: list[tuple[str, Truth]] = [
    (r"Nobody of .* can be placed\.", lambda e: e.most("placed") == 0),
    (rf"Nobody of .* was placed; at most {NUMBER} is possible\.", lambda e, n: 0 < e.most("placed") <= int(n)),
    (rf"Placed {NUMBER} of .*; more is not possible\.", lambda e, n: e.most("placed") == int(n)),
    (rf"Placed {NUMBER} of .*; at most {NUMBER} is possible\.", lambda e, n, m: int(n) < int(m) >= e.most("placed")),
    (r"Placed .*: everybody.*", lambda e: e.figures.seats == e.seats_of_all() >= e.figures.people == e.figures.placed),
    (r"Placed (\d+) of (\d+) people in \d+ groups?\.", lambda e, n, m: n == m and e.figures.seats < e.seats_of_all()),
    (
        r"They have (\d+) of the (\d+) seats .* more is not possible\.",
        lambda e, n, m: e.most("seats") == int(n) < int(m),
    ),
    (r"They have .*; at most (\d+) is possible\.", lambda e, n: e.figures.seats < int(n) >= e.most("seats")),
    (r"Nobody meets in round (\d+)\.", lambda e, n: all(e.round(g.session) != int(n) for g in e.result.plan.groups)),
    (
        rf"Bridging {NUMBER}, which is proven .* best.*",
        lambda e, n: abs(e.most("bridging", as_many=True) - float(n)) < 0.051,
    ),
    (
        rf"Bridging .* of at most {NUMBER} for .*",
        lambda e, n: e.most("bridging", as_many=True) <= float(n) + 0.051,
    ),
    (r"Bridging .*\. It is proven that no plan for the people.*", lambda e: e.best_for_these_people()),
    (r"(\d+) of at most (\d+) different pairs meet\.", lambda e, _, m: e.most("distinct_pairs") <= int(m)),
    (r"(\d+) meetings? (?:is|are) of people who met before\.", lambda e, n: e.figures.met_again == int(n)),
    (r"No rule is broken\.", lambda e: not oracle.expected(e.case, e.result.plan)),
    (r"No firm rule is broken\. Breaches of .* rules: .*", lambda e: not oracle.firm_breaches(e.case, e.result.plan)),
    (r"What would help: A plan that places (\d+) more is possible.*", lambda e, n: e.more_time(int(n))),
    (r"What would help: If priority did not count, (\d+) more .*", lambda e, n: e.priority(int(n))),
    (r"What would help: max_groups = (\d+) would help.*", lambda e, k: e.max_groups(int(k))),
    (r"What would help: (?:None of the changes|.* would place \d+ more\.).*", lambda e: True),  # test_relaxations.py
    (
        r"Warning: Groups that .* lead .*: (\d+); .* at least (\d+)\.",
        lambda e, n, m: len(e.result.plan.groups) <= int(n),
    ),
    (r"Warning: Nobody may meet .* at most (\d+) of .* rounds\.", lambda e, n: e.most_rounds() <= int(n)),
    (r"Warning: .*", lambda e: True),  # test_warnings.py
    (r"Searched .*; stopped by the proof.*", lambda e: e.result.optimal and e.best_for_these_people()),
    (r"Searched .*; stopped by (?:the clock|their number)\.", lambda e: not e.result.optimal),
    (r"      *\d+  .* More time to search\.", lambda e: e.result.stopped_by != "proof"),
    (r"\d+ (?:person has|people have) no place:|      *\d+  .*|To get this very plan again: .*", lambda e: True),
]


def test_every_sentence_about_tiny_problems_is_true() -> None:
    heard: Counter[str] = Counter()
    for case in [*map(single, range(12)), *map(rounds, range(5)), *map(led, range(4))]:
        everything = Everything(case)
        for line in everything.said.splitlines():
            found = [(match, truth) for text, truth in CLAIMS if (match := re.fullmatch(text, line))]
            assert found, f"nobody knows whether this is true: {line}"
            for match, truth in found:
                assert truth(everything, *match.groups()), (line, everything.said, case)
                heard[match.re.pattern] += 1
    # What is never said would be tried in vain.
    assert len(heard) >= 16, heard


def single(seed: int) -> Problem:
    random = Random(seed)
    rows = [
        f"p{i} | {random.choice('aabbc ')} | {random.choice('xxy')} | {random.choice(['', 'h1', 'h2'])} | "
        f"{random.choice([0, 0, 1, 2])}"
        for i in range(6)
    ]
    firm = [
        KNOWN["never_alone"](dimension="age", firm=True),
        KNOWN["share_cap"](dimension="age", share=0.6, firm=True),
        KNOWN["same_household_apart"](firm=True),
        KNOWN["at_least_different"](dimension="age", bubbles=2, firm=True),
        KNOWN["never_alone"](dimension="home", weight=0.5),
    ]
    size = random.choice([(2, 2, 2), (2, 2, 3), (3, 3, 3), (2, 3, 4), (4, 4, 5)])
    room = Session("s", 2, seats=random.choice([None, None, 4, 5]), mode=random.choice(["here", "here", "online"]))
    online = KNOWN["mode"](online_max=random.choice([2, 3]), firm=True)
    rules = [*random.sample(firm, random.choice([0, 1, 1, 2])), online]
    weights = {"age": 1.0, "home": 0.5}
    return problem(
        "id | age | home | household | priority\n" + "\n".join(rows),
        *rules,
        sessions=[room],
        size=size,
        bridging=weights,
    )


def rounds(seed: int) -> Problem:
    random = Random(seed)
    rows = [f"p{i} | {random.choice('ab')} | {random.choice(['', '', '1', '2'])}" for i in range(4)]
    again = KNOWN["met_before"](firm=True) if seed % 2 else KNOWN["met_before"](weight=0.5)
    return problem(
        "id | age | max_meetings\n" + "\n".join(rows),
        again,
        sessions=[Session("r1", 1 if seed == 1 else 2, 1), Session("r2", 1, 2), Session("r3", 1, 3)][
            : 3 if seed == 1 else 2
        ],
        size=random.choice([(2, 2, 2), (2, 3, 4), (3, 3, 4)]) if seed != 1 else (3, 3, 4),
        series="rounds",
        rounds=3 if seed == 1 else 2,
        bridging={"age": 1.0},
    )


def led(seed: int) -> Problem:
    random = Random(seed)
    rows = "\n".join(f"p{i} | {random.choice('ab')}" for i in range(4))
    leaders = [Facilitator("eva", max_groups=1 + seed // 3), Facilitator("fay", frozenset({"r2"}))][: 1 + seed % 2]
    return problem(
        f"id | age\n{rows}",
        sessions=[Session("r1", 1, 1), Session("r2", 1, 2)],
        size=(2, 3, 4),
        series="rounds",
        rounds=2,
        facilitator="required",
        facilitators=leaders,
        bridging={"age": 1.0},
    )
