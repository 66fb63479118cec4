"""How one group is mixed, and all groups beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcher.report.mix import BubbleMix, parts
from web.languages import words_in
from web.pictures.drawing import canvas, label, strip, swatch
from web.pictures.values import Key, Picture, Row, Share

LINE, THICK = 58, 28
"""Height of one dimension in the picture of a group, and of its bar, in pixels."""
ROW, THIN, TOP = 30, 22, 26
SIDE = 18.0
"""Room for the names of the groups in the overview, in percent."""


def mix(group: str, shares: Sequence[Share], lang: str = "nl") -> Picture:
    """One group: a stacked bar per dimension, with letters and counts."""
    text = words_in(lang)
    title, about = text("picture.mix.title", group=group), ". ".join(f"{s.label}: {_told(s)}" for s in shares)
    drawn = [_line(i * LINE, share) for i, share in enumerate(shares)]
    rows = tuple((s.label, f"{b.key} {b.name}", str(n)) for s in shares for b, n in s.counts if n)
    header = (text("picture.mix.dimension"), text("picture.mix.bubble"), text("picture.mix.people"))
    return Picture(canvas("mix", title, about, LINE * len(shares), drawn), header, rows, title, _key(shares))


def overview(groups: Sequence[Row], lang: str = "nl") -> Picture:
    """All groups: a row per group, and in it a small bar per dimension."""
    text = words_in(lang)
    labels = tuple(dict.fromkeys(share.label for row in groups for share in row.shares))
    drawn = [*_heads(labels), *(_row(TOP + i * ROW, row, labels) for i, row in enumerate(groups))]
    svg = canvas(
        "overview", text("picture.overview.title"), text("picture.overview.about"), TOP + ROW * len(groups), drawn
    )
    rows = tuple(_told_row(row, labels) for row in groups)
    key = _key([share for row in groups for share in row.shares])
    return Picture(svg, (text("picture.overview.group"), *labels), rows, text("picture.overview.title"), key)


HEADS = 110
"""Letters beside each other over all bars, as long as the picture is shown at its smallest."""


def _line(y: int, share: Share) -> str:
    bar = strip(parts(_given(share)), THICK, gap=0.7, number=True)
    return label(share.label, "0", y + 16, bold=True) + f'<svg y="{y + 23}" width="100%" height="{THICK}">{bar}</svg>'


def _heads(labels: Sequence[str]) -> Iterable[str]:
    for i, name in enumerate(labels):
        # The table beside it has the whole question; a drawing of its own keeps a wide letter above its bars.
        head = label(name, "0", 16, bold=True, most=max(8, HEADS // len(labels)))
        yield f'<svg x="{_x(i, labels):.2f}%" width="{_width(labels):.2f}%" height="{TOP - 2}">{head}</svg>'


def _row(y: int, row: Row, labels: Sequence[str]) -> str:
    found = {share.label: share for share in row.shares}
    drawn = [f'<svg y="{y}" width="{SIDE - 1}%" height="{THIN}">{label(row.label, "0", 16, most=40)}</svg>']
    for i, name in enumerate(labels):
        if name in found:
            place = f'x="{_x(i, labels):.2f}%" y="{y}" width="{_width(labels):.2f}%" height="{THIN}"'
            bar = strip(parts(_given(found[name])), THIN, gap=2.0, number=False)
            drawn.append(f"<svg {place}>{bar}</svg>")
    return "".join(drawn)


def _x(i: int, labels: Sequence[str]) -> float:
    return SIDE + i * (100 - SIDE) / len(labels)


def _width(labels: Sequence[str]) -> float:
    return (100 - SIDE) / len(labels) - 1.5


def _given(share: Share) -> list[tuple[BubbleMix, int]]:
    return [(bubble, n) for bubble, n in share.counts if n]


def _told(share: Share) -> str:
    return ", ".join(f"{bubble.name} {n}" for bubble, n in _given(share))


def _told_row(row: Row, labels: Sequence[str]) -> tuple[str, ...]:
    found = {share.label: _told(share) for share in row.shares}
    return row.label, *(found.get(name, "") for name in labels)


def _key(shares: Iterable[Share]) -> tuple[Key, ...]:
    """Every bubble that the picture shows, by dimension; in the order of its letters, and silence last."""
    shown: dict[str, set[BubbleMix]] = {}
    for share in shares:
        shown.setdefault(share.label, set()).update(bubble for bubble, _ in _given(share))
    return tuple(Key(name, tuple((swatch(b), b.name) for b in _sorted(found))) for name, found in shown.items())


def _sorted(bubbles: Iterable[BubbleMix]) -> list[BubbleMix]:
    return sorted(bubbles, key=lambda b: (b.key == "?", len(b.key), b.key))
