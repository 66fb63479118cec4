"""What is worth knowing of people who were read without a fault: values that nearly nobody shares, slips, dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from matcher.domain import Format, Problem
from matcher.faults import several, written
from matcher.formats.conventions import number_in
from matcher.messages import Message, Value
from matcher.tables.people import People
from matcher.tables.spelling import near, parts

MANY = 30
"""A dimension with more values than this says of nearly nobody who is alike."""
_FEW_PEOPLE = 8
"""Among fewer people most values are of one person by nature."""
_NUMBERS = 12
"""So many different numbers are rather measured than chosen."""
_SHOWN = 5
_MONTH = r"(?:jan|feb|mrt|mar|maa|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|\d{1,2}[-/]\d{1,2}[-/]\d{4}"
    rf"|\d{{1,2}}-{_MONTH}|{_MONTH}-\d{{1,2}}",
    re.IGNORECASE,
)
"""What a spreadsheet makes of `12-10`, as a workbook holds it and as a CSV shows it."""


def used_by(format: Format) -> set[str]:
    """The dimensions that bridging or a rule asks for."""
    used = {name for name, weight in format.bridging.items() if weight > 0}
    for rule in format.rules:
        used |= {getattr(rule, "dimension", ""), *getattr(rule, "on", ())}
    return used


def check_dates(people: People, used: Collection[str]) -> None:
    """Some values of a dimension are dates and others are not: a spreadsheet took bands for dates."""
    for dimension in people.dimensions if used else ():
        counts = _counts(people, dimension) if dimension in used else Counter[str]()
        dates = {value for value in counts if _DATE.fullmatch(value)}
        if not dates or len(dates) == len(counts):
            continue
        for id, person in people.people.items():
            for value in sorted(person.bubbles.get(dimension, frozenset()) & dates):
                what = Message.of("fault.became_date", value=written(value.partition("T")[0]))
                people.cells[id].fault(dimension, what, Message.of("fix.became_date"))


def advice(problem: Problem, people: People) -> Iterator[Message]:
    """Notes on the dimensions in use, on buddies whom nobody named back, and on who told no language."""
    used = used_by(problem.format)
    for dimension in people.dimensions:
        if dimension in used:
            yield from _on_values(people, dimension)
    yield from _one_sided(people)
    yield from _languages(problem, people)


def _counts(people: People, dimension: str) -> Counter[str]:
    return Counter(value for person in people.people.values() for value in person.bubbles.get(dimension, ()))


def _on_values(people: People, dimension: str) -> Iterator[Message]:
    counts = _counts(people, dimension)
    told = sum(dimension in person.bubbles for person in people.people.values())
    single = sum(count == 1 for count in counts.values())
    numbers = sorted(n for value, count in counts.items() if (n := number_in(value)) is not None for _ in range(count))
    facts: dict[str, Value] = {
        "file": people.file,
        "column": written(dimension),
        "n": len(counts),
        "people": told,
        "single": single,
    }
    rare = len(counts) > MANY or (told >= _FEW_PEOPLE and 2 * single > told)
    if 10 * len(numbers) >= 9 * sum(counts.values()) and len(set(numbers)) > _NUMBERS:
        yield Message.of("note.numbers", **facts, key=_key(dimension), bounds=str(_quarters(numbers)))
    elif counts and all(map(_DATE.fullmatch, counts)):
        yield Message.of("note.dates", **facts)
    elif rare:
        yield Message.of("note.many_values", **facts)
    pairs = list(near(counts))
    if pairs and not rare:
        said = [f"{written(slip)} ({counts[slip]}) – {written(word)} ({counts[word]})" for slip, word in pairs]
        yield Message.of("note.near_values", file=people.file, column=written(dimension), pairs=several(said, _SHOWN))
    yield from _on_lists(people.file, dimension, counts)


def _key(dimension: str) -> str:
    """As a key in TOML."""
    return dimension if re.fullmatch(r"[\w-]+", dimension, re.ASCII) else f'"{written(dimension)}"'


def _quarters(numbers: list[int]) -> list[int]:
    """Bounds that leave about as many people in each of four bands, as round as the numbers are far apart."""
    step = next((step for step in (100, 50, 10, 5) if numbers[-1] - numbers[0] >= 10 * step), 1)
    cuts = (numbers[len(numbers) * quarter // 4] for quarter in (1, 2, 3))
    return sorted({max(1, round(cut / step) * step) for cut in cuts})


def _on_lists(file: str, dimension: str, counts: Counter[str]) -> Iterator[Message]:
    """Values that look like several, of which pieces come back in others."""
    apart = {value: parts(value, ",;") for value in counts}
    held = Counter(piece for pieces in apart.values() for piece in set(pieces))
    lists = [value for value, pieces in apart.items() if len(pieces) > 1 and any(held[piece] > 1 for piece in pieces)]
    if lists:
        n = sum(counts[value] for value in lists)
        example = written(max(lists, key=lambda value: counts[value]))
        yield Message.of("note.one_value", file=file, column=written(dimension), n=n, example=example)


def _one_sided(people: People) -> Iterator[Message]:
    """Buddies whom nobody named back count all the same: the organiser should know."""
    everybody = people.people
    pairs = [
        f"{written(id)} – {written(other)}"
        for id, person in everybody.items()
        for other in sorted(person.buddies)
        if other in everybody and id not in everybody[other].buddies
    ]
    if pairs:
        yield Message.of("note.one_sided", file=people.file, n=len(pairs), pairs=several(pairs, _SHOWN))


def _languages(problem: Problem, people: People) -> Iterator[Message]:
    """An empty cell counts as Dutch, which matters where most speak something else."""
    empty = {id for id, cells in people.cells.items() if id in people.people and not cells.several("languages")}
    others = [person.languages for id, person in people.people.items() if id not in empty]
    closed = [session.id for session in problem.sessions if session.languages and "nl" not in session.languages]
    foreign = others and 2 * sum("nl" in languages for languages in others) < len(others)
    if empty and (closed or foreign):
        yield Message.of("note.no_language", file=people.file, n=len(empty))
    if empty and closed:
        yield Message.of("note.closed_sessions", n=len(closed), sessions=several(map(written, closed), _SHOWN))
