"""quotas.csv and the people of a lottery: who may be drawn, and how many of each bubble."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from matcher.faults import FaultList, instead, written
from matcher.lottery import Quota
from matcher.lottery.quotas import HOUSEHOLD, one_per_household
from matcher.messages import Key, Message, Value
from matcher.tables.cells import Cells, cells_of
from matcher.tables.people import PEOPLE, People, people_of
from matcher.tables.reading import read_table
from matcher.tables.table import Layout

QUOTAS = Layout(("dimension", "bubble", "min", "max"), rows=Key("rows.quotas"))
_RIGHT = Message.of("fix.quota")

Told = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Draw:
    """What a lottery is asked: quota lines, and those that let in at most one of a household."""

    people: Told
    quotas: tuple[Quota, ...]
    households: tuple[Quota, ...]
    places: int
    sha256: str
    notes: tuple[Message, ...] = ()

    @property
    def lines(self) -> tuple[Quota, ...]:
        """All that a panel has to meet."""
        return self.quotas + self.households


def read_draw(people: Path, quotas: Path, places: int, one_each: bool = True) -> Draw:
    """The question of a lottery from its files; `one_each`: at most one of a household. Raises BadInput."""
    faults = FaultList()
    signed_up = people_of([read_table(people, PEOPLE, faults)], None, faults)
    table = read_table(quotas, QUOTAS, faults)
    rows = {} if signed_up is None else _quotas(list(cells_of(table, faults)), signed_up)
    if signed_up is not None and places > len(signed_up.people):
        what = Message.of("fault.places", places=places, people=len(signed_up.people))
        faults.add("--places", 1, "-", what, Message.of("fix.places"))
    told = _told(signed_up, {quota.dimension for quota in rows}, one_each) if signed_up else {}
    faults.stop()
    asked, homes = tuple(rows), one_per_household(told)
    read = (*(signed_up.notes if signed_up else ()), *(table.notes if table else ()))
    notes = (*read, *_notes(rows, told), *_homes(homes))
    return Draw(told, asked, homes, places, _sha256(told, asked, places), notes)


def _notes(rows: Mapping[Quota, Cells], told: Told) -> Iterator[Message]:
    """Lines for a bubble that nobody has: kept, and perhaps a slip."""
    for quota, row in rows.items():
        held = {bubble for person in told.values() if (bubble := person.get(quota.dimension))}
        if quota.bubble not in held:
            where: dict[str, Value] = {"file": row.file, "row": row.row, "bubble": written(quota.bubble)}
            yield Message.of("note.empty_bubble", **where, right=instead(quota.bubble, sorted(held)))


def _homes(homes: Sequence[Quota]) -> Iterator[Message]:
    if homes:
        yield Message.of("note.households", n=len(homes))


def _quotas(rows: list[Cells], people: People) -> dict[Quota, Cells]:
    quotas: dict[Quota, Cells] = {}
    seen: set[tuple[str, str]] = set()
    bubbles = _bubbles(people)
    for row in rows:
        dimension, bubble = row.text("dimension"), row.text("bubble")
        bubble = people.answers.bubble(dimension, bubble) or bubble
        if dimension in PEOPLE.known:
            row.fault("dimension", Message.of("fault.reserved", value=written(dimension)), Message.of("fix.reserved"))
        elif dimension not in people.dimensions:
            row.refer("dimension", dimension, people.dimensions, "dimension")
        elif bubble not in bubbles[dimension] and (row.text("min") != "0" or not bubble):
            what = Message.of("fault.empty_bubble", value=written(bubble))
            row.fault("bubble", what, instead(bubble, sorted(bubbles[dimension])))
        if (dimension, bubble) in seen:
            row.fault("bubble", Message.of("fault.twice", value=written(bubble)), Message.of("fix.bubble_once"))
        seen.add((dimension, bubble))
        quotas[Quota(dimension, bubble, *_bounds(row))] = row
    return quotas


def _bounds(row: Cells) -> tuple[int, int]:
    for column in ("min", "max"):
        if not row.text(column):
            row.fault(column, Message.of("fault.empty"), _RIGHT)
    low, high = row.whole("min", 0, 0), row.whole("max", 1_000_000, 0)
    if low > high:
        row.fault("max", Message.of("fault.min_above_max", low=low, high=high), _RIGHT)
    return low, high


def _bubbles(people: People) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {dimension: set() for dimension in people.dimensions}
    for person in people.people.values():
        for dimension, bubbles in person.bubbles.items():
            held[dimension] |= bubbles
    return held


def _told(people: People, dimensions: set[str], one_each: bool) -> Told:
    told: dict[str, dict[str, str | None]] = {}
    for id in sorted(people.people):
        bubbles = people.people[id].bubbles
        told[id] = {}
        for dimension in sorted(dimensions & bubbles.keys()):
            if len(bubbles[dimension]) > 1:
                what = Message.of("fault.several_bubbles", value=written("|".join(sorted(bubbles[dimension]))))
                people.cells[id].fault(dimension, what, Message.of("fix.one_bubble"))
            told[id][dimension] = min(bubbles[dimension])
        if one_each and people.people[id].household:
            told[id][HOUSEHOLD] = people.people[id].household
    return told


def _sha256(people: Told, quotas: tuple[Quota, ...], places: int) -> str:
    asked = (
        sorted((id, sorted(told.items())) for id, told in people.items()),
        sorted(map(str, quotas)),
        places,
    )
    return sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()
