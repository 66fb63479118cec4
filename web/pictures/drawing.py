"""The strokes of every picture: SVG in percents and pixels, so that letters keep their size on a phone.

Only presentation attributes, no `style` and no ids: it passes a strict Content-Security-Policy, and a page may
hold many.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from matcher.report.mix import BubbleMix, Part
from web.pictures.tones import FILLS, INK, OUTLINE, letters

FOR_LETTER, FOR_NUMBER = 5.0, 12.0
"""Percent of a whole bar that a letter needs, and a letter with a number, on the narrowest phone."""


def said(text: str, most: int = 200) -> str:
    """A text for inside SVG: escaped, without control characters, cut where it gets too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 2 * most]).split())
    return str(escape(line if len(line) <= most else f"{line[: most - 1]}…"))


def canvas(kind: str, title: str, about: str, height: int, drawn: Iterable[str]) -> Markup:
    """A whole picture. Left to right on every page, for a bar starts at the left."""
    head = f"<title>{said(title)}</title><desc>{said(about, 2000)}</desc>"
    root = f'<svg class="picture picture-{kind}" role="img" direction="ltr" width="100%" height="{height}">'
    return Markup(f"{root}{head}{''.join(drawn)}</svg>")  # Every text in it went through `said`.


def label(text: str, x: str, y: float, *, bold: bool = False, most: int = 60) -> str:
    """A line of text that stands by itself."""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x}" y="{y:g}" fill="{INK}" font-size="14"{weight}>{said(text, most)}</text>'


def strip(pieces: Iterable[Part], height: int, *, gap: float, number: bool) -> str:
    """The pieces of one stacked bar, each outlined and apart from the next; `gap` in percent of the bar."""
    return "".join(_piece(part, height, gap, number) for part in pieces)


def _piece(part: Part, height: int, gap: float, number: bool) -> str:
    tone, width = part.bubble.tone, max(part.width - gap, part.width / 2)
    x = part.start + (part.width - width) / 2
    rect = (
        f'<rect x="{x:.2f}%" y="1" width="{width:.2f}%" height="{height - 2}" fill="{FILLS[tone]}" stroke="{OUTLINE}">'
        f"<title>{said(part.bubble.name)}: {part.count:g}</title></rect>"
    )
    if part.width < FOR_LETTER * (1 if number else 2):
        return rect
    words = f"{part.bubble.key} {part.count:g}" if number and part.width >= FOR_NUMBER else part.bubble.key
    return rect + _centred(words, f"{part.start + part.width / 2:.2f}%", height, tone)


def _centred(words: str, x: str, height: int, tone: str) -> str:
    place = f'x="{x}" y="{height / 2:g}" text-anchor="middle" dominant-baseline="central"'
    return f'<text {place} fill="{letters(tone)}" font-size="12" font-weight="700">{said(words, 8)}</text>'


def swatch(bubble: BubbleMix) -> Markup:
    """The letter of a bubble on its tone, to stand before its name; without a name of its own for a reader aloud."""
    rect = f'<rect x="1" y="1" width="24" height="18" fill="{FILLS[bubble.tone]}" stroke="{OUTLINE}"/>'
    drawn = rect + _centred(bubble.key, "13", 20, bubble.tone)
    root = '<svg class="picture-swatch" width="26" height="20" aria-hidden="true">'
    return Markup(f"{root}{drawn}</svg>")  # The letter went through `said`.
