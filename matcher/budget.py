"""How long a run may take: in seconds for people, in iterations where it must be repeated exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from matcher.domain import Progress

Watch = Callable[[Progress], object]


@dataclass
class Budget:
    """Counts iterations and asks the clock; `told` is set when the progress callback asked to stop."""

    seconds: float | None
    iterations: int | None
    clock: Callable[[], float]
    progress: Watch | None = None
    done: int = 0
    told: bool = False
    started: float = field(init=False)
    spoke: float = -math.inf

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
        late = self.seconds is not None and self.elapsed >= self.seconds
        return self.told or late or self.left <= 0

    def tell(self, news: Callable[[], Progress]) -> None:
        """Report at most five times a second; whoever listens may ask to stop."""
        if self.progress is not None and self.elapsed - self.spoke >= 0.2:
            self.spoke = self.elapsed
            self.told = bool(self.progress(news())) or self.told

    def stopped_by(self) -> str:
        """`callback`, `iterations` or `seconds`."""
        if self.told:
            return "callback"
        return "iterations" if self.left <= 0 else "seconds"
