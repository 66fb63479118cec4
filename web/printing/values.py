"""What is printed, as plain strings: dates and times come in words, and nothing here knows a row or a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PosterTime:
    """One time to come: its days, its hours, and the place with its street, which may be another for every time."""

    days: str
    hours: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Poster:
    """An invitation on the wall. `url` is what the QR code holds, `short_url` what a person types over."""

    title: str
    times: tuple[PosterTime, ...]
    url: str
    short_url: str
    intro: str = ""
    contact: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One dimension on paper: the question, the reason why we ask, the bubbles to tick, and whether several may be."""

    label: str
    reason: str
    answers: tuple[str, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent: the sentence to agree with, and what happens without it."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """The sign-up on paper. `reach` names the ways to reach somebody: email, text, call, letter, via.

    `url` is what the QR code holds, for who would rather do it on a phone. `code` tells the desk which series this is,
    `version` which text of the consents was on the paper. `meal` asks what somebody cannot eat, with `diets` to tick.
    """

    title: str
    code: str
    times: tuple[str, ...]
    hand_in: str
    privacy: str
    url: str = ""
    intro: str = ""
    reach: tuple[str, ...] = ("email", "text", "call", "letter", "via")
    languages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    meal: bool = False
    diets: tuple[str, ...] = ()
    buddy: bool = True
    questions: tuple[Question, ...] = ()
    consents: tuple[ConsentLine, ...] = ()
    version: str = ""
    contact: str = ""
    phone: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person on the list of a facilitator: no contact data, no bubbles."""

    name: str
    languages: str = ""
    needs: str = ""
    buddy: str = ""


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """One group at its table."""

    table: str
    place: str
    time: str
    people: tuple[ListedPerson, ...]
    language: str = ""
    facilitator: str = ""


@dataclass(frozen=True, slots=True)
class GroupList:
    """The list of one facilitator. `made` says when, `walk_ins` how many empty lines follow the names."""

    title: str
    made: str
    groups: tuple[ListedGroup, ...]
    walk_ins: int = 3


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter to one person in their language; `via` is through whom or where it gets there, we know no addresses."""

    to: str
    via: str
    subject: str
    paragraphs: tuple[tuple[str, ...], ...]
    lang: str = "nl"


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters to print, each on a page of its own."""

    sender: str
    letters: tuple[PrintedLetter, ...]
