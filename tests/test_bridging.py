"""The distance of two people, beside a slow computation over sets."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.bridging import PAIR, dimensions_of, mean_score, scores_of
from matcher.domain import Format, Participant, Plan, Problem, Session
from matcher.rules.common_ground import CommonGround
from matcher.terms import View
from tests.builders import problem
from tests.oracle import Case

TABLE = """
id  | age   | home     | interests
ann | young | rent     | music
bo  | young | own rent | music art
cy  | old   | own      |
dan | old   |          | art
eve |       | rent own boat |
"""
ANSWERS = st.frozensets(st.sampled_from("abcde"), max_size=4)
PERSON = st.fixed_dictionaries({"age": ANSWERS, "home": ANSWERS, "interests": ANSWERS})
WEIGHTS = st.dictionaries(st.sampled_from(["age", "home", "street"]), st.sampled_from([0.0, 0.3, 1.0, 2.5]))


def scores(problem: Problem) -> dict[tuple[str, str], float]:
    ids = [p.id for p in problem.people]
    matrix = scores_of(View(problem)).matrix() / PAIR
    return {(a, b): float(matrix[i, j]) for i, a in enumerate(ids) for j, b in enumerate(ids)}


def test_single_answers_are_the_same_or_not() -> None:
    score = scores(problem(TABLE, bridging={"age": 2.0}))
    assert score["ann", "bo"] == 0.0
    assert score["ann", "cy"] == 2.0


def test_several_answers_are_compared_by_what_they_share() -> None:
    score = scores(problem(TABLE, bridging={"home": 1.0}))
    assert score["ann", "bo"] == 0.5
    assert score["ann", "eve"] == pytest.approx(2 / 3)
    assert score["bo", "eve"] == pytest.approx(1 / 3)
    assert score["ann", "cy"] == 1.0


def test_who_did_not_tell_is_at_the_mean_from_everybody() -> None:
    score = scores(problem(TABLE, bridging={"age": 1.0}))
    told = ["ann", "bo", "cy", "dan"]
    mean = sum(score[pair] for pair in combinations(told, 2)) / 6
    assert mean == pytest.approx(2 / 3)
    assert [score["eve", person] for person in told] == [pytest.approx(mean, abs=1 / PAIR)] * 4


def test_silence_of_two_is_the_mean_too() -> None:
    silent = TABLE.replace("dan | old  ", "dan |     ")
    score = scores(problem(silent, bridging={"age": 1.0}))
    assert score["dan", "eve"] == pytest.approx(2 / 3, abs=1 / PAIR)


def test_bonding_turns_distance_into_likeness() -> None:
    score = scores(problem(TABLE, bridging={"age": 1.0, "home": 2.0}, goal="bonding"))
    assert score["ann", "bo"] == 1.0 + 2 * 0.5
    assert score["ann", "cy"] == 0.0


@pytest.mark.parametrize("goal", ["bridging", "bonding"])
def test_common_ground_is_a_bonus_whatever_the_goal(goal: str) -> None:
    rule = CommonGround(weight=0.25)
    plain = scores(problem(TABLE, bridging={"age": 1.0}, goal=goal))
    bonus = scores(problem(TABLE, rule, bridging={"age": 1.0}, goal=goal))
    more = {pair: bonus[pair] - plain[pair] for pair in combinations(["ann", "bo", "cy", "dan", "eve"], 2)}
    assert {pair for pair, gain in more.items() if gain} == {("ann", "bo"), ("bo", "dan")}
    assert more["ann", "bo"] == 0.25


def test_a_dimension_without_weight_or_answers_says_nothing() -> None:
    case = problem(TABLE, bridging={"age": 0.0, "street": 3.0})
    assert [d.name for d in dimensions_of(View(case))] == ["street"]
    assert set(scores(case).values()) == {0.0}


@settings(max_examples=60, deadline=None)
@given(st.lists(PERSON, max_size=8), WEIGHTS, st.sampled_from(["bridging", "bonding"]), st.booleans())
def test_every_scores_of_as_the_sets_say(
    answers: list[dict[str, frozenset[str]]], weights: dict[str, float], goal: str, bond: bool
) -> None:
    people = [
        Participant(f"p{i}", {d: told for d, told in a.items() if d != "interests"}, interests=a["interests"])
        for i, a in enumerate(answers)
    ]
    rules = (CommonGround(on=("interests", "age"), weight=0.5),) if bond else ()
    case = Problem(
        tuple(people),
        (Session("s", 1),),
        Format(goal=goal, bridging=weights, rules=rules),  # type: ignore[arg-type]
    )
    oracle, score = Case(case, Plan()), scores(case)
    close = pytest.approx  # every dimension is rounded to a whole part of 1/2520
    for a, b in combinations(oracle.people, 2):
        assert score[a, b] == score[b, a] == close(oracle.score(a, b), abs=len(weights) / PAIR)
    assert all(score[p, p] == 0.0 for p in oracle.people)
    assert mean_score(scores_of(View(case))) == close(oracle.blind, abs=len(weights) / PAIR)
