"""The ceiling of a round against everything there is, at a size where that can be tried."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.bench import ceiling, metrics


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    """Nine people need no thousands of exchanges."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ceiling, "STARTS", 40)
        patch.setattr(ceiling, "EXCHANGES", 150)
        yield


def partitions(people: list[int], size: int) -> Iterator[list[tuple[int, ...]]]:
    if not people:
        yield []
    for others in combinations(people[1:], size - 1):
        group = (people[0], *others)
        for rest in partitions([p for p in people if p not in group], size):
            yield [group, *rest]


def tried(answers: dict[str, tuple[str, ...]], below: float) -> int:
    """The most by trying everything; below 0 if somebody is always alone."""
    names, most = list(answers), -1
    for groups in partitions(list(range(len(names))), 3):
        tables = [[names[i] for i in group] for group in groups]
        if metrics.lone_minority(answers, [tables], below) == 0:
            pairs = [pair for table in tables for pair in combinations(table, 2)]
            most = max(most, sum(x != y for a, b in pairs for x, y in zip(answers[a], answers[b], strict=True)))
    return most


PEOPLE = st.lists(st.tuples(st.sampled_from("aab"), st.sampled_from("xyz")), min_size=9, max_size=9)
"""With a minority of a third at most, there often is a way to leave nobody alone."""


@settings(deadline=None, derandomize=True, max_examples=25)
@given(PEOPLE)
def test_no_choice_of_groups_has_more(told: list[tuple[str, str]]) -> None:
    answers = {f"p{i}": answer for i, answer in enumerate(told)}
    most = tried(answers, 0.4)
    assume(most >= 0)
    assert ceiling.most_of(ceiling.round_of(answers, 3, 0.4)) >= most


def test_an_odd_minority_cannot_sit_in_pairs_only() -> None:
    """Three of nine share an answer, so one table holds all three: without that row, one and a half pairs would do."""
    answers = {f"p{i}": ("a" if i < 3 else "b",) for i in range(9)}
    assert tried(answers, 0.5) == 0
    assert ceiling.most_of(ceiling.round_of(answers, 3, 0.5)) == 0


def test_what_groups_are_worth_is_what_the_measure_counts() -> None:
    answers = {f"p{i}": ("ab"[i % 2], "xyz"[i % 3]) for i in range(6)}
    round = ceiling.round_of(answers, 3)
    worth = round.worth(np.array([[0, 1, 2], [3, 4, 5]]))
    tables = [["p0", "p1", "p2"], ["p3", "p4", "p5"]]
    share = metrics.hamming_percent(answers, [tables]) / 100
    assert worth.sum() == pytest.approx(share * metrics.hamming_bound(answers, [3, 3]))
