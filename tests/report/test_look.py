"""What the eye needs: contrast, colours that stay apart, and words that hurt nobody."""

import re
import tomllib
from itertools import pairwise

import pytest

from matcher.report.mix import TONES
from matcher.report.page import TEMPLATES
from matcher.report.words import TEXTS

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


@pytest.mark.parametrize("path", [*TEXTS.glob("*.toml"), *TEMPLATES.iterdir()], ids=lambda p: p.name)
def test_no_word_hurts(path: object) -> None:
    text = path.read_text("utf-8").lower()  # type: ignore[attr-defined]
    assert [word for word in NEVER if word in text] == []


def keys(table: dict[str, object], above: str = "") -> set[str]:
    return {
        key
        for name, value in table.items()
        for key in (keys(value, f"{above}{name}.") if isinstance(value, dict) else {above + name})
        if not key.startswith("sentences.")
    }


def test_the_languages_say_the_same_things() -> None:
    dutch, english = (tomllib.loads((TEXTS / f"{lang}.toml").read_text("utf-8")) for lang in ("nl", "en"))
    assert keys(dutch) == keys(english)


def test_every_text_is_used() -> None:
    text = tomllib.loads((TEXTS / "nl.toml").read_text("utf-8"))
    code = "".join(p.read_text("utf-8") for p in [*TEMPLATES.iterdir(), *TEMPLATES.parent.glob("*.py")])
    named = set(re.findall(r"""["']([\w.]+)["'{]""", code))
    by_code = {"rules", "parameters", "stops", "phases", "modes", "languages", "calendar", "figures", "made"}
    said = {k.removesuffix("_one").removesuffix("_bonding") for k in keys(text) if k.split(".")[0] not in by_code}
    assert sorted(k for k in said if not {k, k.split(".")[-1]} & named) == []
