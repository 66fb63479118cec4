"""A run ends in time: what follows the search has its part of the seconds, and no step begins that ends too late."""

from matcher.budget import Budget
from matcher.cli.progress import GRACE, WRITING, BudgetOptions


class Clock:
    """Shows what it was set to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_end_is_kept_for_what_follows_but_never_more_than_half() -> None:
    clock = Clock()
    budget = Budget(10.0, None, clock)
    budget.keep(3.0)
    clock.now = 6.9
    assert not budget.over()
    clock.now = 7.0
    assert budget.over()
    budget.keep(8.0)
    assert budget.reserve == 5.0


def test_no_step_begins_that_would_end_later_than_it_does_good() -> None:
    clock = Clock()
    budget = Budget(10.0, None, clock)
    clock.now = 8.0
    budget.pace(3.9)
    assert not budget.over()
    budget.pace(4.0)
    assert budget.over()
    assert budget.stopped_by() == "seconds"


def test_iterations_know_no_clock() -> None:
    clock = Clock()
    budget = Budget(None, 100, clock)
    budget.keep(5.0)
    clock.now = 1000.0
    budget.pace(500.0)
    assert not budget.over()
    assert not budget.past()
    budget.done = 100
    assert budget.over()
    assert budget.stopped_by() == "iterations"


def test_reading_and_writing_are_part_of_the_seconds_that_were_given() -> None:
    given = BudgetOptions(10.0, None, 1, 2)
    assert given.after(0.5, reading=0.1).seconds == 10.0
    assert given.after(1.0, reading=1.0).seconds == 10.0 - (1.0 + (1 + WRITING) * 1.0 - GRACE)
    assert given.after(60.0, reading=60.0).seconds == 5.0
