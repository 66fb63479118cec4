"""run.py bench: measure the engine beside its targets."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from matcher.cli import options


@click.command("bench")
@click.argument("what", type=click.Choice(["peers", "people", "mdgp", "golfer", "scale"]), required=False)
@click.argument("arguments", nargs=-1, metavar="[FILE | G S W]")
@click.option("--seconds", type=click.FloatRange(0, 86_400, min_open=True), help="Time for each case.")
@click.option("--assignment", type=click.Path(path_type=Path), metavar="OUT", help="mdgp: one group index per line.")
@click.option("--schedule", type=click.Path(path_type=Path), metavar="OUT", help="golfer: round,group,person.")
@options.debug
def command(
    what: str | None,
    arguments: tuple[str, ...],
    seconds: float | None,
    assignment: Path | None,
    schedule: Path | None,
) -> None:
    """Measure the engine: all cases, or one of them.

    \b
    peers         the instances other tools were measured on
    people        the survey respondents of the example, and smaller sets of them
    mdgp FILE     maximally diverse grouping; the last line is `objective VALUE`
    golfer G S W  G groups of S people, W rounds, nobody twice; the last line is `distinct D of B`
    scale         time and memory of whole runs from 500 to 20,000 people, and with which power they grow
    """
    needed = {"mdgp": ["FILE"], "golfer": ["G", "S", "W"]}.get(what or "", [])
    if len(arguments) != len(needed):
        raise click.UsageError(f"{what or 'bench'} takes {' '.join(needed) or 'no argument'}")
    import_module("matcher.bench").main(what, arguments, seconds=seconds, assignment=assignment, schedule=schedule)
