"""Nobody sits with somebody because only one of the two wants it, and nobody with whom they would rather not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

import matcher
from matcher import Lock, Problem
from matcher.messages import Message
from matcher.outcome import Reason
from matcher.rules import rules_of
from matcher.rules.apart import Apart
from matcher.tables.hashes import input_sha256
from tests.web import cast as casting
from tests.web import places
from tests.web.cast import Cast
from tests.web.waiting_story import publish_tables
from web import world
from web.jobs import worldly
from web.rows import AuditLine, DueLetter, PairWish, Plan, Series, Signup, Staff, db
from web.rows.invitations import OfferState, Partstat
from web.rows.messages import LetterState
from web.rows.people import Regard
from web.services import signups
from web.services.groups import offers, proposals
from web.services.groups.publishing import FirmBreaches
from web.services.invitations.rsvp import answer, queries
from web.services.outbox.packing import LetterOvertaken, pack
from web.services.plans import company, fit
from web.services.plans.problem import problem_of
from web.services.privacy import erase
from web.services.signups import apart, buddies, doubles
from web.transaction import transaction

pytestmark = pytest.mark.slow

DRAWS = 6


def named(app: Flask, cast: Cast, name: str, other: Signup) -> casting.Signed:
    """Somebody who knows the code of another, and writes it as buddy."""
    return casting.sign_up(app, cast, name, bubbles={}, buddy=other.code)


def says(one: Signup, other: Signup, yes: bool) -> None:
    with transaction(db.session):
        buddies.answer(db.session, one, other.code, yes, now=world.now())


def rather_not(cast: Cast, one: Signup, other: Signup) -> bool:
    with transaction(db.session):
        amina = db.session.get_one(Staff, cast.amina)
        return apart.keep_apart(db.session, one, other.code, by=amina, now=world.now())


def problem(cast: Cast) -> Problem:
    return problem_of(db.session, db.session.get_one(Series, cast.series), world.settings(), world.vault())


def together(asked: Problem, one: Signup, other: Signup) -> int:
    """In how many draws two people sit at one table."""
    plans = [matcher.match(asked, seconds=None, iterations=300, seed=seed).plan for seed in range(DRAWS)]
    return sum({str(one.id), str(other.id)} <= set(group.people) for plan in plans for group in plan.groups)


def test_who_writes_a_code_sits_there_no_more_often_than_anybody(app: Flask, cast: Cast) -> None:
    """The attack: it was 6 of 6 draws. A yes makes it 6 of 6 again, and 'rather not' none at all."""
    with app.test_request_context():
        els = casting.sign_up(app, cast, "Els", bubbles={}).signup
        casting.neighbourhood(app, cast, 8)
        stranger = casting.sign_up(app, cast, "Nour", bubbles={}).signup
        before = problem(cast)
        stranger.buddy, stranger.buddy_id = els.code, els.id
        db.session.commit()
        assert input_sha256(problem(cast)) == input_sha256(before), "every draw is what it would be without the code"
        says(els, stranger, True)
        agreed = together(problem(cast), els, stranger)
        rather_not(cast, els, stranger)
        fled = together(problem(cast), els, stranger)
    print(f"of {DRAWS} draws at one table: as without the code; {agreed} with a yes; {fled} with 'rather not'")
    assert (agreed, fled) == (DRAWS, 0)


def test_two_are_bound_by_naming_each_other_or_by_a_yes_and_by_nothing_else(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        ada, bea = (casting.sign_up(app, cast, name).signup for name in ("Ada", "Bea"))
        cas = named(app, cast, "Cas", ada).signup
        assert company.bound(db.session, cast.series) == {}
        says(ada, cas, True)
        assert company.bound(db.session, cast.series) == {ada.id: {cas.id}, cas.id: {ada.id}}
        says(ada, cas, False)
        assert company.bound(db.session, cast.series) == {}
        # Who names the other says yes, whatever they said before.
        with transaction(db.session):
            told = casting.answers(cast, "Ada", buddy=cas.code)
            signups.change(db.session, ada, told, now=world.now(), channel="web", vault=world.vault())
        assert company.bound(db.session, cast.series) == {ada.id: {cas.id}, cas.id: {ada.id}}
        with pytest.raises(buddies.Missing):
            says(bea, cas, True)


def test_a_chain_of_buddies_brings_nobody_together_with_whom_they_would_rather_not_sit(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        ada = casting.sign_up(app, cast, "Ada").signup
        bea = named(app, cast, "Bea", ada).signup
        cas = named(app, cast, "Cas", bea).signup
        says(ada, bea, True)
        says(bea, cas, True)
        assert company.bound(db.session, cast.series)[bea.id] == {ada.id, cas.id}
        rather_not(cast, cas, ada)
        assert company.bound(db.session, cast.series) == {ada.id: {bea.id}, bea.id: {ada.id}}
        people = {person.id: person for person in problem(cast).people}
        assert (people[str(ada.id)].apart, people[str(cas.id)].apart) == ({str(cas.id)}, {str(ada.id)})


def test_who_was_named_is_asked_on_the_own_page_and_in_a_letter_that_names_nobody(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    with app.test_request_context():
        els = casting.sign_up(app, cast, "Els")
        nour, other = (named(app, cast, name, els.signup) for name in ("Nour", "Omar"))
        page, who = f"/mijn/{els.secret}/", els.signup.id
        code, third, pair = nour.signup.code, other.signup.code, {who, nour.signup.id}
        (letter,) = db.session.query(DueLetter).filter_by(signup_id=who, kind="asked_along")
        parcel, id = pack(db.session, letter, world.now(), worldly(app)), letter.id
        assert "samen met jou aan tafel" in parcel.text
        assert not {"Nour", "Omar", code} & set(re.findall(r"\w+", parcel.text + parcel.html + parcel.short))
    asked = client.get(page).text
    assert asked.count("wil graag samen met jou aan tafel") == 2 and f"Nour ({code})" in asked
    answered = client.post(page + "samen", data={"who": code, "answer": "yes"}, follow_redirects=True).text
    assert "Fijn. Jullie willen samen aan tafel." in answered and "Je zei dat je samen wilt komen met Nour" in answered
    client.post(page + "samen", data={"who": third, "answer": "no"})
    assert "Omar" not in client.get(page).text
    assert client.post(page + "samen", data={"who": "ZZZZZZ", "answer": "yes"}).status_code == 404
    with app.test_request_context():
        assert company.bound(db.session, cast.series).keys() == pair
        with pytest.raises(LetterOvertaken):
            pack(db.session, db.session.get_one(DueLetter, id), world.now(), worldly(app))


def test_nobody_hears_a_no_or_that_somebody_would_rather_not(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient
) -> None:
    """Every page, file and list about who named somebody stays as it was, to the letter."""
    with app.test_request_context():
        els = casting.sign_up(app, cast, "Els").signup
        nour = named(app, cast, "Nour", els)
        who, id = els.id, nour.signup.id
    own = [f"/mijn/{nour.secret}/{page}" for page in ("", "wijzigen", "gegevens", "gegevens.json")]
    staff = [f"/werk/{cast.series}/{page}" for page in (f"aanmeldingen/{id}", "aanmeldingen", "cijfers", "balie")]

    def seen() -> dict[str, str]:
        answers = {path: client.get(path) for path in own} | {path: amina.get(path) for path in staff}
        assert {answer.status_code for answer in answers.values()} == {200}
        hidden = r'(csrf_token|name="once")[^>]* value="[^"]*"'
        return {path: re.sub(hidden, "", answer.text) for path, answer in answers.items()}

    seen()  # a first look sets cookies
    before = seen()
    with app.test_request_context():
        says(db.session.get_one(Signup, who), db.session.get_one(Signup, id), False)
    assert seen() == before
    with app.test_request_context():
        rather_not(cast, db.session.get_one(Signup, who), db.session.get_one(Signup, id))
        letters = db.session.query(DueLetter).filter_by(signup_id=id).all()
        assert [letter.kind for letter in letters] == ["confirmation"]
    assert seen() == before


def test_a_worker_types_it_and_only_that_page_and_the_own_data_show_it(
    app: Flask, cast: Cast, client: FlaskClient, amina: FlaskClient, dirk: FlaskClient
) -> None:
    with app.test_request_context():
        els, nour = (casting.sign_up(app, cast, name) for name in ("Els", "Nour"))
        mine, other = els.signup.id, nour.signup.code
    page = f"/werk/{cast.series}/aanmeldingen/{mine}"
    assert "Niemand anders" in amina.post(page + "/liever-niet", data={"code": "ZZZZZZ"}, follow_redirects=True).text
    assert dirk.post(page + "/liever-niet", data={"code": other}).status_code == 404
    shown = amina.post(page + "/liever-niet", data={"code": f" {other.lower()} "}, follow_redirects=True).text
    assert "Bewaard. Ze komen in nieuwe groepen niet" in shown and "Hoeft niet meer" in shown
    assert client.get(f"/mijn/{els.secret}/gegevens.json").json["said_about_others"] == [
        {"code": other, "said": "apart"}
    ]
    assert other in client.get(f"/mijn/{els.secret}/gegevens").text
    assert client.get(f"/mijn/{nour.secret}/gegevens.json").json["said_about_others"] == []
    assert "Hoeft niet meer" not in amina.get(f"/werk/{cast.series}/aanmeldingen/{nour.id}").text
    with app.app_context():
        kinds = {line.what for line in db.session.query(AuditLine)}
        assert kinds == {"change signup", "read signup", "consent given"}, (
            "no line of its own tells that there is such a wish"
        )
        assert "apart" not in db.session.execute(text("SELECT said FROM pair_wish")).scalar(), "it is sealed"
    assert amina.post(page + "/toch-wel", data={"code": other}).status_code == 302
    assert amina.post(page + "/toch-wel", data={"code": other}).status_code == 404
    with app.app_context():
        assert db.session.query(PairWish).count() == 0


def test_a_worker_types_the_yes_of_who_is_called(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.test_request_context():
        els = casting.sign_up(app, cast, "Els", reach="call", email=None, phone="+31612345678").signup
        nour = named(app, cast, "Nour", els).signup
        page, pair = f"/werk/{cast.series}/aanmeldingen/{els.id}", {els.id, nour.id}
        code = nour.code
    assert f"Nour ({code}) wil samen met deze persoon aan tafel" in amina.get(page).text
    assert (
        "Wil samen aan tafel met Nour"
        in amina.post(page + "/samen", data={"who": code, "answer": "yes"}, follow_redirects=True).text
    )
    with app.app_context():
        assert company.bound(db.session, cast.series).keys() == pair


def test_groups_with_two_who_would_rather_not_are_not_published_whatever_the_reason(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        table = places.laid(app, cast, "Ada Bea Cas Dik", "Kas Lea Mia Noa")
        ada, bea = table.people["Ada"], table.people["Bea"]
        assert rather_not(cast, bea, ada), "they sit together now"
        held = fit.of_series(db.session, table.series, world.settings(), world.now())
        assert (held.tables[cast.sessions[0], 1], held.seats) == (("apart",), {})
        assert fit.of_person(db.session, ada, world.settings(), world.now()) == {}, "they are told nothing"
        everybody = [signup.id for signup in table.people.values()]
        with pytest.raises(FirmBreaches):
            publish_tables(app, cast, {(cast.sessions[0], 1): everybody})
        assert db.session.query(Plan).filter_by(current=True).count() == 1


def test_no_format_makes_a_wish_of_it(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        formats = world.settings().formats
        softer = replace(formats["koken"].format, rules=(*formats["koken"].format.rules, Apart(weight=0.1)))
        settings = replace(world.settings(), formats={"koken": replace(formats["koken"], format=softer)})
        series = db.session.get_one(Series, cast.series)
        rules = rules_of(problem_of(db.session, series, settings, world.vault()).format)
        assert [(rule.firm, rule.weight) for rule in rules if rule.name == "apart"] == [(True, 0.0)]


def test_a_lock_gives_way_and_a_reason_tells_nothing(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        ada, bea, cas = (casting.sign_up(app, cast, name).signup for name in ("Ada", "Bea", "Cas"))
        rather_not(cast, ada, bea)
        evening = str(cast.sessions[0])
        locks = [Lock(str(one.id), evening, 1) for one in (ada, bea, cas)]
        assert proposals._kept_apart(locks, problem(cast)) == (locks[2],)
    hidden = proposals._stored(Reason("1", Message.of("reason.in_apart", k=1, n=2), Message.of("help.apart"), "apart"))
    open_ = proposals._stored(Reason("1", Message.of("reason.together"), Message.of("help.search")))
    assert hidden == open_, "as for who found no group for another cause"


def test_a_place_beside_them_is_not_offered_and_not_taken(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        table = places.laid(app, cast, "Ada Bea Cas Dik Eef Fem Guus Han", "Kas Lea Mia Noa Oda Pim Quin Rik")
        ina = table.waits("Ina")
        rather_not(cast, ina, table.people["Ada"])
        table.leaves("Bea")
        assert table.run() == 0, "Ada sits there"
        table.leaves("Kas")
        assert table.run() == 1
        (offer,) = table.open()
        assert offer.number == 2
        db.session.query(DueLetter).update({DueLetter.state: LetterState.SENT})
        # It is said while they think: the question is taken back, and a yes comes too late.
        rather_not(cast, table.people["Lea"], ina)
        assert offer.state == OfferState.WITHDRAWN
        offer.state = OfferState.OPEN
        db.session.commit()
        with pytest.raises(offers.OfferOver):
            table.yes(offer)


def test_who_gave_a_chair_back_does_not_return_beside_them(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        table = places.laid(app, cast, "Ada Bea Cas Dik")
        ada, bea = table.people["Ada"], table.people["Bea"]
        for invitation in queries.to_come(db.session, ada, world.now()):
            with transaction(db.session):
                told = {"by": "page", "now": world.now(), "settings": world.settings()}
                answer.answer(db.session, invitation, Partstat.DECLINED, **told)
        assert not rather_not(cast, bea, ada)
        (mine,) = queries.to_come(db.session, ada, world.now())
        with pytest.raises(answer.PlaceGone):
            answer.answer(db.session, mine, Partstat.ACCEPTED, by="page", now=world.now(), settings=world.settings())
        db.session.rollback()
        table.leaves("Ada")
        with transaction(db.session):
            signups.come_back(db.session, ada, now=world.now(), settings=world.settings())
        assert "Ada" not in table.seated()[cast.sessions[0], 1]


def test_what_was_said_goes_along_when_doubles_become_one_and_goes_when_somebody_is_erased(
    app: Flask, cast: Cast
) -> None:
    with app.test_request_context():
        els, first = casting.sign_up(app, cast, "Els").signup, casting.sign_up(app, cast, "Bart").signup
        rather_not(cast, els, first)
        # The same answers, sent once more from another form.
        last = casting.sign_up(app, cast, "Bart", note="nog eens").signup
        rather_not(cast, last, els)
        with transaction(db.session):
            amina = db.session.get_one(Staff, cast.amina)
            kept = doubles.keep_last(db.session, last, by=amina, now=world.now(), vault=world.vault())
        assert {(wish.signup_id, wish.other_id, wish.said) for wish in db.session.query(PairWish)} == {
            (els.id, kept.id, Regard.APART),
            (kept.id, els.id, Regard.APART),
        }
        with transaction(db.session):
            erase.erase(db.session, els, world.vault(), now=world.now())
        assert db.session.query(PairWish).count() == 0
