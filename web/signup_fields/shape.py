"""What one question of the sign-up says about itself, and how its answer stands in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _

from config import Settings
from config.settings import Limits
from web.rows import Series, Signup

Text = str | LazyString
"""A sentence that is put into the language of the moment when it is read."""


class Kind(StrEnum):
    """What an answer is; every place knows how to ask, read and show each of these."""

    TEXT = "text"
    LINES = "lines"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    TIMES = "times"  # some of the sessions of the series
    BUBBLES = "bubbles"  # one question for every dimension of the settings
    CONSENT = "consent"  # a yes or no that is kept with its moment and the version of its text


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One answer to choose. `cell` and `also` are how a spreadsheet says it; without `cell` that is its `text`."""

    value: str
    text: Text
    cell: Text = ""
    also: tuple[str, ...] = ()

    @property
    def in_cell(self) -> Text:
        """How the empty file says it."""
        return self.cell or self.text


Choices = Callable[[Series, Settings], Iterable[Choice]]


@dataclass(frozen=True, slots=True)
class Absent:
    """That a question has no place somewhere, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """That a place asks or shows a question in a way of its own, and where that is written."""

    where: str


def words(names: str) -> tuple[str, ...]:
    """Other names of a column, from `one|another`."""
    return tuple(names.split("|"))


@dataclass(frozen=True, slots=True, eq=False)
class Heading:
    """A column of the import: its name, other names for it, and what helps to fill it in. `late`: after the bubbles."""

    name: Text
    also: tuple[str, ...] = ()
    hint: Text = ""
    late: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PaperLine:
    """A question of its own on the paper form; a `reason` says there why it is asked."""

    reason: Text = ""


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A line on the organiser's page of one sign-up, and what stands there for who told nothing."""

    label: Text
    nothing: Text = ""


_NOTHING: dict[Kind, Any] = {
    Kind.CHOICES: (),
    Kind.TIMES: frozenset(),
    Kind.YES_NO: False,
    Kind.NUMBER: None,
    Kind.BUBBLES: {},
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SignupField:
    """One question of the sign-up. `key` is the name of its answer, of its field in a form and of its column.

    A place that is left open treats the question as its kind says. What cannot be guessed has to be said: the heading
    of its column in an import, its line on paper and on the organiser's page, and its label in the export.
    """

    key: str
    kind: Kind
    ask: Text
    hint: Text = ""
    choices: Choices = lambda series, settings: ()
    required: Text = ""  # what to do, for who leaves it open
    ways: tuple[str, ...] = ()  # required for who wants to be reached in one of these ways
    most: Callable[[Limits], int] = lambda limits: limits.name_length  # characters of a text, or the highest number
    default: Any = None  # the answer of who says nothing, where it is not simply nothing

    screen: int  # of the resident's sign-up; LATER: only where answers are changed
    fold: Text = ""  # the title of the part of a screen that opens, in which it stands
    across: int = 1  # how many of its choices stand beside each other on a screen
    page: Elsewhere | None = None  # the templates that lay it out
    desk: Elsewhere | Absent | None = None

    storage: Elsewhere | None = None
    owns: tuple[str, ...] = ()  # columns that are made from the answer
    sealed: bool = True  # the database holds it encrypted
    private: bool = False  # an organiser sees it only where the project lets them see bubbles (promise 10)
    covers: tuple[str, ...] = ()  # of a consent: the questions whose answers are kept only with it
    within: str = ""  # of times: the question in which they have to be chosen as well
    closed: bool = False  # a preview of an import says that it changes, and not how

    block: str = ""  # the building block that it belongs to; without one it is always asked
    no: tuple[str, ...] = ()  # words in a spreadsheet for nothing at all, beside `geen` and an empty cell
    meal: bool = False  # asked only where the format of the series serves a meal
    heading: Heading | Elsewhere | Absent
    paper: PaperLine | Elsewhere | Absent
    fact: Fact | Elsewhere | Absent
    export: str | Absent

    @property
    def nothing(self) -> Any:
        """The answer of who says nothing."""
        return _NOTHING.get(self.kind, "") if self.default is None else self.default

    @property
    def holds(self) -> frozenset[str]:
        """The columns of a sign-up that this question fills."""
        return frozenset(self.owns if self.storage else (self.key, *self.owns))

    def asked_in(self, series: Series, settings: Settings) -> bool:
        """Whether a series asks it: its project has the block, and its format the meal, that it belongs to."""
        if self.meal and not settings.serves_meal(series.format):
            return False
        return not self.block or series.project.has(self.block)

    def answer(self, value: Any) -> Any:
        """What a form says, as an answer."""
        if self.kind is Kind.CHOICES:
            return tuple(value or self.nothing)
        return self.nothing if value is None or value == "" else value

    def kept(self, answer: Any) -> Any:
        """An answer as its column keeps it."""
        if self.kind is Kind.CHOICES:
            return list(answer)
        return None if answer == "" else answer

    def told_in(self, signup: Signup) -> Any:
        """The answer that stands in its column."""
        value = getattr(signup, self.key)
        if self.kind is Kind.CHOICES:
            return tuple(value or ())
        return self.nothing if value is None else value

    def shown_in(self, signup: Signup, settings: Settings) -> str:
        """The answer in its column, in words; what is not to be chosen any more is left out."""
        told = self.told_in(signup)
        if self.kind is Kind.YES_NO:
            return _("ja") if told else _("nee")
        if self.kind in (Kind.CHOICE, Kind.CHOICES):
            known = {choice.value: str(choice.text) for choice in self.choices(signup.series, settings)}
            return ", ".join(known[value] for value in ([told] if isinstance(told, str) else told) if value in known)
        return "" if told is None else str(told)

    def texts(self, series: Series, settings: Settings) -> dict[str, str]:
        """Every answer to choose, as a form says it: value -> text."""
        return {choice.value: str(choice.text) for choice in self.choices(series, settings)}
