"""How long a run may take: in seconds for people, in iterations where it must be repeated exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from matcher.outcome import Progress

Watch = Callable[[Progress], object]
PAUSE = 0.2
"""Seconds between two reports."""


@dataclass
class Budget:
    """Counts iterations and asks the clock; `told` is set when the progress callback asked to stop.

    `reserve` are the seconds at the end that are kept for what follows the search.
    """

    seconds: float | None
    iterations: int | None
    clock: Callable[[], float]
    progress: Watch | None = None
    done: int = 0
    told: bool = False
    reserve: float = 0.0
    ended: bool = False
    started: float = field(init=False)
    spoke: float = -math.inf
    pause: float = PAUSE

    def __post_init__(self) -> None:
        if self.seconds is None and self.iterations is None:
            self.seconds = 10.0
        self.started = self.clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started

    @property
    def left(self) -> int:
        """Iterations left; very many when only seconds count."""
        return (self.iterations if self.iterations is not None else 10**15) - self.done

    def over(self) -> bool:
        """Whether to stop: told so, out of iterations, or out of time."""
        return self.told or self.ended or self.left <= 0 or self.late()

    def late(self, ahead: float = 0.0) -> bool:
        """Whether the seconds for the search are over so far `ahead`."""
        return self.seconds is not None and self.elapsed + ahead >= self.seconds - self.reserve

    def past(self) -> bool:
        """Whether all seconds are over, and those by which a run may be late: nothing that can wait is begun."""
        return self.seconds is not None and self.elapsed >= 1.05 * self.seconds + 0.5

    def keep(self, seconds: float) -> None:
        """Keep so much of the end, but never more than half of all."""
        if self.seconds is not None:
            self.reserve = min(seconds, self.seconds / 2)

    def pace(self, step: float) -> None:
        """The last step took so long: when the next one would end later than it would do good, there is none."""
        self.ended = self.ended or self.late(step / 2)

    def tell(self, news: Callable[[], Progress]) -> None:
        """Report at most five times a second, and for at most a tenth of the time; who listens may ask to stop."""
        begun = self.elapsed
        if self.progress is not None and begun - self.spoke >= self.pause:
            self.told = bool(self.progress(news())) or self.told
            self.spoke = self.elapsed
            self.pause = max(PAUSE, 10 * (self.spoke - begun))

    def stopped_by(self) -> str:
        """`callback`, `iterations` or `seconds`."""
        if self.told:
            return "callback"
        return "iterations" if self.left <= 0 else "seconds"
