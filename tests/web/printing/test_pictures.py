"""Pictures: they agree with their tables, give no hidden number away, and everybody can tell their parts apart."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from web.languages import words_in
from web.pictures import Bar, Cell, Picture, Row, Share, kinds, mix, overview, signup_bars
from web.pictures.tones import DARK, FILLS, OUTLINE, PAPER, letters

AGES = kinds(("15-25", "26-40", "41-65"), "niet verteld", ordinal=True)
HOMES = kinds(("Alleen", "Met kinderen"), "niet verteld")
AGE = Share("Leeftijd", tuple(zip(AGES, (2, 0, 4, 1), strict=True)))
HOME = Share("Wonen", tuple(zip(HOMES, (3, 3, 1), strict=True)))
GROUPS = (Row("Tafel 3", (AGE, HOME)), Row("Tafel 4", (AGE,)))
HOSTILE = [
    "<script>alert(1)</script>",
    "\"'&",
    "A" * 10_000,
    "a\x00\x07\n\ud800\u202eb",
    "مريم 👩‍👩‍👧",
    "{0} {group} %s",
    "",
]


def pictures(text: str = "Tafel 3") -> list[Picture]:
    bubbles = kinds((text, "b"), text)
    share = Share(text, tuple(zip(bubbles, (1, 2, 3), strict=True)))
    bars = [Bar(text, Cell(text, None)), Bar(text, Cell(text, 12))]
    return [mix(text, [share]), overview([Row(text, (share,))]), signup_bars(text, text, bars)]


def elements(picture: Picture, name: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(picture.svg).iter(name))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two colours."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tone", FILLS)
def test_every_part_and_every_letter_can_be_seen(tone: str) -> None:
    assert contrast(letters(tone), FILLS[tone]) >= 4.5
    assert contrast(OUTLINE, PAPER) >= 3
    # A dark part stands out by its fill, a light one by its outline.
    assert contrast(FILLS[tone] if tone in DARK else OUTLINE, PAPER) >= 3


@pytest.mark.parametrize("picture", pictures(), ids=["mix", "overview", "bars"])
def test_a_picture_has_a_name_and_no_style_of_its_own(picture: Picture) -> None:
    root = ElementTree.fromstring(picture.svg)
    assert root.get("role") == "img"
    assert [root[0].tag, root[0].text, root[1].tag] == ["title", picture.title, "desc"]
    assert root[1].text
    assert not re.search(r'\s(style|on\w+|id|href)="', picture.svg)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    for picture in pictures(text):
        assert {e.tag for e in ElementTree.fromstring(picture.svg).iter()} <= {
            "svg",
            "title",
            "desc",
            "rect",
            "text",
            "path",
        }
        picture.svg.encode()
        assert len(picture.svg) < 20_000


def test_the_mix_of_a_group_says_what_its_table_says() -> None:
    picture = mix("tafel 3", [AGE, HOME])
    assert picture.title == "Zo is tafel 3 gemengd"
    assert picture.header == ("Vraag", "Antwoord", "Mensen")
    assert picture.rows == (
        ("Leeftijd", "A 15-25", "2"),
        ("Leeftijd", "C 41-65", "4"),
        ("Leeftijd", "? niet verteld", "1"),
        ("Wonen", "A Alleen", "3"),
        ("Wonen", "B Met kinderen", "3"),
        ("Wonen", "? niet verteld", "1"),
    )
    told = [title.text for title in elements(picture, "title")[1:]]
    assert told == [f"{answer[2:]}: {n}" for _, answer, n in picture.rows]


def test_parts_are_as_wide_as_they_count_and_stand_apart() -> None:
    found = [(float(r.get("x", "")[:-1]), float(r.get("width", "")[:-1])) for r in elements(mix("g", [AGE]), "rect")]
    assert [round((width + 0.7) * 7 / 100) for _, width in found] == [2, 4, 1]
    for (x, width), (after, _) in pairwise(found):
        assert x + width < after


def test_the_overview_has_a_row_per_group_and_copes_with_a_missing_dimension() -> None:
    picture = overview(GROUPS)
    assert picture.header == ("Groep", "Leeftijd", "Wonen")
    assert picture.rows == (
        ("Tafel 3", "15-25 2, 41-65 4, niet verteld 1", "Alleen 3, Met kinderen 3, niet verteld 1"),
        ("Tafel 4", "15-25 2, 41-65 4, niet verteld 1", ""),
    )
    assert len(elements(picture, "rect")) == 9


def test_the_key_names_what_is_shown_in_the_order_of_its_letters() -> None:
    key = overview(GROUPS).key
    assert [(k.label, [name for _, name in k.entries]) for k in key] == [
        ("Leeftijd", ["15-25", "41-65", "niet verteld"]),
        ("Wonen", ["Alleen", "Met kinderen", "niet verteld"]),
    ]
    assert all('aria-hidden="true"' in swatch for k in key for swatch, _ in k.entries)


def test_letters_and_tones_differ_within_a_dimension() -> None:
    many = kinds([str(i) for i in range(60)], "?")
    assert len({b.key for b in many}) == 61
    assert len({b.tone for b in many[:8]}) == 8
    steps = kinds([str(i) for i in range(8)], "?", ordinal=True)
    assert [b.tone for b in steps] == [*(f"step{i}" for i in range(8)), "none"]
    assert kinds(("one",), "?", ordinal=True)[0].tone == "step0"


def test_no_people_is_an_empty_picture() -> None:
    nobody = replace(AGE, counts=tuple((b, 0) for b, _ in AGE.counts))
    assert mix("g", [nobody]).rows == mix("g", []).rows == ()
    assert overview([Row("Tafel 1", (nobody,))]).rows == (("Tafel 1", ""),)
    assert overview([]).rows == signup_bars("t", "w", []).rows == ()


def test_a_hidden_number_has_one_length_and_no_sway_over_the_others() -> None:
    hidden = Bar("15-25", Cell("<10", None))
    beside = [signup_bars("t", "w", [hidden, Bar("26-40", Cell(str(n), n))]) for n in (10, 500)]
    drawn = [elements(picture, "svg")[1].attrib for picture in beside]
    assert drawn[0] == drawn[1] and not drawn[0]["width"].endswith("%")
    assert [e.get("width") for p in beside for e in elements(p, "rect") if e.get("width", "").endswith("%")] == [
        "82.00%",
        "82.00%",
    ]
    assert beside[0].rows == (("15-25", "<10"), ("26-40", "10"))
    assert words_in("nl")("picture.bars.hidden") in str(beside[0].svg)


def test_bars_are_as_long_as_their_numbers() -> None:
    bars = [Bar(str(n), Cell(str(n), n)) for n in (100, 50, 0)]
    picture = signup_bars("t", "Leeftijd", bars)
    assert [e.get("width") for e in elements(picture, "rect")] == ["82.00%", "41.00%", "0.00%"]
    assert picture.header == ("Leeftijd", "Aanmeldingen")
    assert words_in("nl")("picture.bars.hidden") not in str(picture.svg)


def test_pictures_speak_english_too() -> None:
    assert mix("table 3", [AGE], "en").title == "How table 3 is mixed"
    assert overview(GROUPS, "en").header[0] == "Group"
    assert overview(GROUPS, "de").header == overview(GROUPS, "nl").header
