"""What two people share is worth something in one group."""

from time import perf_counter

import pytest

from matcher.bridging import PAIR, scores_of
from matcher.checking import check
from matcher.domain import Format, Participant, Problem, Session
from matcher.rules.common_ground import CommonGround
from matcher.terms import View
from tests.builders import plans_of, problem
from tests.oracle import Case, figures

TABLE = """
id  | interests   | languages | street
ann | cooking art | nl        | elm
bo  | cooking     | nl ar     | oak elm
cy  | music       | ar        |
dan |             | tr        | oak
eve | art cooking | tr        | music
"""


def scores(on: tuple[str, ...], weight: float = 1.0) -> list[list[float]]:
    case = problem(TABLE, CommonGround(on=on, weight=weight))
    return (scores_of(View(case)).matrix() / PAIR).tolist()


@pytest.mark.parametrize("on", [("interests",), ("languages",), ("street",), ("interests", "street"), ("x",), ()])
def test_every_pair_that_shares_something_earns_it_once(on: tuple[str, ...]) -> None:
    rule = CommonGround(on=on, weight=0.25)
    case = problem(TABLE, rule)
    oracle = Case(case, next(plans_of(case)))
    ids = [p.id for p in case.people]
    assert scores(on, 0.25) == [[oracle.score(a, b) if a != b else 0.0 for b in ids] for a in ids]


def test_words_of_different_questions_are_different_things() -> None:
    assert scores(("interests", "street"))[2][4] == 0.0  # cy likes music, eve lives in Music street


def test_it_is_part_of_the_bridging_of_every_plan_and_never_a_breach() -> None:
    case = problem(TABLE, CommonGround(on=("interests", "languages"), weight=0.5), bridging={"street": 1.0})
    for plan in plans_of(case):
        checked, should = check(case, plan), figures(case, plan)
        assert checked.figures.bridging == pytest.approx(should["bridging"], abs=0.01)
        assert not any(b.rule == "common_ground" for b in checked.breaches)


def test_a_thousand_people_take_no_time() -> None:
    crowd = [Participant(f"p{i}", interests=frozenset({f"a{i % 7}", f"b{i % 30}"})) for i in range(1000)]
    rule = CommonGround(on=("interests", "languages"), weight=1.0)
    view = View(Problem(tuple(crowd), (Session("s", 1),), Format(rules=(rule,))))
    start = perf_counter()
    (term,) = rule.terms(view)
    assert perf_counter() - start < 0.5  # 0.05 s when nobody else is at work
    assert term.amount.shape == (210, 210)
