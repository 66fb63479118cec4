"""Measures the engine beside its targets: `run.py bench`."""

from __future__ import annotations

from pathlib import Path


def main(
    what: str | None,
    arguments: tuple[str, ...],
    *,
    seconds: float | None,
    assignment: Path | None,
    schedule: Path | None,
) -> None:
    """Run one case, or all of them as a table."""
    from matcher.bench import golfer, mdgp

    if what == "mdgp":
        mdgp.show(Path(arguments[0]), seconds or 10.0, assignment)
    elif what == "golfer":
        golfer.show(*(int(x) for x in arguments), seconds=seconds or 10.0, schedule=schedule)
    else:
        from matcher.bench import table

        table.show(what, seconds)
