"""The work of lottery: chances to files, and a public number to a choice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from matcher.cli.composing import NOBODY, check_folder, write
from matcher.cli.progress import Wish
from matcher.cli.telling import counted, tell_notes
from matcher.faults import BadInput, Fault
from matcher.lottery import Lottery, QuotaError, lottery, pick
from matcher.messages import Message
from matcher.tables.quotas import Draw, read_draw
from matcher.tables.record import finite, versions
from matcher.tables.writing import Write, csv_of, json_of
from matcher.words import LANGUAGE, words

COLUMNS = ("panel", "probability", "first_ticket", "last_ticket", "people")
SELECTED = "selected.csv"


def draw_lots(out: Path, people: Path, quotas: Path, places: int, seed: int, draw: int | None) -> int:
    """A lottery from files; the exit code."""
    asked = read_draw(people, quotas, places)
    check_folder(out)
    tell_notes(asked.notes)
    with Wish() as wish:
        try:
            result = lottery(asked.people, asked.quotas, places, seed=seed, progress=lambda *_: wish.asked)
        except QuotaError as error:
            faults = (Fault(str(quotas), 1, "-", what, Message.of("fix.other_quotas")) for what in error.faults)
            raise BadInput(faults) from None
    if draw is not None:
        _check_published(out, result)
    for path in write(out, _files(asked, result, draw), absent=[SELECTED]):
        click.echo(path)
    for line in _told(result, draw):
        click.echo(line)
    return 0 if result.feasible else NOBODY


def _files(asked: Draw, result: Lottery, draw: int | None) -> dict[str, Write]:
    chances = ((person, f"{chance:.9g}") for person, chance in result.probabilities.items())
    files = {
        "probabilities.csv": csv_of(("person", "probability"), chances),
        "portfolio.csv": csv_of(COLUMNS, _portfolio(result)),
        "lottery.json": json_of(_record(asked, result, draw)),
    }
    if draw is not None and result.feasible:
        files[SELECTED] = csv_of(("person",), ((person,) for person in pick(result, draw).people))
    return files


def _portfolio(result: Lottery) -> Iterator[tuple[object, ...]]:
    """The panels; one without a ticket has no first and last."""
    for number, panel in enumerate(result.portfolio, start=1):
        tickets = (panel.first, panel.end - 1) if panel.tickets else ("", "")
        yield number, f"{panel.probability:.9g}", *tickets, "|".join(panel.people)


def _record(asked: Draw, result: Lottery, draw: int | None) -> dict[str, Any]:
    told = {
        "people": len(asked.people),
        "places": result.places,
        "quotas": [str(quota) for quota in asked.quotas],
        "feasible": result.feasible,
        "smallest_probability": result.maximin,
        "smallest_probability_bound": result.bound,
        "leximin_proven": result.proven,
        "panels": len(result.portfolio),
        "without_a_chance": list(result.excluded),
        "reasons": [words(LANGUAGE).say(reason) for reason in result.reasons],
        "relaxations": [[str(quota) for quota in lines] for lines in result.relaxations],
        "draw": draw,
        "seed": result.seed,
        "input_sha256": asked.sha256,
        "portfolio_sha256": _sha256(result),
        "versions": versions(),
    }
    return {key: finite(value) for key, value in told.items()}


def _sha256(result: Lottery) -> str:
    lines = "\n".join(f"{panel.first} {panel.end} {'|'.join(panel.people)}" for panel in result.portfolio)
    return sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def _check_published(out: Path, result: Lottery) -> None:
    """A number that is known may only choose from a portfolio that was there before."""
    path = out / "lottery.json"
    try:
        published = json.loads(path.read_text("utf-8"))["portfolio_sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        click.echo(f"Note: {out} holds no lottery yet; publish the portfolio before the draw.", err=True)
        return
    if published != _sha256(result):
        what, right = Message.of("fault.other_portfolio"), Message.of("fix.same_portfolio")
        raise BadInput([Fault(str(path), 1, "portfolio_sha256", what, right)])


def _told(result: Lottery, draw: int | None) -> Iterator[str]:
    if not result.feasible:
        yield "Nobody can be chosen within these quotas."
        yield from map(words(LANGUAGE).say, result.reasons)
        yield from (f"What would help: {', '.join(map(str, lines))}" for lines in result.relaxations)
        return
    people = counted(len(result.probabilities), "person", "people")
    places = counted(result.places, "place", "places")
    reached = f"the smallest chance is {result.maximin:.2%}, of at most {result.bound:.2%}"
    yield f"{places} for {people}: {reached}."
    if result.proven:
        yield "It is proven that no lottery within these quotas is fairer."
    yield f"A million tickets over {counted(len(result.portfolio), 'panel', 'panels')}."
    if result.excluded:
        excluded = counted(len(result.excluded), "person has", "people have")
        yield f"{excluded} no chance: see probabilities.csv."
    if draw is not None:
        yield f"Ticket {draw} chooses: {', '.join(pick(result, draw).people)}"
