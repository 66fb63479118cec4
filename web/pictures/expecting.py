"""How many people are expected: a band from few to many for every table, and the line under which it is too small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.languages import words_in
from web.pictures.drawing import canvas, label
from web.pictures.tones import INK, OUTLINE, PAPER
from web.pictures.values import Picture

LINE, THICK = 60, 22
LONGEST = 78.0
"""Percent for everybody with a seat; the rest is for the words behind it."""
FILL, EMPTY = "#2b6f9f", "#e6ebf5"


@dataclass(frozen=True, slots=True)
class Expected:
    """One band: of `people` with a seat `low` to `high` come, `mean` on average; `least` is how many it needs."""

    label: str
    people: int
    low: int
    high: int
    mean: float
    least: int = 0


def expected(title: str, bands: Sequence[Expected], lang: str = "nl") -> Picture:
    """Bands on one scale, and the same in a table."""
    text = words_in(lang)
    most = max((band.people for band in bands), default=0)
    drawn = [_band(i * LINE, band, most, _between(band, lang)) for i, band in enumerate(bands)]
    about = f"{'. '.join(f'{band.label}: {_between(band, lang)}' for band in bands)}. {text('picture.expected.about')}"
    header = tuple(text(f"picture.expected.{name}") for name in ("table", "seats", "between", "mean", "least"))
    rows = tuple(
        (b.label, str(b.people), _between(b, lang), text.number(b.mean, 1), str(b.least) if b.least else "")
        for b in bands
    )
    return Picture(canvas("expected", title, about, LINE * len(bands), drawn), header, rows, title)


def _between(band: Expected, lang: str) -> str:
    if band.low == band.high:
        return str(band.low)
    return words_in(lang)("picture.expected.from_to", low=band.low, high=band.high)


def _band(y: int, band: Expected, most: int, said: str) -> str:
    top, whole = y + 24, _at(band.people, most)
    # Whole people: the band reaches from the first of `low` to the last of `high`.
    left, right = _at(max(0, band.low - 0.5), most), _at(min(band.people, band.high + 0.5), most)
    parts = [
        label(band.label, "0", y + 16),
        f'<rect y="{top}" width="{whole:.2f}%" height="{THICK}" fill="{EMPTY}" stroke="{OUTLINE}"/>',
        f'<rect x="{left:.2f}%" y="{top}" width="{max(right - left, 0.6):.2f}%" height="{THICK}" fill="{FILL}"/>',
        _line(_at(band.mean, most), top, PAPER, 3, ""),
        _line(_at(band.least, most), top, INK, 2, "4 3") if 0 < band.least <= band.people else "",
        f'<text x="{whole:.2f}%" dx="8" y="{top + THICK / 2:g}" dominant-baseline="central" fill="{INK}"'
        f' font-size="14" font-weight="700">{said}</text>',
    ]
    return "".join(parts)


def _line(x: float, top: int, colour: str, width: int, dashes: str) -> str:
    out = 0 if not dashes else 4
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    ends = f'x1="{x:.2f}%" x2="{x:.2f}%" y1="{top - out}" y2="{top + THICK + out}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _at(people: float, most: int) -> float:
    return LONGEST * people / most if most else 0.0
