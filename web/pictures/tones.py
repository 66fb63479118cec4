"""The tones and letters of bubbles: the same as in the report of the matcher."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from matcher.report.mix import TONES, BubbleMix

# As in matcher/report/templates/report.css.j2: light kinds after Paul Tol, and one ramp for answers in an order.
FILLS = {
    "kind0": "#77aadd",
    "kind1": "#eedd88",
    "kind2": "#ee8866",
    "kind3": "#bbcc33",
    "kind4": "#ffaabb",
    "kind5": "#44bb99",
    "kind6": "#99ddff",
    "kind7": "#aaaa00",
    "plain": "#e3d5f0",
    "none": "#dddddd",
    "step0": "#e6f0c8",
    "step1": "#c3e0b4",
    "step2": "#97cfb0",
    "step3": "#68bcb3",
    "step4": "#46a3b8",
    "step5": "#2b6f9f",
    "step6": "#27508a",
    "step7": "#1d2f63",
}
DARK = frozenset({"step5", "step6", "step7"})
INK, PAPER, OUTLINE = "#10172b", "#ffffff", "#4d566f"


def letters(tone: str) -> str:
    """The colour of letters on a tone: at least 4.5:1."""
    return PAPER if tone in DARK else INK


def kinds(labels: Sequence[str], silence: str, *, ordinal: bool = False) -> tuple[BubbleMix, ...]:
    """The bubbles of a dimension in the order of the configuration, and last who did not tell.

    `ordinal` says that the answers have an order, as ages do: then the tones run from light to dark.
    """
    named = [BubbleMix(name, _key(i), _tone(i, len(labels), ordinal)) for i, name in enumerate(labels)]
    return (*named, BubbleMix(silence, "?", "none"))


def _tone(i: int, count: int, ordinal: bool) -> str:
    if ordinal:
        return f"step{round(i * (TONES - 1) / max(1, count - 1))}"
    return f"kind{i}" if i < TONES else "plain"


def _key(i: int) -> str:
    return ascii_uppercase[i % 26] * (1 + i // 26)
