"""What cannot be asked: every fault at once, each in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from matcher.lottery import Quota, QuotaError, lottery
from matcher.words import words
from tests.lottery.cases import TRIANGLE, quotas


def faults(lines: list[Quota], places: int = 2) -> tuple[str, ...]:
    with pytest.raises(QuotaError) as caught:
        lottery(TRIANGLE, lines, places)
    assert isinstance(caught.value, ValueError)
    said = tuple(map(words("en").say, caught.value.faults))
    assert str(caught.value) == "\n".join(said)
    return said


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (Quota("a", "1", 2, 1), "a '1': min 2 is above max 1"),
        (Quota("a", "1", -1, 1), "a '1': min and max must not be negative (-1, 1)"),
        (Quota("a", "1", 0, 1.5), "a '1': min and max must be whole numbers, not 0 and 1.5"),  # type: ignore[arg-type]
        (Quota("d", "1", 0, 1), "unknown dimension 'd', there are: a, b, c"),
        (Quota("a", "2", 1, 1), "unknown bubble '2' of a, there are: 1"),
    ],
)
def test_a_line_that_cannot_be_asked(line: Quota, fault: str) -> None:
    assert faults([line]) == (fault,)


@pytest.mark.parametrize(
    ("places", "fault"),
    [
        (5, "there are more places (5) than people (4)"),
        (0, "places must be at least 1, not 0"),
        (1.5, "places must be a whole number, not 1.5"),
    ],
)
def test_places_that_cannot_be_filled(places: int, fault: str) -> None:
    assert faults([], places) == (fault,)


def test_a_bubble_has_one_line() -> None:
    assert faults(quotas("a 1 0-1\nb 1 0-1\na 1 1-1")) == ("a '1' has 2 quota lines, one is allowed",)


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(quotas("a 1 2-1\nx 1 0-1\nb 7 3-2"), 9)) == 5


def test_a_line_for_a_bubble_of_nobody_may_ask_for_nobody() -> None:
    """Quotas follow the figures of a district; that nobody of a bubble signed up is no fault of theirs."""
    with_it, without = lottery(TRIANGLE, [Quota("a", "2", 0, 3)], 2), lottery(TRIANGLE, [], 2)
    assert with_it.feasible and with_it.probabilities == without.probabilities


def test_people_who_told_nothing_know_no_dimension() -> None:
    with pytest.raises(QuotaError, match="unknown dimension 'a', there are: none"):
        lottery({"Amina": {}, "Bart": {"a": None}}, [Quota("a", "1", 0, 1)], 1)


def test_a_missing_dimension_was_not_told() -> None:
    result = lottery({"Amina": {}, "Bart": {"a": "1"}, "Chantal": {"a": None}}, [Quota("a", "1", 0, 0)], 1)
    assert result.excluded == ("Bart",)


def test_picking_needs_no_solver() -> None:
    code = "import sys, matcher.lottery; print('highspy' in sys.modules)"
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
