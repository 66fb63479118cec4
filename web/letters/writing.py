"""From blocks to a letter: the same blocks as plain text and as HTML, and its news as a text message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from flask_babel import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from web.languages import direction, language
from web.letters.blocks import Block, DateCard, Dates, Link, Note, Paragraph, plain
from web.letters.facts import Facts, Letter
from web.letters.look import LOOKS, SHEET

SUBJECT = 100
SHORT, TITLE = 300, 46
"""Of a text message: it has room for a long title, but not for every title."""
# A number on two lines is no number.
_NUMBER = re.compile(r"(?<=\d) (?=\d)")
# Outside the alphabet of text messages: one of these more than doubles what a message costs.
_CHEAP = str.maketrans({"–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})


def compose(
    to: str,
    facts: Facts,
    news: str,
    blocks: Sequence[Block],
    *,
    day: str = "",
    foot: Sequence[Note | Link] = (),
    short: Iterable[str] = (),
    act: tuple[str, str] = ("", ""),
) -> Letter:
    """A whole letter. `news` and the title head it, in every shape; `day` makes the subjects of several dates differ.

    `short` are the sentences of the text message, the most important one first; `act` is its link with what it is for.
    """
    title, greeting, closing = plain(facts.title), _("Dag %(name)s,", name=plain(to)), _closing(facts)
    subject = _subject(news, title, plain(day))
    told = [block.text() for block in blocks], [block.text() for block in foot]
    paragraphs = [greeting, _headline(news, title), *told[0], "\n".join(closing), *told[1]]
    html = _template().render(
        subject=subject,
        glance=_glance(blocks),
        sender=plain(facts.sender),
        title=title,
        news=news,
        greeting=greeting,
        blocks=blocks,
        closing=[_NUMBER.sub("\u00a0", line) for line in closing],
        foot=foot,
        lang=language(),
        dir=direction(language()),
    )
    message = _message(f"{_headline(news, cut(title, TITLE))}.", [*short, f"{closing[-1]}."], act)
    return Letter(subject, "\n\n".join(paragraphs) + "\n", html, message)


def _headline(news: str, title: str) -> str:
    colon = "" if news.endswith(("?", "!")) else ":"
    return f"{news}{colon} {title}" if title else news


def _subject(news: str, title: str, day: str) -> str:
    """One line; of a long title is left what the day leaves."""
    end = f", {day}" if day else ""
    return cut(_headline(news, cut(title, SUBJECT - len(news) - 2 - len(end))) + end, SUBJECT)


def _closing(facts: Facts) -> list[str]:
    lines = [_("Heb je een vraag? Bel %(contact)s.", contact=plain(facts.contact))] if facts.contact else []
    return [*lines, _("Groet van %(sender)s", sender=plain(facts.sender))]


def _glance(blocks: Sequence[Block]) -> str:
    """What a mail program shows behind the subject: when and where, or the first sentences."""
    for block in blocks:
        if isinstance(block, DateCard):
            return plain(", ".join(part for part in (block.meeting.when, block.meeting.place) if part))
        if isinstance(block, Dates):
            return block.text().partition("\n- ")[2].partition("\n")[0]
    return next((block.text() for block in blocks if isinstance(block, Paragraph)), "")


def _message(first: str, sentences: Iterable[str], act: tuple[str, str]) -> str:
    """What fits in a text message. The link always does; what is less important goes first."""
    label, link = act
    end = f" {label}: {link}" if link else ""
    said = cut(_cheap(first), SHORT - len(end))
    for sentence in map(_cheap, sentences):
        if sentence and len(said) + 1 + len(sentence) + len(end) <= SHORT:
            said += f" {sentence}"
    return said + end


def _cheap(said: str) -> str:
    return plain(said).translate(_CHEAP)


def cut(said: str, most: int) -> str:
    """At most so many characters, if need be without its last words."""
    if len(said) <= most:
        return said
    kept = said[: most - 3]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,.:") + "..."


@cache
def _template() -> Template:
    """Compiled once. Escapes everything; a name that a letter forgets to give is an error."""
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    papers = Environment(loader=folder, autoescape=True, undefined=StrictUndefined)
    papers.globals.update(look=LOOKS, sheet=SHEET)
    return papers.get_template("mail.html")
