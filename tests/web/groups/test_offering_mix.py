"""Who waits longest is asked, where they mix best; whatever happens there are never more people than places."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

import matcher
from tests.web import cast as casting
from tests.web import places
from tests.web.cast import Cast
from tests.web.places import Tables
from web import world
from web.rows import Invitation, Offer, Signup, TimeSlot, db
from web.rows.invitations import InvitationState, Partstat
from web.rows.people import SignupState
from web.services import signups
from web.services.groups import offers as offers_service
from web.services.groups.publishing import published
from web.services.invitations.rsvp import answer
from web.services.plans.problem import coming_or_waiting, composed, sessions_of
from web.transaction import transaction

pytestmark = pytest.mark.slow

SEVEN = "Ada Bea Cas Dik Eef Fem Guus"
OTHERS = "Kas Lea Mia Noa Oda Pim Quin"


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_who_waits_longest_is_asked_whoever_would_mix_better(app: Flask, cast: Cast) -> None:
    table = places.laid(app, cast, SEVEN, bubbles={key: {"years_here": ["long"]} for key in SEVEN.split()})
    table.waits("Net zo", bubbles={"years_here": ["long"]})
    table.waits("Anders", bubbles={"years_here": ["new"]})
    table.run()
    assert table.asked() == ["Net zo"]


def test_of_two_tables_the_one_is_offered_that_stays_mixed_best(app: Flask, cast: Cast) -> None:
    new = {key: {"years_here": ["new"]} for key in SEVEN.split()}
    long = {key: {"years_here": ["long"]} for key in OTHERS.split()}
    table = places.laid(app, cast, SEVEN, OTHERS, bubbles=new | long)
    table.waits("Nieuw", bubbles={"years_here": ["new"]})
    table.run()
    assert [offer.number for offer in table.open()] == [2]


def test_a_rule_with_a_price_comes_before_the_mix(app: Flask, cast: Cast) -> None:
    same = {"years_here": ["long"], "days": ["home"]}
    most = {"years_here": ["new"], "days": ["work"]}
    alone = {key: {**same, "household": ["alone"]} for key in SEVEN.split()[2:]}
    table = places.laid(app, cast, SEVEN, OTHERS, bubbles=dict.fromkeys((SEVEN + " " + OTHERS).split(), same) | alone)
    for name, home in zip(OTHERS.split(), ("partner", "children", "parents", "other") * 2, strict=False):
        table.people[name].bubbles = {**most, "household": [home]}
    # The second table would be mixed better; at the first one rules that have a price are broken less.
    waits = table.waits("Alleen", bubbles={**most, "household": ["alone"]})
    assert price_of(table, waits, 1) < price_of(table, waits, 2)
    table.run()
    assert [offer.number for offer in table.open()] == [1]


def price_of(table: Tables, signup: Signup, number: int) -> float:
    """What rules with a price cost when somebody joins a table, by the matcher's own check of the whole plan."""
    people = coming_or_waiting(db.session, table.series)
    evenings = sessions_of(db.session, table.series)
    problem = composed(db.session, table.series, people, evenings, world.settings(), world.vault())
    plan = published(db.session, table.series).within(problem).plan()
    groups = [
        replace(group, people=tuple(sorted((*group.people, str(signup.id))))) if group.number == number else group
        for group in plan.groups
    ]
    found = matcher.check(problem, replace(plan, groups=tuple(groups))).breaches
    return sum(breach.weight * breach.amount for breach in found if not breach.firm)


