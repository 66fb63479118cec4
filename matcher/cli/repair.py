"""run.py repair: mend a published plan when people cancel or join."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from matcher.cli import options


@click.command("repair", epilog=options.manual(options.OUTPUT, options.EXITS))
@options.file_option("--plan", "The published plan.csv.", required=True)
@click.option("--cancelled", metavar="IDS", help="Who cancelled: ids with , or | between them, or a file with ids.")
@options.file_option("--added", "Who signed up since; columns as in the people file.")
@click.option(
    "--keep",
    type=click.FloatRange(0, 1_000_000),
    default=20.0,
    show_default=True,
    help="Price of moving one person, in units of bridging; higher moves fewer people.",
)
@options.inputs
@options.out
@options.force
@options.budget(seconds=4)
@options.debug
@click.pass_context
def command(ctx: click.Context, /, out: Path, **given: Any) -> None:
    """Mend a published plan with as few moves as possible when people cancel or join.

    The other files are those that the plan was made with; --people still holds those who cancelled. Who can no
    longer come to a session they were told is told as such, apart from who moved and who lost their place.

    \b
    Example:
      run.py repair --plan proposal/plan.csv --cancelled a017,a203 --added late.csv \\
                    --people people.csv --sessions sessions.csv --format format.toml --out mended
    """
    from matcher.cli.mending import mend

    ctx.exit(mend(out, **given))
