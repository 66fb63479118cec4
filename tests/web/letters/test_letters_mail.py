"""HTML mail: readable by day and by night, with or without its sheet, and it fetches and tells nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.web.letter_cases import CASES, LINK, Element, Mail
from web import languages
from web.letters import LETTERS
from web.letters.look import DARK, LIGHT, STYLES

pytestmark = pytest.mark.slow

TEXT, EDGE = 4.5, 3.0
"""Contrast by WCAG 2.2 AA (1.4.3 and 1.4.11)."""
NIGHT = re.compile(r"@media \(prefers-color-scheme:dark\)\{(.*)\}</style>", re.DOTALL)
Look = dict[str, str]


@pytest.fixture(scope="module")
def mails() -> dict[tuple[str, str], str]:
    """The HTML of every case in both languages."""
    app = Flask("letters")
    languages.install(app, ["nl", "en"], "Europe/Amsterdam")
    written = {}
    with app.app_context():
        for name, case in CASES.items():
            for language in ("nl", "en"):
                with force_locale(language):
                    written[name, language] = LETTERS[case.kind].write("Bart", case.facts, case.link).html
    return written


def declared(style: str) -> Look:
    """Property -> value."""
    parts = (part.partition(":") for part in style.split(";") if part)
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in parts}


def by_night(html: str) -> dict[str, Look]:
    """Class -> what the sheet says about it in the dark."""
    found = NIGHT.search(html)
    assert found
    return {name: declared(style) for name, style in re.findall(r"\.([\w-]+)\{([^}]*)\}", found[1])}


def looks(around: list[Element], night: dict[str, Look]) -> Look:
    """What somebody sees: the nearest colour and the nearest background."""
    seen: Look = {}
    for element in around:
        told = {**declared(element.given.get("style", "")), **night.get(element.given.get("class", ""), {})}
        seen |= {name: told[name] for name in ("color", "background-color") if name in told}
    return seen


def light(colour: str) -> float:
    """The relative luminance (WCAG)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_every_text_stands_out(mails: dict[tuple[str, str], str], name: str, dark: bool) -> None:
    html = mails[name, "nl"]
    night = by_night(html) if dark else {}
    for said, around in Mail(html).seen():
        seen = looks(around, night)
        assert contrast(seen["color"], seen["background-color"]) >= TEXT, (said, seen)


@pytest.mark.parametrize("hues", [LIGHT, DARK], ids=["day", "night"])
def test_the_edge_of_a_button_and_the_dots_can_be_seen(hues: dict[str, str]) -> None:
    assert contrast(hues["accent"], hues["panel"]) >= EDGE
    assert all(contrast(hues[dot], hues["page"]) >= EDGE for dot in ("accent", "blue", "warm_line"))


def test_night_turns_every_colour_and_nothing_else(mails: dict[tuple[str, str], str]) -> None:
    night = by_night(mails["placed", "nl"])
    for name, style in STYLES.items():
        hues = {part for part in declared(style) if re.search("color|^border(-top)?$", part)} - {"border-collapse"}
        assert set(night.get(name, {})) == hues, name
    assert {value for look in night.values() for value in re.findall("#[0-9a-f]{6}", str(look))} <= set(DARK.values())


@pytest.mark.parametrize("name", CASES)
def test_without_its_sheet_a_mail_is_the_same_by_day(mails: dict[tuple[str, str], str], name: str) -> None:
    """Many programs drop <style>: every class has its style in the tag too, and the sheet only speaks of the night."""
    html = mails[name, "nl"]
    assert all("style" in element.given for element in Mail(html).all if "class" in element.given)
    sheet = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(sheet) == 1
    assert sheet[0].partition("@media")[0] == ":root{color-scheme:light dark;supported-color-schemes:light dark}"


@pytest.mark.parametrize("name", CASES)
def test_a_mail_fetches_nothing_and_runs_nothing(mails: dict[tuple[str, str], str], name: str) -> None:
    html = mails[name, "nl"]
    mail = Mail(html)
    assert {element.tag for element in mail.all}.isdisjoint({"img", "script", "link", "iframe", "form", "video", "svg"})
    given = {attribute for element in mail.all for attribute in element.given}
    assert given.isdisjoint({"src", "srcset", "background", "action", "ping"})
    assert not [attribute for attribute in given if attribute.startswith("on")]
    assert not re.search(r"url\(|@import|@font-face|expression", html)
    assert all(element.tag == "a" for element in mail.all if "href" in element.given)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_screen_reader_knows_its_way(mails: dict[tuple[str, str], str], name: str, language: str) -> None:
    mail = Mail(mails[name, language])
    roots = [e.given for e in mail.all if e.tag == "html" or e.given.get("role") == "article"]
    assert [(given["lang"], given["dir"]) for given in roots] == [(language, "ltr")] * 2
    assert [e.tag for e in mail.all].count("h1") == 1 and [e.tag for e in mail.all].count("title") == 1
    assert all(e.given.get("role") == "presentation" for e in mail.all if e.tag == "table")
    metas = {e.given.get("name"): e.given.get("content") for e in mail.all if e.tag == "meta"}
    assert metas["color-scheme"] == metas["supported-color-schemes"] == "light dark"


@pytest.mark.parametrize("name", CASES)
def test_what_is_tapped_is_large(mails: dict[tuple[str, str], str], name: str) -> None:
    """A line of text and its padding are 44 pixels at least; a button counts its edge."""
    for element in Mail(mails[name, "nl"]).all:
        if element.tag == "a":
            look = declared(element.given["style"])
            assert look["display"] == "inline-block"
            edge = 2 * 2 if element.given["class"] in ("button-link", "quiet-link") else 0
            size = float(look.get("font-size", "17px").removesuffix("px")) * float(look.get("line-height", "1.5"))
            assert size + 2 * float(look["padding"].split()[0].removesuffix("px")) + edge >= 44, element


def preview(html: str) -> Iterator[str]:
    for said, around in Mail(html).texts:
        if any("display:none" in element.given.get("style", "") for element in around):
            yield said


def test_behind_the_subject_stands_when_and_where(mails: dict[tuple[str, str], str]) -> None:
    for name in ("placed", "offer", "reminder_day", "called off"):
        (said,) = preview(mails[name, "nl"])
        assert said.startswith("dinsdag 3 november 2026, 19.30 – 21.30 uur, De Brink")
    assert list(preview(mails["waiting", "nl"])) == ["Er is nu geen plek voor je. Dat spijt ons."]


def test_a_link_is_as_it_was_given(mails: dict[tuple[str, str], str]) -> None:
    assert [e.given["href"] for e in Mail(mails["link", "nl"]).all if e.tag == "a"] == [LINK]
    assert LINK not in mails["link", "nl"]  # an ampersand is written as &amp;


def test_it_fits_on_every_screen(mails: dict[tuple[str, str], str]) -> None:
    html = mails["placed online", "nl"]
    assert "max-width:560px" in html
    widths = [int(found) for found in re.findall(r"(?<!max-)width:(\d+)px", html)]
    assert max(widths) < 100
    assert "overflow-wrap:anywhere" in html  # a long address breaks rather than widening the page
