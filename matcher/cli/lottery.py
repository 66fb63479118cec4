"""run.py lottery: fair chances where there are too few places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from matcher.cli import options

CONTRACT = """\b
FILES IN
  people.csv         id; every other column is a dimension, with one bubble in a cell (see match --help);
                     of people with the same household at most one is chosen
  quotas.csv         dimension, bubble, min, max: how many of those chosen belong to this bubble
"""
OUTPUT = """\b
FILES OUT, in DIR
  probabilities.csv  person, probability: the chance of a place
  portfolio.csv      panel, probability, first_ticket, last_ticket, people: who gets a place together
  reserve.csv        place, person: the order in which people take the place of who drops out
  lottery.json       the smallest chance with its bound, seed, versions and fingerprints
  selected.csv       person: who has a place, after --draw
  replaced.csv       gone, instead, missed: who took whose place, and the quotas that do not hold then
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
@click.option(
    "--household/--no-household",
    "one_each",
    default=True,
    show_default=True,
    help="At most one person of a household, where people.csv has such a column.",
)
@click.option(
    "--seconds",
    type=float,
    callback=options.limit,
    help="Stop looking for fairer chances after so long, with what was reached. Without it, until it is proven.",
)
@click.option("--draw", type=click.IntRange(0, 999_999), metavar="NUMBER", help="The ticket drawn in public.")
@click.option(
    "--replace",
    metavar="IDS",
    help="After --draw: who dropped out, first the first: ids with , or | between them, or a file with ids.",
)
@options.debug
@click.pass_context
def command(ctx: click.Context, /, out: Path, **given: Any) -> None:
    """Give everybody as equal a chance of a place as the quotas allow, and draw in public.

    First the chances are made: nobody's can be raised without lowering that of somebody who has less. They
    come as a million tickets. Publish the portfolio; then let a public draw name a ticket, and run the same
    command with --draw. Each of --replace makes room for the first in reserve with whom the quotas still hold, or
    hold as nearly as they can; name those who dropped out earlier first, and whoever was asked stays asked.

    \b
    Example:
      run.py lottery --people people.csv --quotas quotas.csv --places 48 --out lottery
      run.py lottery --people people.csv --quotas quotas.csv --places 48 --out lottery --draw 271828
      run.py lottery --people people.csv --quotas quotas.csv --places 48 --out lottery --draw 271828 \\
                     --replace p017,p203
    """
    from matcher.cli.drawing import draw_lots

    ctx.exit(draw_lots(out, **given))
