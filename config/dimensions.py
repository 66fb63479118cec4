"""Dimensions: the few questions about bubbles, and the refusal of those that the law protects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from babel.support import Translations

from config.spotting import spotter
from config.tables import named, needed, prose
from config.texts import Texts, texts_in
from matcher.faults import written
from matcher.messages import Message
from matcher.toml.document import Section
from matcher.toml.kinds import FLAG

_KEYS = ("question", "reason", "several", "protected", "bubbles", "special", "legal_basis", "dpia")

_SPECIAL = spotter(
    # Origin.
    "afkomst, herkomst, geboorteland, land, vaderland, geboren, born, etni*, ethni*, ras, race, racial, huidskleur, "
    "skin colour, skin color, origin*, migra*, immigra*, nationalit*, country, vluchteling*, refugee*, asiel*, asylum, "
    "statushouder*, inburger*, "
    # Religion and belief.
    "geloof*, gelovig*, relig*, kerk*, church*, moskee*, mosque*, synagog*, tempel*, temple*, parochie*, parish*, "
    "faith*, belief*, christ*, moslim*, muslim*, islam*, jood, joods*, joden, jew, jews, jewish, hindoe*, hindu*, "
    "levensbeschouw*, bidden, pray*, halal*, haram*, kosher*, koosjer*, "
    # Politics, trade unions.
    "politi*, partij*, stem, gestemd, stemt, vote*, voting, vakbond*, trade union*, "
    # Health.
    "gezond*, ziek*, health*, ill, illness*, disease*, sick*, handicap*, beperking*, disab*, medicijn*, medici*, "
    "diagnos*, depress*, verslaaf*, verslav*, addict*, psych*, dement*, autis*, zwanger*, pregnan*, genetic*, "
    "genetisch*, biometr*, allerg*, "
    # Orientation; criminal record (UAVG 31).
    "seks*, sexual*, geaard*, sexuality, orientation, gerichtheid, homo, homo's, homoseks*, gay*, lesb*, biseks*, "
    "lhbt*, lgbt*, queer*, transgender*, strafblad, veroorde*, criminal*, detentie*, gevangenis*, prison*"
)
_NEVER = spotter(
    "postcode*, zipcode*, zip code*, taal, talen, moedertaal, language*, adres*, address*, bsn, achternaam, surname, "
    "geboortedatum, birth date, date of birth, mening*, opinie*, opinion*"
)
_TAKEN = ("interests", "languages")
"""A rule about common ground means something else by these."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One answer to the question of a dimension."""

    key: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class Dimension:
    """A question about daily life whose answers are bubbles.

    `protected`: a bridging format seats nobody as the only one of a bubble unless it says otherwise (P19).
    `special`: falls under AVG art. 9: asks for its own consent and stays out of every list and figure.
    """

    key: str
    question: Texts
    reason: Texts
    several: bool
    protected: bool
    bubbles: tuple[Bubble, ...]
    special: bool = False
    legal_basis: str = ""
    dpia: str = ""

    def bubble(self, key: str) -> Bubble:
        """The bubble with this key, or KeyError."""
        return {b.key: b for b in self.bubbles}[key]


def dimensions_in(whole: Section, languages: Mapping[str, Translations]) -> tuple[Dimension, ...]:
    """Every dimension of dimensions.toml, in its order."""
    return tuple(_dimension(key, table, languages) for key, table in named(whole, Message.of("config.a_dimension")))


def _dimension(key: str, table: Section, languages: Mapping[str, Translations]) -> Dimension:
    table.refuse_unknown(_KEYS)
    if key in _TAKEN:
        table.fault("", Message.of("config.taken", key=written(key)), Message.of("config.other_key"))
    answers = named(table.inner("bubbles"), Message.of("config.a_bubble"), least=2)
    dimension = Dimension(
        key=key,
        question=texts_in(table.inner("question"), languages),
        reason=texts_in(table.inner("reason"), languages),
        several=needed(table, "several", FLAG, False),
        protected=table.take("protected", FLAG, False),
        bubbles=tuple(Bubble(answer, texts_in(texts, languages)) for answer, texts in answers),
        special=table.take("special", FLAG, False),
        legal_basis=table.take("legal_basis", prose(), ""),
        dpia=table.take("dpia", prose(), ""),
    )
    _lawful(table, dimension)
    return dimension


def _lawful(table: Section, dimension: Dimension) -> None:
    """Promises 1, 2 and 4."""
    said = list(_said(dimension))
    for text in said:
        if hit := _NEVER.search(text):
            what = Message.of("config.no_dimension", word=written(hit.group()), text=written(text))
            table.fault("", what, Message.of("config.leave_out"))
    if dimension.special:
        _justified(table)
    elif hits := [(hit.group(), text) for text in said if (hit := _SPECIAL.search(text))]:
        word, text = hits[0]
        what = Message.of("config.special", word=written(word), text=written(text))
        table.fault("", what, Message.of("config.say_special"))


def _justified(table: Section) -> None:
    if "legal_basis" not in table.content:
        table.fault("special", Message.of("config.no_legal_basis"), Message.of("config.legal_basis"))
    if "dpia" not in table.content:
        table.fault("special", Message.of("config.no_dpia"), Message.of("config.dpia"))


def _said(dimension: Dimension) -> Iterator[str]:
    """Everything that tells what a dimension is about; keys as words."""
    yield dimension.key.replace("_", " ")
    for texts in (dimension.question, dimension.reason):
        yield from (text for _, text in texts.said)
    for bubble in dimension.bubbles:
        yield bubble.key.replace("_", " ")
        yield from (text for _, text in bubble.texts.said)
