"""What a picture is made of, and the picture itself."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from matcher.report.mix import BubbleMix


@dataclass(frozen=True, slots=True)
class Share:
    """Some people on one dimension: how many gave each answer, 'niet verteld' among them."""

    label: str
    counts: tuple[tuple[BubbleMix, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One group in the overview, with its dimensions."""

    label: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it may be shown: `value` is None where the number itself must stay hidden."""

    text: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of sign-ups: of a bubble or of a session."""

    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Key:
    """What the letters and tones of a dimension mean: pairs of a small drawing and a name."""

    label: str
    entries: tuple[tuple[Markup, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, its key, and the table that says the same; the first cell of a row is its heading."""

    svg: Markup
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str
    key: tuple[Key, ...] = ()
