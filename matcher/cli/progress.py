"""Progress on a terminal, and Ctrl-C as a wish to stop with the best plan so far."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass, replace
from threading import current_thread, main_thread
from types import FrameType
from typing import Any, Self

import click

from matcher.outcome import Progress

GRACE = 1.5
"""Seconds that a run may take beside those that were given: a small problem has them all for its search."""
WRITING = 4.0
"""What it takes to write a plan and its report, times what it took to read the problem."""


@dataclass(frozen=True, slots=True)
class BudgetOptions:
    """How long to search: by seconds, or by iterations if these are given."""

    seconds: float
    iterations: int | None
    seed: int
    workers: int

    def after(self, spent: float, reading: float) -> BudgetOptions:
        """The seconds that are left for the engine: reading took some, and writing takes several times as many."""
        gone = spent + (1 + WRITING) * reading - GRACE
        return replace(self, seconds=max(self.seconds - max(0.0, gone), self.seconds / 2))

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of the engine."""
        seconds = None if self.iterations else self.seconds
        return {
            "seconds": seconds,
            "iterations": self.iterations,
            "seed": self.seed,
            "workers": self.workers,
        }

    def share(self, progress: Progress) -> float:
        """How much of it is used, from 0 to 1."""
        used = progress.iterations / self.iterations if self.iterations else progress.seconds / self.seconds
        return min(1.0, max(0.0, used))


class Wish:
    """Ctrl-C as a wish to stop, to be asked for at a convenient moment; a second one does not wait."""

    def __init__(self) -> None:
        self.asked = False
        self._before: Any = None

    def __enter__(self) -> Self:
        self._before = self.listen()
        return self

    def listen(self) -> Any:
        """Hear Ctrl-C; again and again, for solvers take it over and do not give it back."""
        return signal.signal(signal.SIGINT, self._ask) if current_thread() is main_thread() else None

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        click.echo("\nStopping with the best plan so far (Ctrl-C again: stop now).", err=True)


class ProgressBar(Wish):
    """The callback of the engine: draws a bar on a terminal and says whether to stop."""

    def __init__(self, budget: BudgetOptions) -> None:
        super().__init__()
        self.budget = budget
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=1000, file=sys.stderr, item_show_func=_shown, width=24)
            self._bar.__enter__()
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if self._bar:
            self._bar.__exit__(*error)

    def __call__(self, progress: Progress) -> bool:
        """Show where the engine is; True asks it to stop."""
        self.listen()
        if self._bar:
            done = int(1000 * self.budget.share(progress))
            self._bar.update(max(0, done - self._done), progress)
            self._done = max(done, self._done)
        return self.asked


def _shown(progress: Progress | None) -> str:
    if progress is None:
        return ""
    placed = f"{progress.phase}: {progress.placed:,} of at most {progress.placed_bound:,} placed"
    if progress.bridging_bound <= 0:
        return placed
    return f"{placed}, mixing {progress.bridging / progress.bridging_bound:.1%} of its bound"
