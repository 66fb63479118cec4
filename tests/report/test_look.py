"""What the eye needs: contrast, colours that stay apart, and words that hurt nobody."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from matcher.catalogues import MATCHER
from matcher.report.mix import TONES
from matcher.report.page import TEMPLATES

CSS = (TEMPLATES / "report.css.j2").read_text("utf-8")
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", CSS))
# In two halves: this file is searched too.
NEVER = [
    "polari" + "s",
    "radicali",
    "alloch" + "toon",
    "autoch" + "toon",
    "doel" + "groep",
    "uit je bub" + "bel",
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted([luminance(a), luminance(b)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ink", ["ink", "head", "soft", "link"])
@pytest.mark.parametrize("paper", ["#ffffff", "pale", "info-pale", "look-pale", "stop-pale"])
def test_words_stand_out_from_their_paper(ink: str, paper: str) -> None:
    assert contrast(COLOURS[ink], COLOURS.get(paper, paper)) >= 4.5


@pytest.mark.parametrize("state", ["good", "look", "stop"])
def test_marks_stand_out_from_their_paper(state: str) -> None:
    assert contrast(COLOURS[state], COLOURS[f"{state}-pale"]) >= 4.5


def tones() -> dict[str, str]:
    found = re.findall(r"\.((?:kind|step)\d|plain|none) \{ fill: (#[0-9a-f]{6})", CSS)
    assert len(found) == 2 * TONES + 2
    return dict(found)


def ink_on(tone: str) -> str:
    white = f".on-{tone}" in CSS
    return "#ffffff" if white else re.findall(r"\.bar text \{ fill: (#[0-9a-f]{6})", CSS)[0]


@pytest.mark.parametrize("tone", tones())
def test_letters_stand_out_from_their_colour(tone: str) -> None:
    assert contrast(ink_on(tone), tones()[tone]) >= 4.5
    on_key = re.search(rf"\.{tone} {{[^}}]*color: #fff", CSS)
    assert bool(on_key) == (ink_on(tone) == "#ffffff")


def test_an_order_grows_steadily_darker() -> None:
    lights = [luminance(tones()[f"step{i}"]) for i in range(TONES)]
    assert all(before > after * 1.15 for before, after in pairwise(lights))


@pytest.mark.parametrize("path", [*MATCHER.rglob("*.po"), *TEMPLATES.iterdir()], ids=lambda p: p.name)
def test_no_word_hurts(path: Path) -> None:
    text = path.read_text("utf-8").lower()
    assert [word for word in NEVER if word in text] == []
