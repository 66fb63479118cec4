"""run.py check: hold any plan, ours or made by hand, against its problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from matcher.cli import options

PLAN = """\b
  plan.csv          session group person [round language facilitator]; one row for every seat;
                    without a language it is any that all of a group speak
"""
EXITS = """\b
EXIT CODES
  0 no firm rule is broken; 1 firm rules are broken; 2 bad input, every fault on a line
  `file:row:column: what; what would be right`; 70 a mistake of ours.
"""


@click.command("check", epilog=options.manual(PLAN, EXITS))
@options.file_option("--plan", "The plan to check, as `match` writes it or made by hand.", required=True)
@options.inputs
@click.option("--json", "as_json", is_flag=True, help="Figures and breaches for machines.")
@options.debug
@click.pass_context
def command(ctx: click.Context, /, plan: Path, as_json: bool, **given: Any) -> None:
    """Check a plan against its people, sessions and rules: every breach, and the figures it reaches.

    \b
    Example:
      run.py check --plan plan.csv --people people.csv --sessions sessions.csv --format format.toml
    """
    from matcher.cli.judging import judge

    ctx.exit(judge(plan, as_json, **given))
