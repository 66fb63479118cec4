"""A plan that people were told, after some cancelled and some joined."""

from dataclasses import replace

import pytest

from matcher import Plan, check, match, repair
from matcher.bench.problems import evenings
from matcher.changes import moved

pytestmark = pytest.mark.slow

WHOLE = evenings(66, 2, 3, demand=1.0)
TOLD = match(replace(WHOLE, people=WHOLE.people[:62]), iterations=300_000).plan
GONE = frozenset(sorted(TOLD.placed())[::20])
NOW = replace(WHOLE, people=tuple(p for p in WHOLE.people if p.id not in GONE))
LEFT = Plan(tuple(replace(g, people=tuple(p for p in g.people if p not in GONE)) for g in TOLD.groups))


@pytest.fixture(scope="module")
def mended() -> Plan:
    result = repair(NOW, TOLD, iterations=300_000)
    assert result.figures.placed == len(result.plan.placed())
    return result.plan


def test_a_mended_plan_is_valid(mended: Plan) -> None:
    assert check(NOW, mended).valid


def test_nobody_who_was_told_loses_a_seat_to_somebody_new(mended: Plan) -> None:
    lost = LEFT.placed() - mended.placed()
    assert not lost or not (mended.placed() - LEFT.placed())


def test_few_are_moved(mended: Plan) -> None:
    assert len(moved(TOLD, mended)) <= 0.15 * len(LEFT.placed())


def test_nothing_changes_when_nothing_happened() -> None:
    before = replace(WHOLE, people=WHOLE.people[:62])
    result = repair(before, TOLD, iterations=100_000)
    assert moved(TOLD, result.plan) == ()
    assert result.plan.placed() >= TOLD.placed()


def test_keep_is_the_price_of_a_move() -> None:
    """Where moving costs nothing more people move than where it is dear."""
    free, dear = (repair(NOW, TOLD, keep=keep, iterations=300_000).plan for keep in (0.001, 50.0))
    assert len(moved(TOLD, dear)) <= len(moved(TOLD, free))
