"""Sign-ups as bars, in which a hidden number stays hidden: its bar has one length, whatever it counts."""

from __future__ import annotations

from collections.abc import Sequence

from web.languages import words_in
from web.pictures.drawing import canvas, label, said
from web.pictures.tones import INK, OUTLINE, PAPER
from web.pictures.values import Bar, Picture

LINE, THICK = 52, 22
LONGEST = 82.0
"""Percent; the rest is for the number behind the longest bar."""
HIDDEN = 48
"""Pixels of the bar of a hidden number."""
FILL = "#2b6f9f"

_HATCH = "".join(f"M{x} {THICK}l{THICK} -{THICK}" for x in range(-THICK, HIDDEN, 8))


def signup_bars(title: str, what: str, bars: Sequence[Bar], lang: str = "nl") -> Picture:
    """Sign-ups per bubble or per session; `what` heads the column of labels.

    The scale comes from the numbers that are shown: one that followed a hidden number would give it away.
    """
    text = words_in(lang)
    most = max((bar.cell.value or 0 for bar in bars), default=0)
    drawn = [_bar(i * LINE, bar, most) for i, bar in enumerate(bars)]
    about = ", ".join(f"{bar.label}: {bar.cell.text}" for bar in bars)
    if any(bar.cell.value is None for bar in bars):
        about = f"{about}. {text('picture.bars.hidden')}"
    rows = tuple((bar.label, bar.cell.text) for bar in bars)
    return Picture(
        canvas("bars", title, about, LINE * len(bars), drawn), (what, text("picture.bars.signups")), rows, title
    )


def _bar(y: int, bar: Bar, most: int) -> str:
    drawn = _hidden(y + 22) if bar.cell.value is None else _shown(y + 22, bar.cell.value, most)
    return label(bar.label, "0", y + 16) + drawn + _number(y + 22, bar, most)


def _shown(y: int, value: int, most: int) -> str:
    return f'<rect y="{y}" width="{_length(value, most):.2f}%" height="{THICK}" fill="{FILL}"/>'


def _hidden(y: int) -> str:
    frame = f'<rect x="1" y="1" width="{HIDDEN - 2}" height="{THICK - 2}" fill="{PAPER}" stroke="{OUTLINE}"/>'
    hatch = f'<path d="{_HATCH}" stroke="{OUTLINE}" stroke-width="1.5"/>'
    return f'<svg y="{y}" width="{HIDDEN}" height="{THICK}">{frame}{hatch}</svg>'


def _number(y: int, bar: Bar, most: int) -> str:
    hidden = bar.cell.value is None
    x, behind = ("0", HIDDEN + 8) if hidden else (f"{_length(bar.cell.value or 0, most):.2f}%", 8)
    place = f'x="{x}" dx="{behind}" y="{y + THICK / 2:g}" dominant-baseline="central"'
    return f'<text {place} fill="{INK}" font-size="14" font-weight="700">{said(bar.cell.text, 20)}</text>'


def _length(value: int, most: int) -> float:
    return LONGEST * value / most if most else 0.0
