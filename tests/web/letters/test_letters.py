"""Letters: whole in every language, the same facts in every shape, nobody else in them, and words for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask_babel import force_locale

import config
from tests.web.letter_cases import ADDRESSES, BARE, CASES, EVIL, FACTS, HAND, LINK, NAMES, NOW, Case, shown
from web import languages
from web.letters import LETTERS, Facts, Letter, Meeting

HARD = (
    "indien, conform, middels, derhalve, teneinde, betreffende, dient te, wordt u, worden verzocht, omtrent, tevens, "
    "aangaande, desgewenst, dienen, gelieve, hierbij, inzake, mits, navolgend, ten behoeve van, uw, u, vooraleer, "
    "voornoemd, wederom, zulks, geannuleerd, participant, deelname, registratie, bevestiging, aanwezigheid, faciliteren"
)
MEAN, LONGEST = 12, 20
"""Words in a sentence at level B1."""


@pytest.fixture(scope="module")
def paper() -> Iterator[Flask]:
    """Enough of an application to speak a language."""
    app = Flask("letters")
    languages.install(app, ["nl", "en"], "Europe/Amsterdam")
    with app.app_context():
        yield app


def write(case: Case, language: str = "nl", to: str = "Bart", facts: Facts | None = None) -> Letter:
    with force_locale(language):
        return LETTERS[case.kind].write(to, facts or case.facts, case.link)


def every_word(letter: Letter) -> str:
    return "\n".join((letter.subject, letter.text, shown(letter.html), letter.short))


def test_every_letter_is_among_the_cases() -> None:
    assert {case.kind for case in CASES.values()} == set(LETTERS)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_letter_in_every_language_is_whole(paper: Flask, name: str, language: str) -> None:
    letter = write(CASES[name], language)
    assert letter.text.startswith("Dag Bart," if language == "nl" else "Hello Bart,")
    assert "%(" not in every_word(letter) and "None" not in every_word(letter)
    assert FACTS.title in letter.subject and FACTS.title in letter.short
    assert len(letter.subject) <= 100 and letter.subject.isprintable()
    assert FACTS.sender in letter.text and FACTS.contact in letter.text


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_same_facts_are_in_text_and_html(paper: Flask, name: str, language: str) -> None:
    """Every fact is a text that occurs nowhere else, so that a fact in one and not in the other is seen."""
    letter = write(CASES[name], language)
    seen = shown(letter.html)
    for fact in (*NAMES, *ADDRESSES):
        assert (fact in letter.text) == (fact in seen), fact


@pytest.mark.parametrize("name", CASES)
def test_a_letter_tells_what_it_is_for(paper: Flask, name: str) -> None:
    case = CASES[name]
    letter = write(case)
    assert {fact for fact in (*NAMES, *ADDRESSES) if fact in letter.text} == set(case.tells)


@pytest.mark.parametrize("name", CASES)
def test_the_words_of_text_and_html_are_the_same(paper: Flask, name: str) -> None:
    """By construction; here by counting: what is said once in the text is not left out of the HTML."""
    letter = write(CASES[name])
    text, seen = (set(re.findall(r"\w+", said)) for said in (letter.text, shown(letter.html)))
    assert text - seen == set() and seen - text == set()


@pytest.mark.parametrize("name", CASES)
def test_no_address_but_the_ones_that_were_given(paper: Flask, name: str) -> None:
    letter = write(CASES[name])
    for said in (letter.text, letter.html, letter.short):
        assert set(re.findall(r"\w+://[^\s\"<>]+", unescape(said))) <= {*ADDRESSES, LINK}
        assert "@" not in said.replace("@media", "")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_text_message_is_short_and_has_one_link_at_most(paper: Flask, name: str, language: str) -> None:
    short = write(CASES[name], language).short
    assert len(short) <= 300 and "\n" not in short
    assert short.count("://") <= 1
    # Other letters than these make it cost more than twice as much.
    assert short.isascii()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.dated])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_text_message_says_when_however_long_the_rest_is(paper: Flask, name: str, language: str) -> None:
    case = CASES[name]
    long = replace(NOW, place="Wijkcentrum " + "aan de lange Burgemeester van der Heijdenstraat " * 3)
    facts = replace(case.facts, title="Een heel lange titel over koken " * 5, contact="Fatma " * 9)
    facts = replace(facts, **{name: (long,) for name in ("meetings", "before") if getattr(facts, name)})
    short = write(case, language, facts=facts).short
    assert NOW.when.replace("–", "-")[1:] in short and len(short) <= 300


def test_of_many_dates_a_text_message_says_how_many(paper: Flask) -> None:
    days = tuple(Meeting(f"dinsdag {n} november 2026, 19.30 – 21.30 uur", "De Brink") for n in range(1, 8))
    case = Case("placed", replace(HAND, meetings=days))
    assert "Dinsdag 1 november" in write(case).short and "En nog 6 andere data." in write(case).short
    three = write(case, facts=replace(HAND, meetings=days[:3])).short
    assert [f"{n} november" in three for n in (1, 2, 3)] == [True] * 3 and three.count("De Brink") == 1
    assert three.count("19.30") == 1, "the same hours are told once"


def test_a_text_message_with_several_dates_tells_each_place_and_where_to_answer(paper: Flask) -> None:
    elsewhere = replace(NOW, when="dinsdag 10 november 2026, 20.00 – 21.30 uur", place="De Bieb, Leeslaan 4")
    facts = replace(HAND, meetings=(NOW, elsewhere), lost=FACTS.lost)
    short = write(Case("placed", facts)).short
    assert "21.30 uur, De Brink, Brinkplein 1. Dinsdag 10 november" in short and "Leeslaan 4." in short
    assert short.endswith(f"Kom je? Vraag hier je link: {FACTS.lost}")
    assert ". Online. " in write(CASES["placed online"]).short


@pytest.mark.parametrize("name", CASES)
def test_english_letters_have_no_dutch_left(paper: Flask, name: str) -> None:
    case = CASES[name]
    dutch, english = (set(write(case, language).text.splitlines()) for language in ("nl", "en"))
    given = {*ADDRESSES, LINK, "", *case.facts.story.splitlines()}
    left = {line.strip() for line in dutch & english} - given
    assert {line for line in left if not line.startswith("- ")} == set()
    assert write(case, "nl").subject != write(case, "en").subject


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_that_label_people_are_in_no_letter(paper: Flask, name: str, language: str) -> None:
    assert not config.unwelcome(every_word(write(CASES[name], language)))


def sentences(letter: Letter, given: tuple[str, ...]) -> list[str]:
    """What we say ourselves, without the facts that stand in it."""
    text = letter.text
    for fact in sorted(given, key=len, reverse=True):
        text = text.replace(fact, "X")
    return [s for s in re.split(r"(?<=[.?!:])\s|\n+", text) if re.search(r"\w{2}", s)]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_everybody_can_read_it(paper: Flask, name: str, language: str) -> None:
    """Level B1: short sentences, no words of an office, and 'je'."""
    said = sentences(write(CASES[name], language), (*NAMES, *ADDRESSES))
    lengths = [len(sentence.split()) for sentence in said]
    assert max(lengths) <= LONGEST, max(said, key=lambda sentence: len(sentence.split()))
    assert sum(lengths) / len(lengths) <= MEAN
    if language == "nl":
        words = rf"\b(?:{'|'.join(HARD.split(', '))})\b"
        assert [s for s in said if re.search(words, s, re.IGNORECASE)] == []


def test_the_search_for_hard_words_and_long_sentences_finds_them() -> None:
    letter = Letter("", "Indien u verhinderd bent, dient te worden gemeld.\n\nKom je?\nJa.\n", "", "")
    assert sentences(letter, ()) == ["Indien u verhinderd bent, dient te worden gemeld.", "Kom je?", "Ja."]


@pytest.mark.parametrize("name", CASES)
def test_the_text_can_be_read_aloud_and_mailed(paper: Flask, name: str) -> None:
    text = write(CASES[name]).text
    assert all(line == line.rstrip() and line.isprintable() and len(line) < 900 for line in text.splitlines())
    assert "\n\n\n" not in text and text.endswith("\n") and not text.endswith("\n\n")
    # Nothing sticks to a link, and nothing is said of a link that is not there.
    assert all(re.fullmatch(r"( *|Doe mee via: )https://\S+", line) for line in text.splitlines() if "://" in line)
    if "://" not in text:
        assert not re.search(r"\b(deze|de) link\b|\bknop\b|\bklik\b", text, re.IGNORECASE)


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_letter_without_facts_is_still_a_letter(paper: Flask, kind: str, language: str) -> None:
    for reason in ("", "called_off", "lost", "fewer", "left", "moved", "unheard of"):
        letter = write(Case(kind, replace(BARE, reason=reason)), language)
        assert letter.subject and letter.short and BARE.sender in letter.text
        assert "://" not in letter.text + letter.short and "href" not in letter.html


@pytest.mark.parametrize("name", CASES)
def test_what_somebody_typed_stays_text(paper: Flask, name: str) -> None:
    """Tags, line breaks, and signs that turn the direction of what follows."""
    case = CASES[name]
    facts = replace(case.facts, title=EVIL, sender=EVIL, contact=EVIL, story=EVIL, deadline=EVIL, code=EVIL)
    letter = write(case, to=EVIL, facts=replace(facts, meetings=(Meeting(EVIL, EVIL, "javascript:x", EVIL, EVIL),)))
    assert not re.search(r"<(script|img|b)\b", letter.html)
    assert "javascript:" not in re.findall(r'href="([^"]*)"', letter.html)
    assert "Bcc" not in [line.partition(":")[0] for line in letter.text.splitlines()]
    assert not re.search("[\n\r\u202e\x07]", letter.subject + letter.short)
    assert not re.search("[\u202e\x07\r]", letter.text + letter.html)


def test_a_long_title_leaves_the_day_in_the_subject(paper: Flask) -> None:
    facts = replace(FACTS, title="Samen koken en eten met de hele straat en alle straten daaromheen " * 3)
    for name, case in CASES.items():
        for language in ("nl", "en"):
            subject = write(case, language, facts=replace(case.facts, title=facts.title)).subject
            assert len(subject) <= 100 and "Samen koken en eten" in subject
            assert not case.dated or NOW.day in subject or len(case.facts.meetings) > 1, name


def changes(before: Meeting, now: Meeting = NOW) -> str:
    return write(Case("changed", replace(FACTS, meetings=(now,), before=(before,)))).text


def test_a_change_says_what_changed_and_what_it_was(paper: Flask) -> None:
    text = changes(replace(NOW, when="dinsdag 3 november 2026, 18.00 – 20.00 uur", place="De Oude Plek"))
    assert "De tijd is anders. De plek is anders.\n" in text
    assert text.index("19.30") < text.index("Dit geldt niet meer:") < text.index("De Oude Plek")
    assert "De dag is anders." in changes(replace(NOW, when="maandag 2 november 2026, 19.30 – 21.30 uur"))
    assert "De tijd" not in changes(replace(NOW, when="maandag 2 november 2026, 18.00 – 20.00 uur"))


def test_what_stays_as_it_was_is_not_struck_through(paper: Flask) -> None:
    over = changes(replace(NOW, when="dinsdag 3 november 2026, 18.00 – 20.00 uur")).partition("Dit geldt niet meer:")[2]
    assert "18.00 – 20.00 uur" in over and NOW.place not in over and NOW.group not in over
    assert "Dit geldt niet meer" not in changes(replace(NOW, language="English"))


def test_who_only_changes_table_need_not_answer_again(paper: Flask) -> None:
    text = changes(replace(NOW, group="tafel 9", language="English"))
    assert "Je zit aan een andere tafel. De taal aan tafel is anders." in text
    assert "Je hoeft niets te doen." in text and FACTS.answer + "\n" not in text
    assert FACTS.answer in changes(replace(NOW, link="https://elders.example/kamer"))


def test_who_has_no_page_is_asked_to_say_so(paper: Flask) -> None:
    for kind in ("placed", "changed", "reminder_week", "reminder_day"):
        letter = write(Case(kind, HAND))
        assert "Kun je toch niet komen? Laat het ons weten." in letter.text and "://" not in letter.text + letter.short


def test_a_letter_without_a_link_says_where_to_ask_for_one(paper: Flask) -> None:
    assert FACTS.lost in write(Case("waiting", FACTS)).text
    assert FACTS.lost not in write(Case("waiting", FACTS, LINK)).text


def test_every_reason_has_its_own_words(paper: Flask) -> None:
    told = [write(Case("cancelled", replace(FACTS, reason=r))) for r in ("called_off", "lost", "left", "moved")]
    assert len({letter.subject for letter in told}) == len({letter.text for letter in told}) == 4
    assert ["wachtlijst" in letter.text for letter in told] == [False, True, False, False]


def test_a_name_in_another_script_keeps_its_place(paper: Flask) -> None:
    letter = write(Case("placed", replace(FACTS, title="طبخ معًا")), to="سميرة")
    assert letter.text.startswith("Dag سميرة,\n") and "طبخ معًا" in letter.subject
    assert "<bdi>طبخ معًا</bdi>" in letter.html and '<html lang="nl" dir="ltr">' in letter.html
