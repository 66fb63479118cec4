"""The lottery that a folder holds already: what was published before the draw is what the draw chooses from."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from matcher.faults import BadInput, Fault
from matcher.lottery import Lottery, Panel
from matcher.lottery.draw import reserve_of
from matcher.messages import Message
from matcher.tables.quotas import Draw
from matcher.tables.table import cleaned

LOTTERY = "lottery.json"


def fingerprint(result: Lottery) -> str:
    """Of the tickets and who they choose."""
    lines = "\n".join(f"{panel.first} {panel.end} {'|'.join(panel.people)}" for panel in result.portfolio)
    return sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def published(out: Path, asked: Draw) -> Lottery | None:
    """The lottery of this question that stands in a folder, as it was published; None if there is none yet.

    A draw chooses from what everybody could read before it, also where the search for it was stopped by the clock.
    Raises BadInput for a lottery of another question, or one that was changed.
    """
    try:
        told = json.loads((out / LOTTERY).read_text("utf-8"))
        stamp, question, feasible = told["portfolio_sha256"], told["input_sha256"], told["feasible"]
    except (OSError, ValueError, KeyError, TypeError):
        click.echo(f"Note: {out} holds no lottery yet; publish the portfolio before the draw.", err=True)
        return None
    if not feasible:
        return None
    found = _read(out, told) if question == asked.sha256 else None
    if found is None or fingerprint(found) != stamp:
        what, right = Message.of("fault.other_portfolio"), Message.of("fix.same_portfolio")
        raise BadInput([Fault(str(out / LOTTERY), 1, "portfolio_sha256", what, right)])
    return found


def _read(out: Path, told: dict[str, Any]) -> Lottery | None:
    try:
        chances = {row["person"]: float(row["probability"]) for row in _rows(out / "probabilities.csv")}
        return Lottery(
            places=told["places"],
            seed=told["seed"],
            probabilities=chances,
            portfolio=tuple(_panels(_rows(out / "portfolio.csv"))),
            maximin=told["smallest_probability"],
            bound=told["smallest_probability_bound"],
            proven=told["leximin_proven"],
            reserve=reserve_of(chances, told["seed"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return [{name: cleaned(cell) for name, cell in row.items()} for row in csv.DictReader(stream)]


def _panels(rows: list[dict[str, str]]) -> Iterator[Panel]:
    end = 0
    for row in rows:
        first, end = end, int(row["last_ticket"] or end - 1) + 1
        yield Panel(tuple(row["people"].split("|")), float(row["probability"]), first, end)
