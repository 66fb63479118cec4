"""Numbers in a format file: what fits, and what no float can hold is a fault like any other."""

import pytest

from matcher.toml.kinds import LARGEST, NUMBER


@pytest.mark.parametrize("value", [0, 0.5, 3, LARGEST])
def test_a_number_of_nought_or_more(value: float) -> None:
    assert NUMBER.fits(value)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), float("-inf"), 10**400, True, "3", None])
def test_anything_else_is_refused_without_an_error(value: object) -> None:
    assert not NUMBER.fits(value)
