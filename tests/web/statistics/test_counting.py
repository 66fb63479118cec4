"""Figures about sign-ups: whatever is shown, no small number can be worked out from it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import Series, db
from web.services.statistics import protected as protected_service
from web.services.statistics.protected import protected

SMALL, STEP = 6, 3
"""The same rules on a smaller scale, so that a test can try all that is possible."""


def texts(numbers: tuple[int, ...], people: int, overlapping: bool, small: int = SMALL, step: int = STEP):
    return tuple(c.text for c in protected(numbers, people, small=small, step=step, overlapping=overlapping))


def possible(people: int, cells: int, overlapping: bool) -> Iterator[tuple[int, ...]]:
    """Every way in which `people` can have answered; the last number is who did not."""
    for numbers in product(range(people + 1), repeat=cells):
        *told, silent = numbers
        if not overlapping and sum(numbers) == people:
            yield numbers
        if overlapping and max(told) <= people - silent <= sum(told):
            yield numbers


@cache
def by_page(people: int, cells: int, overlapping: bool) -> dict[tuple[str, ...], list[tuple[int, ...]]]:
    """Which numbers give the same page."""
    pages: dict[tuple[str, ...], list[tuple[int, ...]]] = {}
    for numbers in possible(people, cells, overlapping):
        pages.setdefault(texts(numbers, people, overlapping), []).append(numbers)
    return pages


@pytest.mark.parametrize("overlapping", [False, True])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_who_knows_the_rules_and_the_total_cannot_work_out_a_hidden_number(overlapping: bool, data) -> None:
    people, cells = data.draw(st.integers(STEP + 1, 18)), data.draw(st.integers(3 if overlapping else 2, 3))
    pages = by_page(people, cells, overlapping)
    page = data.draw(st.sampled_from(sorted(pages)))
    for i, text in enumerate(page):
        values = {numbers[i] for numbers in pages[page]}
        if not text.isdecimal():
            assert max(values) - min(values) >= STEP, (people, page, pages[page])
        else:
            assert min(values) >= SMALL


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=7), st.booleans())
def test_no_number_under_ten_is_shown_and_the_others_are_round(numbers: list[int], overlapping: bool) -> None:
    people = max(numbers) if overlapping else sum(numbers)
    cells = protected(numbers, people, small=10, step=5, overlapping=overlapping)
    for number, cell in zip(numbers, cells, strict=True):
        if cell.value is None:
            assert cell.text in ("<10", protected_service.HIDDEN)
            assert number < 10 or {other.text for other in cells} == {protected_service.HIDDEN}
        else:
            assert number >= 10
            assert cell.value % 5 == 0
            assert abs(cell.value - number) <= 2


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=7))
def test_taking_what_is_shown_from_the_total_leaves_every_hidden_number_open(numbers: list[int]) -> None:
    people = sum(numbers)
    cells = protected(numbers, people, small=10, step=5)
    shown = [cell.value for cell in cells if cell.value is not None]
    if shown and len(shown) == len(cells) - 1:
        least, most = people - sum(v + 2 for v in shown), people - sum(max(10, v - 2) for v in shown)
        assert min(most, 9) - max(least, 0) >= 5


def test_the_complement_of_nearly_everybody_is_hidden_too() -> None:
    assert texts((17, 3), 20, False, 10, 5) == ("–", "–")
    assert texts((38, 12, 0), 40, True, 10, 5) == ("–", "–", "–")


def test_two_nines_are_not_given_away_by_both_being_under_ten() -> None:
    assert texts((9, 9), 18, False, 10, 5) == ("–", "–")


def test_what_is_large_enough_is_shown() -> None:
    assert texts((23, 14, 13), 50, False, 10, 5) == ("25", "15", "15")
    assert texts((50, 45, 5), 100, False, 10, 5) == ("50", "45", "<10")


def crowd(app: Flask, cast: Cast, size: int, **more: object) -> None:
    for i in range(size):
        casting.sign_up(app, cast, f"Buur{chr(97 + i // 26)}{chr(97 + i % 26)}", **more)


def of(figures: protected_service.ProtectedFigures, dimension: str) -> dict[str, str]:
    counted = next(c for c in figures.dimensions if c.dimension.key == dimension)
    return {key: cell.text for key, cell in counted.cells}


def test_only_answers_with_consent_are_counted(app: Flask, cast: Cast, settings: config.Settings) -> None:
    with app.app_context():
        crowd(app, cast, 16)
        crowd(app, cast, 5, channel="paper", bubbles={"age": ["15-25"]})
        for i in range(19):
            casting.sign_up(app, cast, f"Nee{chr(97 + i)}", consents=frozenset())
        figures = protected_service.counts(db.session, db.session.get_one(Series, cast.series), settings)
    assert figures.people == 40
    shown = of(figures, "age")
    assert (shown["15-25"], shown["26-40"], shown[""]) == ("<10", "15", "20")
    assert [cell.text for _, cell in figures.sessions] == ["40", "40", "<10"]


def test_one_more_sign_up_changes_no_figure(app: Flask, cast: Cast, settings: config.Settings) -> None:
    with app.app_context():
        crowd(app, cast, 22)
        series = db.session.get_one(Series, cast.series)
        before = protected_service.counts(db.session, series, settings)
        casting.sign_up(app, cast, "Zoë")
        assert protected_service.counts(db.session, series, settings) == before


def test_few_is_only_said_of_what_the_figures_say(app: Flask, cast: Cast, settings: config.Settings) -> None:
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        assert protected_service.few(protected_service.counts(db.session, series, settings), ["age"]) == []
        for age, size in (("15-25", 5), ("26-40", 15), ("41-60", 16), ("61-75", 13), ("76-plus", 11)):
            for i in range(size):
                casting.sign_up(app, cast, f"B{age}{i}", email=None, reach="via", bubbles={"age": [age]})
        figures = protected_service.counts(db.session, series, settings)
        assert [key for _, key in protected_service.few(figures, ["age"])] == ["15-25"]
        assert protected_service.few(figures, ["education"]) == []
