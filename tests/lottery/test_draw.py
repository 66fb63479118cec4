"""Tickets: all of them given out, each to one panel, and a number draws the panel that holds it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.lottery import TICKETS, Lottery, Quota, TicketError, lottery, pick
from matcher.lottery.draw import apportioned, portfolio
from tests.lottery.cases import TRIANGLE, People, pools, quotas


@settings(max_examples=40, deadline=None)
@given(pools(most=10))
def test_every_ticket_is_in_one_panel(pool: tuple[People, list[Quota], int]) -> None:
    result = lottery(*pool)
    ends = [0]
    for panel in result.portfolio:
        assert panel.first == ends[-1]
        assert abs(panel.tickets - panel.probability * TICKETS) < 1
        ends.append(panel.end)
    assert ends[-1] == (TICKETS if result.feasible else 0)


def test_a_number_draws_the_panel_that_holds_it() -> None:
    result = lottery(TRIANGLE, quotas("a 1 1-1"), 2)
    for panel in result.portfolio:
        for number in (panel.first, panel.end - 1):
            assert pick(result, number) is panel
    assert pick(result, 0) is result.portfolio[0]
    assert pick(result, TICKETS - 1) is result.portfolio[-1]


def test_a_panel_without_tickets_is_never_drawn() -> None:
    panels = portfolio({("Amina",): 10**12 - 1, ("Bart",): 1})
    result = Lottery(places=1, seed=1, portfolio=panels)
    assert [panel.tickets for panel in panels] == [TICKETS, 0]
    assert pick(result, TICKETS - 1).people == ("Amina",)


def test_the_tickets_keep_the_chances() -> None:
    dice = random.Random(1)
    folk = {f"p{i:02}": {"age": dice.choice(["young", "old", None])} for i in range(50)}
    result = lottery(folk, [Quota("age", "young", 8, 9)], 20)
    assert result.odds == pytest.approx(dict(result.probabilities), abs=5e-5)
    assert sum(result.odds.values()) == pytest.approx(20)


@pytest.mark.parametrize("number", [-1, TICKETS])
def test_there_is_no_such_ticket(number: int) -> None:
    with pytest.raises(TicketError, match="tickets are numbered from 0 to 999999"):
        pick(lottery(TRIANGLE, [], 2), number)


def test_nothing_to_draw() -> None:
    with pytest.raises(TicketError, match="no panel meets the quotas"):
        pick(lottery(TRIANGLE, quotas("a 1 3-3"), 3), 0)


@given(st.lists(st.integers(0, 10**6), min_size=1).filter(any), st.integers(1, 10**6))
def test_nothing_is_lost_by_largest_remainder(parts: list[int], total: int) -> None:
    shares = apportioned(parts, total)
    assert sum(shares) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(share - part * total / sum(parts)) < 1


def test_the_first_wins_a_tie() -> None:
    assert apportioned([1, 1, 1], 4) == [2, 1, 1]