def told(dice: random.Random, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Some answers; what was not told is absent."""
    asked = (dimension for dimension in world.settings().dimensions if dimension.key not in without)
    return {each.key: [dice.choice(each.bubbles[:3]).key] for each in asked if dice.random() < 0.7}


@pytest.mark.parametrize("seed", range(12))
def test_the_choice_is_that_of_somebody_who_tries_everybody_in_order(app: Flask, cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    table = places.laid(app, cast, "Ada Bea Cas Dik Eef Fem", "Kas Lea Mia Noa Oda Pim Quin Rik")
    for signup in table.people.values():
        signup.bubbles, signup.interests = told(dice), dice.sample(["muziek", "tuin", "sport"], 1)
    for number in range(7):
        table.waits(f"W{number}", bubbles=told(dice), priority=dice.choice([0, 0, 1]))
    db.session.get_one(TimeSlot, cast.sessions[0]).seats = 15
    db.session.commit()
    expected = by_hand(table)
    table.run()
    assert table.asked() == expected


def by_hand(table: Tables) -> list[str]:
    """Who waits longest and breaks no firm rule at the first table, by the matcher's own check of the whole plan."""
    settings, series = world.settings(), table.series
    people = coming_or_waiting(db.session, series)
    problem = composed(db.session, series, people, sessions_of(db.session, series), settings, world.vault())
    plan = published(db.session, series).within(problem).plan()
    before = matcher.check(problem, plan)
    for signup in sorted((s for s in people if s.name.startswith("W")), key=lambda s: (-s.priority, s.number)):
        first = replace(plan.groups[0], people=tuple(sorted((*plan.groups[0].people, str(signup.id)))))
        after = matcher.check(problem, replace(plan, groups=(first, *plan.groups[1:])))
        if all(after_ <= before_ for before_, after_ in firm(before, after)):
            return [signup.name]
    return []


def firm(before: matcher.Check, after: matcher.Check) -> list[tuple[float, float]]:
    """How much every firm rule is broken at every table, before and after."""
    amounts: list[Counter[tuple[str, str, int]]] = [Counter(), Counter()]
    for amount, found in zip(amounts, (before, after), strict=True):
        for breach in found.breaches:
            if breach.firm:
                amount[breach.rule, breach.session, breach.group] += breach.amount
    return [(amounts[0][key], amounts[1][key]) for key in {*amounts[0], *amounts[1]}]


@pytest.mark.parametrize("seed", range(8))
def test_never_more_than_places_whatever_happens_in_whatever_order(app: Flask, cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    table = places.laid(app, cast, "Ada Bea Cas Dik Eef Fem Guus Han", "Kas Lea Mia Noa Oda Pim Quin Rik")
    evening = db.session.get_one(TimeSlot, cast.sessions[0])
    evening.seats = dice.choice([None, 14, 15])
    for number in range(8):
        # Without what is protected most of them fit, and much happens.
        table.waits(f"W{number}", bubbles=told(dice, ("age", "education")))
    waiting = [signup for name, signup in table.people.items() if name.startswith("W")]
    for one, other in zip(waiting[::3], waiting[1::3], strict=False):
        casting.name_each_other(one, other)
    done = Counter[str]()
    for _step in range(60):
        before = placed(table)
        act = dice.choice([leave, leave, no, yes, yes, silence, give_up, give_up, come_after_all, back, *[think] * 5])
        done[act.__name__] += act(table, dice)
        asked = {name for name in placed(table) - before if act in (silence, think, leave, no, give_up)}
        assert not asked, f"{asked} were placed by {act.__name__}"
        holds(table)
    assert done["think"] and done["yes"] + done["no"], "the test did something"


def placed(table: Tables) -> set[str]:
    """Who has a chair."""
    return {name for names in table.seated().values() for name in names}


def holds(table: Tables) -> None:
    """Open offers and people together fit, at every table and in the room."""
    offers = Counter((offer.session_id, offer.number) for offer in table.open())
    inside = {where: len(names) + offers[where] for where, names in table.seated().items()}
    assert all(count <= 8 for count in inside.values()), inside
    seats = db.session.get_one(TimeSlot, table.cast.sessions[0]).seats
    # What was so before anybody left may stay.
    assert seats is None or sum(inside.values()) <= max(seats, len(placed(table)))
    assert len({offer.signup_id for offer in table.open()}) == sum(offers.values()), "nobody thinks about two places"


def somebody(table: Tables, dice: random.Random, *states: str) -> Signup:
    return dice.choice([s for s in table.people.values() if s.state in states] or [table.people["Ada"]])


def think(table: Tables, dice: random.Random) -> int:
    return table.run()


def leave(table: Tables, dice: random.Random) -> int:
    with transaction(db.session):
        signups.leave(db.session, somebody(table, dice, SignupState.IN), now=world.now())
    return 1


def back(table: Tables, dice: random.Random) -> int:
    told = {"now": world.now(), "settings": world.settings()}
    with transaction(db.session):
        signups.come_back(db.session, somebody(table, dice, SignupState.LEFT), **told)
    return 1


def answered(table: Tables, dice: random.Random, decide: object) -> int:
    offers = db.session.query(Offer).order_by(Offer.id).all()
    if not offers:
        return 0
    offer = dice.choice(table.open() or offers)
    try:
        decide(offer)  # type: ignore[operator]
    except offers_service.OfferOver:
        return 0
    return 1


def yes(table: Tables, dice: random.Random) -> int:
    return answered(table, dice, table.yes)


def no(table: Tables, dice: random.Random) -> int:
    return answered(table, dice, table.no)


def silence(table: Tables, dice: random.Random) -> int:
    table.app.extensions["clock"].forward(days=1, seconds=1)
    return 1


def invitation(dice: random.Random, partstat: str) -> int:
    found = db.session.query(Invitation).filter_by(state=InvitationState.ON).order_by(Invitation.id).all()
    if not found:
        return 0
    told = {"by": "page", "now": world.now(), "settings": world.settings()}
    try:
        answer.answer(db.session, dice.choice(found), partstat, **told)
    except answer.PlaceGone:
        db.session.rollback()
        return 0
    db.session.commit()
    return 1


def give_up(table: Tables, dice: random.Random) -> int:
    return invitation(dice, Partstat.DECLINED)


def come_after_all(table: Tables, dice: random.Random) -> int:
    return invitation(dice, Partstat.ACCEPTED)
