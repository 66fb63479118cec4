"""The chances: those of a brute-force leximin on tiny pools, proven, in whatever order people come."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.lottery import Lottery, Quota, lottery
from tests.lottery import oracle
from tests.lottery.cases import ONE_OF_EACH, OVERLAPPING, TRIANGLE, People, people, pools, quotas

pytestmark = pytest.mark.slow


def close(chances: dict[str, float]) -> object:
    return pytest.approx(chances, abs=1e-6)


def crowd(seed: int, size: int) -> People:
    dice = random.Random(seed)
    ask = {"age": ("16-29", "30-49", "50+"), "education": ("low", "mid", "high"), "side": ("north", "south")}
    return {f"p{i:03}": {d: dice.choice([*b, None]) for d, b in ask.items()} for i in range(size)}


@settings(max_examples=100, deadline=None)
@given(pools() | pools(asked=OVERLAPPING))
def test_every_chance_is_that_of_brute_force(pool: tuple[People, list[Quota], int]) -> None:
    folk, lines, places = pool
    expected, result = oracle.leximin(folk, lines, places), lottery(folk, lines, places)
    assert dict(result.probabilities) == close(expected)
    assert result.feasible == bool(expected)
    if expected:
        assert result.maximin == pytest.approx(min(expected.values()), abs=1e-6)
        assert result.proven
        assert abs(result.bound - result.maximin) <= 1e-6
        assert result.excluded == tuple(p for p in sorted(folk) if expected[p] < 1e-7)
        assert result.certain == tuple(p for p in sorted(folk) if expected[p] > 1 - 1e-7)


@settings(max_examples=60, deadline=None)
@given(pools(most=12), st.integers(0, 5))
def test_a_portfolio_is_made_of_panels_that_meet_the_quotas(pool: tuple[People, list[Quota], int], seed: int) -> None:
    result = lottery(*pool, seed=seed)
    sound(result, *pool)


def sound(result: Lottery, folk: People, lines: list[Quota], places: int) -> None:
    """What holds for every lottery that has panels, proven or stopped."""
    if not result.feasible:
        return
    for panel in result.portfolio:
        assert len(set(panel.people)) == places
        assert oracle.meets(folk, lines, panel.people)
    assert sum(result.probabilities.values()) == pytest.approx(places, abs=1e-9)
    assert sum(panel.probability for panel in result.portfolio) == pytest.approx(1, abs=1e-9)
    held = {p: sum(panel.probability for panel in result.portfolio if p in panel.people) for p in folk}
    assert dict(result.probabilities) == pytest.approx(held, abs=1e-9)
    assert result.maximin <= result.bound + 1e-6


@settings(max_examples=30, deadline=None)
@given(pools(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(pool: tuple[People, list[Quota], int], dice: random.Random) -> None:
    folk, lines, places = pool
    shuffled = dict(dice.sample(sorted(folk.items()), len(folk)))
    assert lottery(shuffled, lines, places) == lottery(folk, lines, places)


def test_the_order_of_quota_lines_does_not_change_the_chances() -> None:
    folk, lines = crowd(1, 40), quotas("age 50+ 3-4\neducation low 4-6\nside north 3-5")
    forth, back = lottery(folk, lines, 9), lottery(folk, lines[::-1], 9)
    assert dict(back.probabilities) == close(dict(forth.probabilities))


def test_the_seed_chooses_another_portfolio_with_the_same_chances() -> None:
    folk, lines = crowd(1, 40), quotas("age 50+ 3-4\neducation low 4-6\nside north 3-5")
    one, again, other = (lottery(folk, lines, 9, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.portfolio != other.portfolio
    assert dict(one.probabilities) == close(dict(other.probabilities))


def test_without_quotas_everybody_has_the_same_chance() -> None:
    result = lottery(TRIANGLE, [], 3)
    assert dict(result.probabilities) == close(dict.fromkeys(TRIANGLE, 0.75))
    assert result.levels == 1


def test_a_place_for_everybody_is_no_draw() -> None:
    result = lottery(TRIANGLE, [], 4)
    assert [panel.people for panel in result.portfolio] == [("Amina", "Bart", "Chantal", "Dirk")]
    assert result.certain == ("Amina", "Bart", "Chantal", "Dirk")


def test_maximin_alone_is_not_leximin() -> None:
    """Four share one place, so no lottery gives all more than 1/4; the two who share the other can have 1/2.

    A careless lottery that gives Chantal 1/4 and Dirk 3/4 is as good by its smallest chance.
    """
    folk = people("""
        id      | age
        Amina   | young
        Bart    | young
        Emre    | young
        Farida  | young
        Chantal | old
        Dirk    | old
    """)
    lines = quotas("age young 1-1\nage old 1-1")
    careless = [("Amina", "Chantal"), ("Bart", "Dirk"), ("Dirk", "Emre"), ("Dirk", "Farida")]
    assert all(oracle.meets(folk, lines, panel) for panel in careless)
    smallest = min(sum(person in panel for panel in careless) / 4 for person in folk)
    result = lottery(folk, lines, 2)
    assert result.maximin == pytest.approx(smallest)
    young = dict.fromkeys(("Amina", "Bart", "Emre", "Farida"), 0.25)
    assert dict(result.probabilities) == close({**young, "Chantal": 0.5, "Dirk": 0.5})
    assert result.levels == 2


def test_who_can_never_have_a_place_is_named_and_the_others_stay_equal() -> None:
    folk = people("""
        id      | age
        Amina   | young
        Bart    | young
        Chantal | young
        Dirk    | old
    """)
    result = lottery(folk, quotas("age old 0-0"), 2)
    assert result.excluded == ("Dirk",)
    assert result.maximin == 0
    assert dict(result.probabilities) == close({"Amina": 2 / 3, "Bart": 2 / 3, "Chantal": 2 / 3, "Dirk": 0})


def test_half_people_are_not_counted() -> None:
    """Fractions would give each a chance of 1/2; of whole people only one of three fits beside Dirk."""
    result = lottery(TRIANGLE, ONE_OF_EACH, 2)
    third = dict.fromkeys(("Amina", "Bart", "Chantal"), 1 / 3)
    assert dict(result.probabilities) == close({**third, "Dirk": 1})
    assert result.proven
    assert result.bound == pytest.approx(1 / 3, abs=1e-6)


def doubled(folk: People, times: int) -> People:
    return {f"{person}{i}": told for person, told in folk.items() for i in range(times)}


@pytest.mark.parametrize("most", [3, 5])
def test_half_people_are_not_counted_in_a_crowd(most: int) -> None:
    """Two bubbles each and odd room in all three: one place of the room stays empty."""
    lines = [Quota(d, "1", 0, most) for d in "abc"]
    fit = 3 * most // 2
    result = lottery(doubled(TRIANGLE, 6), lines, 6 + fit)
    assert result.certain == tuple(f"Dirk{i}" for i in range(6))
    assert result.maximin == pytest.approx(fit / 18, abs=1e-6)
    assert result.proven


def test_a_level_that_rounding_makes_impossible() -> None:
    """The first level is 0 but for a hair, and settling people at that hair left no solution at all."""
    folk = people("""
        id | a | b | c | d | e
        p0 | 0 | 1 |   |   | 0
        p1 |   | 1 |   |   | 1
        p2 | 1 | 0 |   | 0 | 1
        p3 | 0 | 1 |   |   | 0
        p4 | 1 | 1 | 0 | 0 | 0
        p5 | 1 | 0 | 1 |   | 0
        p6 |   |   | 0 | 0 | 0
        p7 | 0 |   | 1 |   | 0
    """)
    lines = quotas("a 1 1-1\nb 0 0-1\nb 1 2-2\nc 0 0-0\nc 1 0-2\nd 0 0-0\ne 0 1-2\ne 1 0-1")
    assert dict(lottery(folk, lines, 3).probabilities) == close(oracle.leximin(folk, lines, 3))


def test_people_who_count_for_the_same_lines_have_the_same_chance() -> None:
    folk = crowd(3, 60)
    result = lottery(folk, quotas("age 50+ 4-5\nage 16-29 5-6\neducation low 6-7\nside south 5-5"), 15)
    by_kind: dict[tuple[bool, ...], set[float]] = {}
    for person, told in folk.items():
        kind = (
            told["age"] == "50+",
            told["age"] == "16-29",
            told["education"] == "low",
            told["side"] == "south",
        )
        by_kind.setdefault(kind, set()).add(round(result.probabilities[person], 9))
    assert {len(chances) for chances in by_kind.values()} == {1}


@pytest.mark.parametrize("phase", ["seeding", "reaching", "rising"])
def test_stopping_leaves_a_valid_lottery(phase: str) -> None:
    folk, lines = doubled(TRIANGLE, 6), [Quota(d, "1", 0, 3) for d in "abc"]
    heard: list[str] = []

    def stop(now: str, smallest: float, bound: float) -> bool:
        heard.append(now)
        return now == phase

    result = lottery(folk, lines, 10, progress=stop)
    assert heard.count(phase) == 1
    assert result.feasible
    assert not result.proven
    sound(result, folk, lines, 10)


@pytest.mark.parametrize("turns", [20, 30, 40])
def test_stopping_gives_no_less_than_was_reported(turns: int) -> None:
    folk = crowd(2, 80)
    asked = sorted({(d, b) for told in folk.values() for d, b in told.items() if b})
    lines = [Quota(d, b, 3, 5) for d, b in asked]
    reported: list[float] = []

    def stop(phase: str, smallest: float, bound: float) -> bool:
        reported.append(smallest)
        return len(reported) == turns

    result = lottery(folk, lines, 12, progress=stop)
    assert len(reported) == turns
    assert not result.proven
    assert result.maximin >= max(reported) - 1e-6
    assert result.maximin > 0
    sound(result, folk, lines, 12)


def test_progress_never_promises_more_than_its_bound() -> None:
    seen: list[tuple[str, float, float]] = []
    lottery(crowd(1, 40), quotas("age 50+ 3-4\nside north 3-5"), 9, progress=lambda *news: seen.append(news))
    assert seen
    assert all(0 <= value <= bound + 1e-6 for _, value, bound in seen)
