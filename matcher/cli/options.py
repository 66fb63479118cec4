"""What several commands share: their options and the contract of the files."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

import click

from matcher.cli.rulebook import rulebook

Command = Callable[..., Any]

CONTRACT = """\b
FILES IN
  CSV with a header row, or .xlsx: its first sheet with the columns. UTF-8, UTF-16 or Windows-1252; commas,
  semicolons or tabs. `|` stands between several values, also within quotes; an empty cell is unknown or none,
  and so is N/A, -, onbekend, weet niet, prefer not to say. `geen` or `none` is an answer to a dimension where
  one in twenty and more than one say so, and otherwise none. Yes and no: ja/nee, j/n, yes/no, 1/0, x or empty.
  A bubble in spellings that differ only in capitals, spaces or marks nobody sees is one. A note tells each.

\b
  people.csv        id             unique and opaque: no names
                    sessions       those they can come to; empty = all
                    prefers        those they like, the best first
                    languages      they speak; empty = nl
                    interpreters   languages they interpret between for others, as nl|uk
                    needs          such as wheelchair, or online
                    interests      for common ground
                    buddies apart  ids: always, never in one group
                    wishes         ids of whom they would like to meet at least one
                    household recruited_by organisation
                    name           only for groups.xlsx, the list of whoever runs the evening
                    outspoken      1 = takes the floor easily
                    priority       0.. ; left out before = goes first
                    max_meetings   empty = 1; with rounds: every round
                    any other column is a dimension, its values are bubbles
  sessions.csv      id groups [round start end venue mode seats access languages min target max]
                    groups = how many at most; start and end like 2027-01-11T19:00;
                    several dates = a series with the same group; mode = here or online;
                    min target max = people in a group here, if not as in the format
  facilitators.csv  id [name sessions languages skills max_groups]
                    max_groups = in all, over all rounds; empty = 1
                    an id of people.csv = a host, who takes part in the group they lead
  met.csv           a b [times]            who met before
  locked.csv        person session [group] who sits where already; no person = the group is fixed
  population.csv    dimension bubble count who lives here
  format.toml       name = "dialoog"
                    goal = "bridging"            # or bonding
                    facilitator = "required"     # or optional, none
                    skills = ["dialogue"]
                    [size]                       # of a group
                    min = 5
                    target = 7
                    max = 8
                    weight = 0.1                 # price of sizes off the target; 0: any size is as good
                    [series]
                    kind = "single"              # or same, or rounds with count = 3
                    [bridging]                   # weight of a dimension in how far two people differ
                    age_band = 1.0
                    [[rule]]                     # firm = true, or weight = the price of one breach
                    name = "never_alone"
                    dimension = "age_band"       # or "*" for every dimension
                    firm = true
                    [bands]                      # numbers to bubbles: 0-17, 18-29, 30-44, 45-64, 65+
                    age = [18, 30, 45, 65]
                    [answers]                    # words in a dimension that are no answer, or yet one
                    not_told = ["geen"]
                    told = ["weet niet"]
"""

OUTPUT = """\b
FILES OUT, in DIR
  plan.csv      round, session, group, language, facilitator, person
  unplaced.csv  person, reason, what_would_help
  report.html   to read and to print: figures with bounds, the mix of every group, rules, what to relax
  report.json   the same for machines, with seed, versions and fingerprints of the input
  groups.xlsx   one sheet per session, for whoever runs the evening; the only file with names
"""

EXITS = """\b
EXIT CODES
  0 a valid plan was written; 2 bad input, every fault on a line `file:row:column: what; what would be
  right`; 3 nobody can be placed, the files say why; 70 a mistake of ours.
"""


def manual(*more: str) -> str:
    """The contract of the files, the rules, and what a command adds to it."""
    return "\n".join([CONTRACT, rulebook(), *more])


def applied(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one, in their order in the help."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def file_option(name: str, help: str, required: bool = False) -> Callable[[Command], Command]:
    """A file to read; whether it is there is told together with all other faults."""
    return click.option(name, type=click.Path(path_type=Path), required=required, metavar="FILE", help=help)


inputs = applied(
    file_option("--people", "Who signed up.", required=True),
    file_option("--sessions", "Where and when groups can meet.", required=True),
    file_option("--facilitators", "Who can lead a group."),
    file_option("--met", "Who met before."),
    file_option("--locked", "Who sits where already."),
    file_option("--population", "Who lives here."),
    file_option("--format", "The recipe: sizes, goal and rules.", required=True),
)

out = click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder for the files.")

force = click.option("--force", is_flag=True, help="Write over the plan that is in the folder already.")


def limit(ctx: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """A time to stop after, or none."""
    if value is not None and not (isfinite(value) and 0 < value <= 86_400):
        raise click.BadParameter("more than 0 and at most 86400 (a day)")
    return value


def budget(seconds: float) -> Callable[[Command], Command]:
    """How long to search, and how."""
    return applied(
        click.option(
            "--seconds",
            type=float,
            default=seconds,
            show_default=True,
            callback=limit,
            help="Time to search; longer is better.",
        ),
        click.option(
            "--iterations",
            type=click.IntRange(1, 10**15),
            help="Search by count instead of time: the same plan on every machine.",
        ),
        seed,
        click.option(
            "--workers",
            type=click.IntRange(1, 64),
            default=2,
            show_default=True,
            help="Processor cores to use.",
        ),
    )


seed = click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=1,
    show_default=True,
    help="Draws lots; the same seed gives the same draw.",
)

debug = click.option("--debug", is_flag=True, expose_value=False, hidden=True)
