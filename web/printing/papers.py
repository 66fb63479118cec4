"""Poster, paper form and group list as PDF on A4, and a picture of the poster for a screen."""

from __future__ import annotations

import io
from dataclasses import asdict
from functools import cache
from typing import Any

import segno

from matcher.catalogues import HOME, written
from web.languages import TRANSLATIONS, words_in
from web.printing.plain import plain, printable
from web.printing.typesetting import typeset
from web.printing.values import GroupList, Letters, PaperForm, Poster, PrintedLetter

INK = "#0b1f51"
ADDRESS = 60
_ONE_LINE = ("email", "text", "call")
"""Ways of which the form needs one thing: an address or a number, on the same line."""
LETTER_LINE = 2000
"""Characters in a line of a letter: it is ours, and nothing that somebody has to know may be cut off."""


def poster(paper: Poster, lang: str = "nl") -> bytes:
    """One page for a wall or a window."""
    return bytes(typeset("poster", poster_data(paper, lang)))


def share_card(paper: Poster, lang: str = "nl") -> bytes:
    """What the poster says as one PNG of 1200 by 630 dots, as programs show a link to a page."""
    return bytes(typeset("card", poster_data(paper, lang), "png"))


def paper_form(paper: PaperForm, lang: str = "nl") -> bytes:
    """The sign-up with the same questions as on the web, on one page.

    Where there are more times than that page holds, they stand on the back of the sheet.
    """
    return bytes(typeset("form", form_data(paper, lang)))


def group_list(paper: GroupList, lang: str = "nl") -> bytes:
    """The list of a facilitator, every group on a page of its own."""
    return bytes(typeset("list", list_data(paper, lang)))


def letters(paper: Letters, lang: str = "nl") -> bytes:
    """Letters to print, with the name where an envelope has its window; `lang` is that of the title."""
    return bytes(typeset("letters", letters_data(paper, lang)))


def poster_data(paper: Poster, lang: str) -> dict[str, Any]:
    """What the template of the poster reads."""
    # A person types the address over: it gets smaller letters rather than a break.
    return _data(paper, "poster", lang) | {"qr": qr_code(paper.url), "short_url": plain(paper.short_url, ADDRESS)}


def form_data(paper: PaperForm, lang: str) -> dict[str, Any]:
    """What the template of the form reads.

    Raises KeyError for a way to reach somebody that the form has no words for.
    """
    text = words_in(lang)
    ways = {way: text(f"paper.form.ways.{way}") for way in paper.reach}
    return _data(paper, "form", lang) | {
        "reach": [said for way, said in ways.items() if way in _ONE_LINE],
        "reach_by": [said for way, said in ways.items() if way not in _ONE_LINE],
        "qr": qr_code(paper.url) if paper.url else "",
    }


def list_data(paper: GroupList, lang: str) -> dict[str, Any]:
    """What the template of the list reads."""
    return _data(paper, "list", lang)


def letters_data(paper: Letters, lang: str) -> dict[str, Any]:
    """What the template of the letters reads; each has its words in its own language."""
    own = _section("letter", lang)
    head = {"title": own["title"], "sender": printable(paper.sender), "lang": lang, "words": own}
    return head | {"letters": [_letter(one) for one in paper.letters]}


def _letter(one: PrintedLetter) -> dict[str, Any]:
    text = words_in(one.lang)
    via = text("paper.letter.via", who=one.via) if one.via else text("paper.letter.in_hand")
    typed: dict[str, Any] = printable(asdict(one), LETTER_LINE)
    return typed | {"via": printable(via)}


def _data(paper: Poster | PaperForm | GroupList, section: str, lang: str) -> dict[str, Any]:
    typed: dict[str, Any] = printable(asdict(paper))
    return typed | {"lang": lang, "words": _section(section, lang)}


def _section(section: str, lang: str) -> dict[str, str]:
    """The words of one kind of paper, as its template calls them; their places are not filled in."""
    text, first = words_in(lang), f"paper.{section}."
    return {key.removeprefix(first): text.get(key) for key in _keys() if key.startswith(first)}


@cache
def _keys() -> tuple[str, ...]:
    return tuple(str(message.id) for message in written(TRANSLATIONS / HOME / "printing.po", HOME) if message.id)


def qr_code(url: str) -> str:
    """An address as a QR code, as SVG; level M still reads with a sixth of it torn or dirty (ISO/IEC 18004)."""
    drawing = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawing, kind="svg", dark=INK, border=0, xmldecl=False, omitsize=True)
    return drawing.getvalue().decode()
