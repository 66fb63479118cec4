"""run.py lottery: fair chances where there are too few places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from matcher.cli import options

CONTRACT = """\b
FILES IN
  people.csv         id; every other column is a dimension, with one bubble in a cell (see match --help)
  quotas.csv         dimension, bubble, min, max: how many of those chosen belong to this bubble
"""
OUTPUT = """\b
FILES OUT, in DIR
  probabilities.csv  person, probability: the chance of a place
  portfolio.csv      panel, probability, first_ticket, last_ticket, people: who gets a place together
  lottery.json       the smallest chance with its bound, seed, versions and fingerprints
  selected.csv       person: who has a place, after --draw
"""
EXITS = """\b
EXIT CODES
  0 the files were written; 2 bad input, every fault on a line `file:row:column: what; what would be right`;
  3 nobody can be chosen within these quotas, with the reason and what to change; 70 a mistake of ours.
"""


@click.command("lottery", epilog="\n".join([CONTRACT, OUTPUT, EXITS]))
@options.file_option("--people", "Who signed up.", required=True)
@options.file_option("--quotas", "How many of each bubble.", required=True)
@click.option("--places", type=click.IntRange(min=1), required=True, help="How many people get a place.")
@options.out
@options.seed
@click.option("--draw", type=click.IntRange(0, 999_999), metavar="NUMBER", help="The ticket drawn in public.")
@options.debug
@click.pass_context
def command(ctx: click.Context, /, out: Path, **given: Any) -> None:
    """Give everybody as equal a chance of a place as the quotas allow, and draw in public.

    First the chances are made: nobody's can be raised without lowering that of somebody who has less. They
    come as a million tickets. Publish the portfolio; then let a public draw name a ticket, and run the same
    command with --draw.

    \b
    Example:
      run.py lottery --people people.csv --quotas quotas.csv --places 48 --out lottery
      run.py lottery --people people.csv --quotas quotas.csv --places 48 --out lottery --draw 271828
    """
    from matcher.cli.drawing import draw_lots

    ctx.exit(draw_lots(out, **given))
