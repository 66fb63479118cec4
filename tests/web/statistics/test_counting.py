"""Numbers as they are shown: whatever is shown, no small number can be worked out from it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web.services.statistics.protected import HIDDEN, protected

SMALL, STEP = 4, 2
"""The same rules on a smaller scale, so that a test can try all that is possible."""


def texts(numbers: tuple[int, ...], offsets: tuple[int, ...], people: int, overlapping: bool) -> tuple[str, ...]:
    return tuple(c.text for c in protected(numbers, offsets, people, small=SMALL, step=STEP, overlapping=overlapping))


def possible(people: int, cells: int, overlapping: bool) -> Iterator[tuple[int, ...]]:
    """Every way in which `people` can have answered; the last number is who did not."""
    for numbers in product(range(people + 1), repeat=cells):
        *told, silent = numbers
        if not overlapping and sum(numbers) == people:
            yield numbers
        if overlapping and max(told) <= people - silent <= sum(told):
            yield numbers


@cache
def by_page(people: int, cells: int, overlapping: bool) -> dict[tuple[str, ...], set[tuple[int, ...]]]:
    """Which numbers give the same page, with one offset or another."""
    pages: dict[tuple[str, ...], set[tuple[int, ...]]] = {}
    for numbers in possible(people, cells, overlapping):
        for offsets in product(range(STEP), repeat=cells):
            pages.setdefault(texts(numbers, offsets, people, overlapping), set()).add(numbers)
    return pages


@pytest.mark.parametrize("overlapping", [False, True])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_who_knows_the_rules_and_the_total_cannot_work_out_a_hidden_number(overlapping: bool, data) -> None:
    people, cells = data.draw(st.integers(STEP + 1, 13)), data.draw(st.integers(3 if overlapping else 2, 3))
    pages = by_page(people, cells, overlapping)
    page = data.draw(st.sampled_from(sorted(pages)))
    for i, text in enumerate(page):
        values = {numbers[i] for numbers in pages[page]}
        if not text.isdecimal():
            assert max(values) - min(values) >= STEP, (people, page, pages[page])
        else:
            assert min(values) >= SMALL


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 4)), min_size=2, max_size=7), st.booleans())
def test_no_number_under_ten_is_shown_and_the_others_are_round(told: list[tuple[int, int]], overlapping: bool) -> None:
    numbers, offsets = zip(*told, strict=True)
    people = max(numbers) if overlapping else sum(numbers)
    cells = protected(numbers, offsets, people, small=10, step=5, overlapping=overlapping)
    for number, cell in zip(numbers, cells, strict=True):
        if cell.value is None:
            assert cell.text in ("<10", HIDDEN)
            assert number < 14 or {other.text for other in cells} == {HIDDEN}
        else:
            assert number >= 10
            assert cell.value % 5 == 0
            assert abs(cell.value - number) <= 4


@pytest.mark.parametrize("before", range(40))
def test_one_person_more_changes_what_is_shown_in_one_case_of_five_wherever_the_number_stands(before: int) -> None:
    def shown(number: int, offset: int) -> str:
        return protected((number,), (offset,), number, small=10, step=5)[0].text

    one, more = ([shown(number, offset) for offset in range(5)] for number in (before, before + 1))
    assert len([text for text in one if text not in more or one.count(text) > more.count(text)]) <= 5
    assert sum(max(0, one.count(text) - more.count(text)) for text in set(one)) <= 1


def test_over_all_offsets_a_number_is_shown_as_what_it_is() -> None:
    for number in range(14, 60):
        values = [protected((number,), (offset,), 99, small=10, step=5)[0].value for offset in range(5)]
        assert sum(values) == 5 * number


def test_the_complement_of_nearly_everybody_is_hidden_too() -> None:
    assert [c.text for c in protected((19, 1), (2, 2), 20, small=10, step=5)] == [HIDDEN] * 2
    assert [c.text for c in protected((38, 12, 0), (2, 2, 2), 38, small=10, step=5, overlapping=True)] == [HIDDEN] * 3


def test_what_is_large_enough_is_shown() -> None:
    assert [c.text for c in protected((23, 14, 13), (2, 2, 2), 50, small=10, step=5)] == ["25", "15", "15"]
