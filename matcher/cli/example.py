"""run.py example: groups for the example that comes along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from matcher.cli import options


@click.command("example")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("out/example"),
    show_default=True,
    metavar="DIR",
    help="Folder for the files.",
)
@options.budget(seconds=10)
@options.debug
@click.pass_context
def command(ctx: click.Context, /, out: Path, **given: Any) -> None:
    """Compose groups for 944 real survey respondents, and say how far they are from the best possible.

    The people answered the American National Election Study of 1996; their times, languages and needs are
    made up. The files lie in examples/anes96: copy them to begin with your own.
    """
    from matcher.cli.composing import demonstrate

    ctx.exit(demonstrate(out, **given))
