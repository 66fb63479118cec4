"""The program behind a bound: never below what a point is worth, and closer over whole numbers."""

from itertools import product
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.linear_program import LinearProgram


def knapsack(worth: list[int], weight: list[int], most: int) -> LinearProgram:
    """Up to two of each thing, not too heavy together."""
    program = LinearProgram()
    things = [program.column(float(w), 2.0) for w in worth]
    program.row({thing: float(w) for thing, w in zip(things, weight, strict=True)}, 0, most)
    return program


def best_of(worth: list[int], weight: list[int], most: int) -> int:
    """By trying everything."""
    packed = product(range(3), repeat=len(worth))
    return max(sum(n * w for n, w in zip(many, worth, strict=True)) for many in packed
               if sum(n * w for n, w in zip(many, weight, strict=True)) <= most)  # fmt: skip


THINGS = st.lists(st.tuples(st.integers(1, 20), st.integers(1, 12)), min_size=1, max_size=5)


@settings(deadline=None, derandomize=True)
@given(THINGS, st.integers(1, 40))
def test_whole_numbers_are_bounded_by_the_best_of_them_and_fractions_by_more(things: list, most: int) -> None:
    worth, weight = [w for w, _ in things], [w for _, w in things]
    best = best_of(worth, weight, most)
    assert knapsack(worth, weight, most).maximum(5, Event()) == pytest.approx(best)
    assert knapsack(worth, weight, most).maximum(0, Event()) >= best - 1e-6


def test_who_has_had_enough_gets_what_fractions_prove() -> None:
    """One thing of weight 2 in a bag for 3: one whole one, one and a half otherwise."""
    enough = Event()
    assert knapsack([10], [2], 3).maximum(60, enough) == pytest.approx(10)
    enough.set()
    assert knapsack([10], [2], 3).maximum(60, enough) == pytest.approx(15)


def test_what_nobody_can_meet_bounds_nothing() -> None:
    program = LinearProgram()
    program.row({program.column(1.0, 1.0): 1.0}, 2, 3)
    assert program.maximum(0, Event()) == float("inf")


def test_prices_say_what_more_would_add() -> None:
    """Of two things in one bag the better one fills it; a row that binds nothing is worth nothing."""
    program = LinearProgram()
    good, poor = program.column(3.0), program.column(1.0)
    program.row({good: 1.0, poor: 1.0}, 0, 2)
    program.row({poor: 1.0}, 0, 5)
    assert program.prices() == pytest.approx([3, 0], abs=1e-4)
