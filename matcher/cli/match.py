"""run.py match: compose groups from files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from matcher.cli import options


@click.command("match", epilog=options.manual(options.OUTPUT, options.EXITS))
@options.inputs
@options.out
@options.force
@options.budget(seconds=10)
@options.debug
@click.pass_context
def command(ctx: click.Context, /, out: Path, **given: Any) -> None:
    """Compose groups from people, sessions and rules, and say how far they are from the best possible.

    Firm rules are never broken: somebody without a place gets a reason instead. Ctrl-C stops the search and
    writes the best plan so far.

    \b
    Example:
      run.py match --people people.csv --sessions sessions.csv --facilitators facilitators.csv \\
                   --format format.toml --out proposal
    """
    begun = time.perf_counter()
    from matcher.cli.composing import compose

    ctx.exit(compose(out, begun, **given))
