"""A group like the district."""

import pytest

from matcher.rules.population_mirror import PopulationMirror
from tests.agreeing import agree, breached
from tests.builders import problem

pytestmark = pytest.mark.slow

TABLE = """
id  | age
ann | young
bo  | young
cy  | young
dan | old middle
eve | old
fay |
"""
NAME = "population_mirror: age"
POPULATIONS = {
    "even": {"young": 1, "old": 1},
    "shares": {"young": 0.3, "middle": 0.1, "old": 0.6},
    "counts with an absent bubble": {"young": 412, "old": 1033, "ancient": 5000},
    "bubbles that nobody counted": {"old": 2, "ancient": 5},
    "nobody": {"young": 0, "old": 1},
}


@pytest.mark.parametrize("population", POPULATIONS.values(), ids=POPULATIONS.keys())
def test_it_is_judged_as_stated_in_every_plan(population: dict[str, float]) -> None:
    rules = PopulationMirror(dimension="age", firm=True), PopulationMirror(dimension="age", weight=0.5)
    agree(problem(TABLE, *rules, population={"age": population}), NAME)


@pytest.mark.parametrize(
    ("people", "wrong"),
    [
        ("ann eve", 0),
        ("ann bo eve", 0),  # half of three is one or two
        ("ann bo cy eve", 2),  # one too many, one too few
        ("ann bo fay", 0),  # who did not tell may be old
        ("ann bo cy fay", 2),  # but not twice
        ("fay", 0),
    ],
)
def test_half_of_the_district_is_half_of_a_group_rounded_either_way(people: str, wrong: int) -> None:
    once = TABLE.replace("old middle", "old")
    case = problem(once, PopulationMirror(dimension="age", firm=True), population={"age": POPULATIONS["even"]})
    assert breached(case, f"s.1: {people}").get(NAME, 0) == wrong


@pytest.mark.parametrize("population", [{}, {"home": {"rent": 1}}, {"age": {}}, {"age": {"ancient": 3}}])
def test_without_figures_it_says_nothing(population: dict[str, dict[str, float]]) -> None:
    case = problem(TABLE, PopulationMirror(dimension="age", firm=True), population=population)
    assert breached(case, "s.1: ann bo cy") == {}


def test_figures_of_several_answers_are_shares_of_people() -> None:
    """Everybody takes two courses of three; the figures count 4, 4 and 4 answers of six people."""
    courses = "id | course\n" + "\n".join(f"p{i} | {x}" for i, x in enumerate(["a b", "a c", "b c"] * 2))
    figures = {"course": {"a": 4, "b": 4, "c": 4}}
    case = problem(courses, PopulationMirror(dimension="course", firm=True), population=figures)
    assert breached(case, "s.1: p0 p1 p2; s.2: p3 p4 p5") == {}
    assert breached(case, "s.1: p0 p3 p1") == {"population_mirror: course": 2}
