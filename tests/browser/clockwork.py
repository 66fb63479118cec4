"""run.py with a clock that a test sets: people are asked by day only, and reminders come days later."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path


class Clock:
    """A clock that runs, and is as far behind as a file says; whoever reads the same file sees the same time."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self) -> datetime:
        return datetime.now(UTC) - timedelta(seconds=float(self.file.read_text()))

    def set(self, moment: datetime) -> None:
        """It is now this moment."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str((datetime.now(UTC) - moment).total_seconds()))
        fresh.replace(self.file)


if __name__ == "__main__":
    from web.cli import main, opening

    clock = Clock(Path(sys.argv.pop(1)))
    opening.application = partial(opening.application, clock=clock)
    main("run.py")
