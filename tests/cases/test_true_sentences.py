"""Every sentence about a result is true: of tiny problems of which all plans are looked at."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from random import Random

import pytest

from matcher.domain import Facilitator, Plan, Problem, Session
from matcher.rules import KNOWN
from tests import oracle
from tests.builders import plans_of, problem
from tests.cases import told

pytestmark = pytest.mark.slow
SEATS = re.compile(r"They have ([\d,]+) of the ([\d,]+) seats they could take; (?:at most ([\d,]+)|more)")


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
