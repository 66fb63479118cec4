"""Columns of a table rewritten as what their cells stand for, with notes: nothing is changed in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from matcher.faults import several, written
from matcher.messages import Key, Message, Value
from matcher.tables.spelling import changed, folded, kept, pieces, totals
from matcher.tables.table import Table

Change = Callable[[str], Iterable[str]]
"""One value of a cell to what it stands for: nothing, one, or several."""
SHOWN = 6


class Columns:
    """Tables with the same columns, which are rewritten one by one; `notes` says what was changed."""

    def __init__(self, tables: Sequence[Table | None]) -> None:
        self.tables = list(tables)
        self.file = next(table.file for table in tables if table)
        self.notes: list[Message] = []
        self._cells: dict[str, Counter[str]] = {}

    def cells(self, column: str) -> Counter[str]:
        """Every different cell of a column, with how often it stands there."""
        if column not in self._cells:
            counts = self._cells[column] = Counter()
            for table in self.tables:
                if table and column in table.columns:
                    at = table.columns.index(column)
                    counts.update([cells[at] for _, cells in table.rows if cells])
        return self._cells[column]

    def values(self, column: str, *, single: bool = False) -> Counter[str]:
        """Every different value of a column with its number of cells; `single`: `|` is no separator."""
        cells = self.cells(column)
        return Counter({cell: n for cell, n in cells.items() if cell}) if single else totals(cells.items())

    def rewrite(self, column: str, change: Change, *, single: bool = False) -> Counter[tuple[str, str]]:
        """Change the values of a column; what became of which, with how many cells."""
        told: Counter[tuple[str, str]] = Counter()
        renewed: dict[str, str] = {}
        for cell, count in self.cells(column).items():
            values = ([cell] if cell else []) if single else pieces(cell)
            found = {value: tuple(change(value)) for value in values}
            other = {value: better for value, better in found.items() if better != (value,)}
            for value, better in other.items():
                told[value, "|".join(better)] += count
            if other:
                renewed[cell] = "|".join(dict.fromkeys(one for value in values for one in found[value]))
        if renewed:
            self.tables = [table and _with(table, column, renewed) for table in self.tables]
            del self._cells[column]
        return told

    def spell(self, column: str, *, single: bool = False) -> Mapping[str, str]:
        """One spelling for values that only differ in capitals, spaces or marks; by folded form the one kept."""
        counts = self.values(column, single=single)
        spellings = kept(counts)
        if found := changed(counts, spellings):
            self.rewrite(column, lambda value: [spellings[folded(value)]], single=single)
            n = sum(count for others in found.values() for count in others.values())
            same = [Message.of("note.same", kept=written(k), others=_counted(o)) for k, o in sorted(found.items())]
            self.notes.append(
                Message.of("note.spelling", file=self.file, column=written(column), n=n, same=_first(same))
            )
        return spellings

    def tell(self, key: Key, column: str, told: Mapping[tuple[str, str], int]) -> None:
        """A note on values of a column, if there are any: the commonest with their counts."""
        if told:
            values: Counter[str] = Counter()
            for (old, _), count in told.items():
                values[old] += count
            facts: dict[str, Value] = {"file": self.file, "column": written(column), "n": sum(told.values())}
            self.notes.append(Message.of(key, **facts, values=_counted(values)))


def _with(table: Table, column: str, renewed: Mapping[str, str]) -> Table:
    if column not in table.columns:
        return table
    at = table.columns.index(column)
    rows = tuple(
        (row, (*cells[:at], renewed[cells[at]], *cells[at + 1 :])) if cells and cells[at] in renewed else (row, cells)
        for row, cells in table.rows
    )
    return replace(table, rows=rows)


def _counted(values: Mapping[str, int]) -> Value:
    """`N/A (3), - (2) and 4 more`."""
    ordered = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
    return several((f"{written(value)} ({count})" for value, count in ordered), SHOWN)


def _first(messages: Sequence[Message]) -> Value:
    shown = tuple(messages[:SHOWN])
    return Message.of("fault.several", first=shown, n=len(messages) - SHOWN) if len(messages) > SHOWN else shown
