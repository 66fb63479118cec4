"""The sheets of a workbook: legal names, cells that stay text, and the way they leave the printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from matcher.words import Words

LONGEST = 32_000
"""Characters in a cell; a workbook refuses more than 32,767."""
NAME = 31
ILLEGAL = dict.fromkeys([*range(32), 127, *map(ord, "[]:*?/\\'")], "\n")
"""Of the name of a sheet."""
LINE_HEIGHT, HIGHEST = 16.0, 400.0

LINE = {"valign": "top", "bottom": 4, "bottom_color": "#8d96ad"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#0b1f51"},
    "hint": {"font_color": "#4d566f"},
    "head": {"bold": True, "bottom": 2, "bottom_color": "#0b1f51", "text_wrap": True, "valign": "bottom"},
    "block": {"bold": True, "bg_color": "#d9e0f0", "top": 1, "bottom": 1},
    "text": {**LINE, "text_wrap": True},
    "number": {**LINE, "align": "center"},
    "box": {"border": 1, "border_color": "#4d566f"},
    "link": {**LINE, "font_color": "#1a4fa0", "underline": 1},
    "total": {"bold": True, "top": 1},
    "sum": {"bold": True, "top": 1, "align": "center"},
}
WHOLE = {"text": "number", "total": "sum"}


def styles(book: Any) -> dict[str, Any]:
    """The formats of a workbook. Text keeps its quote: a cell that is edited later becomes no formula."""
    base = {"font_name": "Calibri", "font_size": 12}
    quoted = {"text", "block"}
    return {name: book.add_format({**base, **s, "quote_prefix": name in quoted}) for name, s in STYLES.items()}


class Names:
    """Sheet names: 1 to 31 characters, none of []:*?/\\ or quotes, each once whatever its capitals."""

    def __init__(self) -> None:
        self.taken = {"history"}  # A name that spreadsheets keep for themselves.

    def take(self, wish: str, otherwise: str) -> str:
        """The legal name nearest to a wish."""
        legal = "-".join(filter(None, wish.translate(ILLEGAL).split("\n")))
        plain = legal.strip("- ")[:NAME].strip() or otherwise
        name, n = plain, 1
        while name.lower() in self.taken:
            n += 1
            name = f"{plain[: NAME - len(str(n)) - 1]} {n}"
        self.taken.add(name.lower())
        return name


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet with its formats."""

    leaf: Any
    style: dict[str, Any]
    widths: list[float] = field(default_factory=list)

    def text(self, row: int, column: int, value: str, style: str = "text") -> None:
        """A cell of text, whatever it begins with; an empty one keeps only its style."""
        if value:
            self.leaf.write_string(row, column, value[:LONGEST], self.style[style])
        else:
            self.leaf.write_blank(row, column, None, self.style[style])

    def cell(self, row: int, column: int, value: str | int, style: str = "text") -> None:
        """A cell of text or a whole number."""
        if isinstance(value, int):
            self.leaf.write_number(row, column, value, self.style[WHOLE[style]])
        else:
            self.text(row, column, value, style)

    def row(self, row: int, values: Sequence[str | int], style: str = "text") -> None:
        """A row of texts and whole numbers from the first column."""
        for column, value in enumerate(values):
            self.cell(row, column, value, style)
        if style == "text" and self.lines(values) > 1:
            self.leaf.set_row(row, min(HIGHEST, LINE_HEIGHT * self.lines(values)))

    def lines(self, values: Sequence[str | int]) -> int:
        """How many lines the longest text of a row takes; not every program finds out by itself."""
        pairs = zip(values, self.widths, strict=False)
        return max((ceil(len(str(value)) / width) for value, width in pairs), default=1)

    def link(self, row: int, column: int, sheet: str, value: str) -> None:
        """A cell that leads to another sheet."""
        self.leaf.write_url(row, column, f"internal:'{sheet}'!A1", self.style["link"], value[:LONGEST])

    def head(self, words: Words, title: str, hint: str, columns: Sequence[tuple[str, float]]) -> None:
        """Title, subtitle and header row, frozen and repeated on paper; A4 landscape, as wide as the page."""
        leaf = self.leaf
        self.text(0, 0, title, "title")
        self.text(1, 0, hint, "hint")
        self.row(2, [name for name, _ in columns], "head")
        self.widths[:] = [width for _, width in columns]
        for column, width in enumerate(self.widths):
            leaf.set_column(column, column, width)
        leaf.freeze_panes(3, 0)
        leaf.repeat_rows(0, 2)
        leaf.set_landscape()
        leaf.set_paper(9)
        leaf.set_margins(left=0.5, right=0.5, top=0.4, bottom=0.6)
        leaf.fit_to_pages(1, 0)
        leaf.hide_gridlines(2)
        leaf.set_footer(f"&L{words('sheets.footer')}&R{words('sheets.pages')}")
