"""What the engine says in the groups editor: with names for ids and keys, and no bubble without permission."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.messages import (
    BubbleName,
    DimensionName,
    FacilitatorId,
    LanguageCode,
    Message,
    PersonId,
    RuleName,
    SessionId,
)
from matcher.words import words
from tests.web import cast as casting
from tests.web.cast import Cast
from web.rows import Project, Proposal, Signup, db
from web.services.groups.editor.looking import BoardPerson, Unplaced
from web.services.groups.editor.reasons import shared, unexplained
from web.services.groups.editor.telling import called

AGE = DimensionName("age")
CHANGE = Message.of("change.rule_on", rule=RuleName("never_alone"), dimension=AGE)
PERSONAL = Message.private(
    "warning.new_or_alone", dimension=AGE, n=2, bubble=BubbleName("26-40", "age"), rounds=3, most=1
)
OPEN = Message.of("warning.one_bubble", dimension=AGE)


@pytest.fixture
def proposal(app: Flask, cast: Cast) -> Iterator[Proposal]:
    """A proposal for a few people, of whom one sits nowhere."""
    with app.app_context():
        casting.neighbourhood(app, cast, 4)
        yield casting.propose(app, cast)


def page(client: FlaskClient, cast: Cast, proposal: Proposal, lang: str = "nl") -> str:
    return unescape(client.get(f"/werk/{cast.series}/groepen/{proposal.id}?taal={lang}").text)


def keep(proposal: Proposal, **found: object) -> None:
    proposal.found = (proposal.found or {}) | found
    db.session.commit()


@pytest.mark.parametrize(
    ("lang", "message", "said"),
    [
        (
            "nl",
            Message.of("relaxation.more", change=Message.of("change.group", session=SessionId("3")), n=3),
            "Maak een groep meer in tijdvak di 12 jan. Extra mensen met een plek: 3.",
        ),
        (
            "en",
            Message.of("relaxation.more", change=Message.of("change.group", session=SessionId("3")), n=3),
            "One more group in di 12 jan would place 3 more.",
        ),
        ("en", CHANGE, "Never the only one: How old are you? as a wish instead of firm"),
        ("nl", CHANGE, "Maak van de regel ‘nooit de enige’ (Hoe oud ben je?) een wens"),
        (
            "nl",
            Message.private("breach.count", c=3, n=7, label=BubbleName("26-40", "age")),
            "3 van de 7: 26 tot en met 40 jaar",
        ),
        ("nl", Message.of("breach.leader_away", leader=FacilitatorId("3")), "Chantal kan dan niet"),
        ("nl", Message.of("breach.fixed_group", people=(PersonId("3"),)), "Bart zit in een groep die vaststaat"),
        ("nl", Message.of("breach.language", language=LanguageCode("ar")), "niet iedereen spreekt de taal ‘العربية’"),
        ("nl", Message.of("breach.language", language=LanguageCode("xx")), "niet iedereen spreekt de taal ‘xx’"),
    ],
)
def test_ids_and_keys_get_the_names_of_what_they_are(app: Flask, lang: str, message: Message, said: str) -> None:
    settings = app.extensions["settings"]
    name = called(words(lang), settings, sessions={"3": "di 12 jan"}, people={"3": "Bart"}, leaders={"3": "Chantal"})
    assert words(lang).say(message, name) == said


def test_a_warning_that_tells_a_bubble_asks_for_permission(cast: Cast, amina: FlaskClient, proposal: Proposal) -> None:
    keep(proposal, warnings=[OPEN.stored(), PERSONAL.stored()])
    shown = page(amina, cast, proposal)
    # That everybody says the same is the answer of whoever sits among people whose answers are known.
    assert "Hoe oud ben je?" not in shown
    assert "26 tot en met 40 jaar" not in shown
    db.session.get_one(Project, cast.project).sees_bubbles = True
    db.session.commit()
    shown = page(amina, cast, proposal)
    assert "2 mensen horen bij ‘26 tot en met 40 jaar’" in shown
    assert "Hoe oud ben je?: iedereen geeft hetzelfde antwoord." in shown


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_reason_and_what_helps_are_kept_and_shown(
    cast: Cast, amina: FlaskClient, proposal: Proposal, lang: str
) -> None:
    (reason, *_) = (proposal.found or {})["reasons"]
    shown = page(amina, cast, proposal, lang)
    assert words(lang).say(Message.read(reason["why"])) in shown
    help = words(lang).say(Message.read(reason["help"]), lambda named: "{}")
    assert help.partition("{}")[0] in shown


def test_a_proposal_of_an_earlier_version_opens_without_its_sentences(
    cast: Cast, amina: FlaskClient, proposal: Proposal
) -> None:
    people = [str(id) for id in db.session.scalars(select(Signup.id))]
    sentence = "'26-40': a sentence of then."
    reasons = [{"person": id, "why": sentence, "help": sentence, "rule": ""} for id in people]
    keep(proposal, reasons=reasons, relaxations=[sentence], warnings=[sentence])
    shown = page(amina, cast, proposal)
    assert "a sentence of then" not in shown
    assert words("nl")("reason.earlier") in shown


def test_a_reason_stands_once_with_how_many_it_is_about() -> None:
    def without(name: str, why: str, help: str = "") -> Unplaced:
        return Unplaced(BoardPerson(name, name, (), (), frozenset(), (), False, {}), why, help)

    waiting = [
        without("Ada", "vol"),
        without("Bea", "alleen", "wens"),
        without("Cas", "alleen", "wens"),
        without("Dik", ""),
    ]
    found = shared(waiting)
    assert [(one.why, one.help, [p.id for p in one.people]) for one in found] == [
        ("alleen", "wens", ["Bea", "Cas"]),
        ("vol", "", ["Ada"]),
    ]
    assert [one.key for one in found] == [one.key for one in shared(waiting[::-1])]
    assert [person.id for person in unexplained(waiting)] == ["Dik"]
