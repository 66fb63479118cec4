"""The work of lottery: chances to files, and a public number to a choice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from matcher.cli.composing import NOBODY, check_folder, write
from matcher.cli.progress import Wish
from matcher.cli.published import LOTTERY, fingerprint, published
from matcher.cli.telling import counted, tell_notes
from matcher.faults import BadInput, Fault, FaultList, written
from matcher.lottery import Lottery, QuotaError, lottery, pick
from matcher.lottery.replacing import NotChosenError, Replacement, replaced
from matcher.messages import Message
from matcher.tables.mending import mentions
from matcher.tables.quotas import Draw, read_draw
from matcher.tables.record import finite, versions
from matcher.tables.writing import Write, csv_of, json_of
from matcher.words import LANGUAGE, words

Chosen = tuple[tuple[str, ...], tuple[Replacement, ...]]
"""Who has a place, and who took whose."""

_PROVEN = "It is proven that no lottery within these quotas is fairer."
_STOPPED = "It was stopped before it was proven to be the fairest: another lottery may give more to who has least."
COLUMNS = ("panel", "probability", "first_ticket", "last_ticket", "people")
SELECTED, REPLACED = "selected.csv", "replaced.csv"


def draw_lots(
    out: Path,
    people: Path,
    quotas: Path,
    places: int,
    one_each: bool,
    seed: int,
    seconds: float | None,
    draw: int | None,
    replace: str | None,
) -> int:
    """A lottery from files; the exit code."""
    if replace and draw is None:
        raise click.UsageError("--replace asks who drops out after the draw: name the ticket with --draw too")
    asked = read_draw(people, quotas, places, one_each)
    check_folder(out)
    tell_notes(asked.notes)
    result = None if draw is None else published(out, asked)
    if result is None:
        result = _lottery(asked, quotas, seed, seconds)
    chosen = None if draw is None or not result.feasible else _chosen(asked, result, draw, replace)
    for path in write(out, _files(asked, result, draw, chosen), absent=[SELECTED, REPLACED]):
        click.echo(path)
    for line in _told(result, draw, chosen):
        click.echo(line)
    return 0 if result.feasible else NOBODY


def _lottery(asked: Draw, quotas: Path, seed: int, seconds: float | None) -> Lottery:
    with Wish() as wish:
        try:
            limits: dict[str, Any] = {"seed": seed, "seconds": seconds, "progress": lambda *_: wish.asked}
            result: Lottery = lottery(asked.people, asked.lines, asked.places, **limits)
            return result
        except QuotaError as error:
            faults = (Fault(str(quotas), 1, "-", what, Message.of("fix.other_quotas")) for what in error.faults)
            raise BadInput(faults) from None


def _chosen(asked: Draw, result: Lottery, draw: int, replace: str | None) -> Chosen:
    """Who has a place. Raises BadInput for who cannot drop out."""
    faults = FaultList()
    gone = list(mentions(replace or "", faults, "--replace"))
    faults.stop()
    try:
        return replaced(
            asked.people, asked.lines, pick(result, draw).people, result.reserve, [mention.id for mention in gone]
        )
    except NotChosenError as error:
        (mention, *_) = [mention for mention in gone if mention.id == str(error)][::-1]
        what = Message.of("fault.not_chosen", value=written(mention.id))
        raise BadInput([Fault(mention.file, mention.row, "-", what, Message.of("fix.chosen"))]) from None


def _files(asked: Draw, result: Lottery, draw: int | None, chosen: Chosen | None) -> dict[str, Write]:
    chances = ((person, f"{chance:.9g}") for person, chance in result.probabilities.items())
    files = {
        "probabilities.csv": csv_of(("person", "probability"), chances),
        "portfolio.csv": csv_of(COLUMNS, _portfolio(result)),
        "reserve.csv": csv_of(("place", "person"), enumerate(result.reserve, start=1)),
        LOTTERY: json_of(_record(asked, result, draw, chosen)),
    }
    if chosen:
        files[SELECTED] = csv_of(("person",), ((person,) for person in chosen[0]))
    if chosen and chosen[1]:
        rows = ((r.gone, r.instead, "|".join(map(str, r.missed))) for r in chosen[1])
        files[REPLACED] = csv_of(("gone", "instead", "missed"), rows)
    return files


def _portfolio(result: Lottery) -> Iterator[tuple[object, ...]]:
    """The panels; one without a ticket has no first and last."""
    for number, panel in enumerate(result.portfolio, start=1):
        tickets = (panel.first, panel.end - 1) if panel.tickets else ("", "")
        yield number, f"{panel.probability:.9g}", *tickets, "|".join(panel.people)


def _record(asked: Draw, result: Lottery, draw: int | None, chosen: Chosen | None) -> dict[str, Any]:
    told = {
        "people": len(asked.people),
        "places": result.places,
        "quotas": [str(quota) for quota in asked.quotas],
        "one_of_each_household": len(asked.households),
        "feasible": result.feasible,
        "smallest_probability": result.maximin,
        "smallest_probability_bound": result.bound,
        "leximin_proven": result.proven,
        "panels": len(result.portfolio),
        "without_a_chance": list(result.excluded),
        "reasons": [words(LANGUAGE).say(reason) for reason in result.reasons],
        "relaxations": [[str(quota) for quota in lines] for lines in result.relaxations],
        "draw": draw,
        "replaced": {r.gone: r.instead for r in chosen[1]} if chosen else {},
        "seed": result.seed,
        "input_sha256": asked.sha256,
        "portfolio_sha256": fingerprint(result),
        "versions": versions(),
    }
    return {key: finite(value) for key, value in told.items()}


def _told(result: Lottery, draw: int | None, chosen: Chosen | None) -> Iterator[str]:
    if not result.feasible:
        yield "Nobody can be chosen within these quotas."
        yield from map(words(LANGUAGE).say, result.reasons)
        yield from (f"What would help: {', '.join(map(str, lines))}" for lines in result.relaxations)
        return
    people = counted(len(result.probabilities), "person", "people")
    places = counted(result.places, "place", "places")
    reached = f"the smallest chance is {result.maximin:.2%}, of at most {result.bound:.2%}"
    yield f"{places} for {people}: {reached}."
    yield _PROVEN if result.proven else _STOPPED
    yield f"A million tickets over {counted(len(result.portfolio), 'panel', 'panels')}."
    if result.excluded:
        excluded = counted(len(result.excluded), "person has", "people have")
        yield f"{excluded} no chance: see probabilities.csv."
    if chosen:
        yield f"Ticket {draw} chooses: {', '.join(pick(result, draw or 0).people)}"
        yield from (_instead(change) for change in chosen[1])


def _instead(change: Replacement) -> str:
    if not change.instead:
        return f"Nobody is left to take the place of {change.gone}."
    held = "all quotas hold" if not change.missed else f"not within {', '.join(map(str, change.missed))}"
    return f"{change.instead} takes the place of {change.gone}: {held}."
