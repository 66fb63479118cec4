"""What an organiser is told before anything is solved."""

import pytest

from matcher.domain import Facilitator, Problem, Session
from matcher.explain.beforehand import new_rounds
from matcher.messages import BubbleName
from matcher.rules import KNOWN
from matcher.words import words
from tests.builders import problem
from tests.catalogues import keys
from tests.explaining import AGE, AGES, LED, THREE, TWO, explained, firm

ROUNDS = [Session(f"s{n}", 2, n) for n in range(1, 5)]
NO_WEIGHT = "No dimension has a weight: the groups are not mixed on purpose."
WARNED: dict[str, tuple[Problem, str]] = {
    "new people or never alone": (
        problem(
            "id | age\nann | old\nbo | old\ncy | old\ndan | old\neve | young",
            firm("never_alone", **AGE),
            sessions=ROUNDS,
            series="rounds",
            rounds=4,
        ),
        "age: 4 people are 'old'; in 4 rounds they cannot be never alone and always with new people, at most "
        "in 3: choose which of the two may give way.",
    ),
    "no weight": (problem(THREE), NO_WEIGHT),
    "one bubble": (
        problem(AGES.format("old", "old"), bridging={"age": 1.0}),
        "age: everybody gives the same answer, so it says nothing.",
    ),
    "a bubble per person": (
        problem(AGES.format("young", "new"), bridging={"age": 1.0}),
        "age: everybody gives a different answer, so it says nothing.",
    ),
    "no seats": (
        problem(THREE, sessions=[Session("s", 1, seats=1), Session("t", 1)], size=(2, 3, 4)),
        "No group can open in s: there is no room for 2 people.",
    ),
    "no people": (
        problem("id | sessions\nann | s\nbo | s\ncy | s t", sessions=TWO, size=(2, 3, 4)),
        "No group can open in t: fewer than 2 people could come.",
    ),
    "too few bubbles": (
        problem(AGES.format("old", "young"), firm("at_least_different", bubbles=3, **AGE)),
        "at_least_different: age: a group needs 3 different bubbles, of 2 in all.",
    ),
    "silence": (
        problem(AGES.format("", "young"), bridging={"age": 1.0}),
        "People who told nothing on any dimension, and so count as average: 1.",
    ),
    "a cap that nobody meets": (
        problem(AGES.format("old", "young"), firm("share_cap", share=0.4, **AGE), size=(2, 3, 4)),
        "share_cap: age: no group of 2 to 4 people can keep it.",
    ),
    "a cap beside never alone": (
        problem(
            "id | age\n" + "\n".join(f"p{i} | {b}" for i, b in enumerate("aabbccddee")),
            firm("share_cap", share=0.3, **AGE),
            firm("never_alone", **AGE),
            size=(4, 5, 6),
        ),
        "share_cap: age and never_alone: age: no group of 4 to 6 people with 'a' can keep both.",
    ),
    "a cap beside the population": (
        problem(
            "id | age\n" + "\n".join(f"p{i} | {b}" for i, b in enumerate("aaaabbbb")),
            firm("share_cap", share=0.5, **AGE),
            firm("population_mirror", **AGE),
            size=(4, 4, 4),
            population={"age": {"a": 9, "b": 1}},
        ),
        "share_cap: age and population_mirror: age: no group of 4 to 4 people with 'a' can keep both.",
    ),
    "no facilitator": (problem(THREE, **LED), "Every group needs a facilitator, and none is given."),
    "few groups a facilitator": (
        problem(THREE, sessions=TWO, size=(1, 1, 1), facilitators=[Facilitator("eva")], facilitator="optional"),
        "All facilitators together lead at most 1 groups, and there could be 2. It would help if each may lead more: "
        "max_groups = 2.",
    ),
    "no skills": (
        problem(THREE, skills=frozenset({"dialogue"}), facilitators=[Facilitator("eva")], **LED),
        "No facilitator has what is asked: dialogue.",
    ),
    "an online group that is smaller than a group": (
        problem(THREE, sessions=[Session("s", 1, mode="online")], size=(7, 7, 8)),
        "No group can open in s: an online group holds at most 6 people, and a group needs 7.",
    ),
    "more rounds than new people": (
        problem(THREE, firm("met_before"), sessions=ROUNDS, size=(2, 2, 3), series="rounds", rounds=4),
        "Nobody may meet the same person twice: with 3 people in groups of at least 2, each can take part in at most 2 "
        "of 4 rounds.",
    ),
    "facilitators who may lead too little": (
        problem(
            THREE,
            sessions=ROUNDS[:2],
            size=(2, 3, 3),
            series="rounds",
            rounds=2,
            facilitators=[Facilitator("eva")],
            **LED,
        ),
        "Groups that the facilitators may lead in all (max_groups): 1; needed for all seats that people could take: at "
        "least 2.",
    ),
    "no population": (
        problem(AGES.format("old", "young"), KNOWN["population_mirror"](weight=1.0, dimension="age")),
        "population_mirror: age: there are no population figures, so it says nothing.",
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_a_warning_is_given_before_anything_is_solved(name: str) -> None:
    case, warning = WARNED[name]
    assert warning in map(words("en").say, explained(case)["warnings"])


@pytest.mark.parametrize("name", WARNED)
def test_a_warning_that_counts_or_names_a_bubble_is_personal_and_no_other(name: str) -> None:
    case, _ = WARNED[name]
    for warning in explained(case)["warnings"]:
        assert warning.personal == any(isinstance(each, BubbleName) for each in warning.named())
        assert warning.personal == (warning.key in ("warning.clash", "warning.new_or_alone"))


def test_every_warning_has_a_case() -> None:
    given = {warning.key for case, _ in WARNED.values() for warning in explained(case)["warnings"]}
    assert given == {key for key in keys() if key.startswith("warning.")}


def test_an_ordinary_problem_needs_no_warning() -> None:
    table = "id | age\n" + "\n".join(f"p{i} | {b}" for i, b in enumerate("aabbccaabb"))
    rules = (firm("share_cap", **AGE), firm("never_alone", **AGE), firm("at_least_different", **AGE))
    case = problem(table, *rules, sessions=ROUNDS[:2], series="rounds", rounds=1, bridging={"age": 1.0}, size=(4, 5, 6))
    assert explained(case)["warnings"] == ()


@pytest.mark.parametrize(("holders", "rounds"), [(2, 1), (3, 1), (4, 3), (5, 2), (6, 5)])
def test_a_small_bubble_runs_out_of_new_people(holders: int, rounds: int) -> None:
    assert new_rounds(holders) == rounds
