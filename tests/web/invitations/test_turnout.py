"""Who comes: the model against every possible evening, and the page that says it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from itertools import product
from math import prod

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web import cast as casting
from tests.web import post
from tests.web.cast import NOW, Cast
from web.pictures import Expected, expected
from web.rows import AuditLine, Gathering, Invitation, Offer, Series, Signup, TimeSlot, db
from web.rows.invitations import InvitationState, OfferState, Partstat
from web.rows.people import SignupState
from web.services.invitations.rsvp import forecast as forecast_service
from web.services.invitations.rsvp import turnout
from web.services.invitations.rsvp.forecast import CHANCES, MAYBE, NO, NONE, YES, Chance, forecast

pytestmark = pytest.mark.slow

SURE = 1e9
"""As if seen with a thousand million people: then the chance of each is all that counts."""


def page(cast: Cast, more: str = "") -> str:
    return f"/werk/{cast.series}/wie-komt-er{more}"


def enumerated(people: list[Chance]) -> list[float]:
    """The Poisson-binomial distribution, over every way an evening can go."""
    found = [0.0] * (len(people) + 1)
    for came in product((0, 1), repeat=len(people)):
        found[sum(came)] += prod(p.mean if here else 1 - p.mean for p, here in zip(people, came, strict=True))
    return found


@settings(deadline=None, max_examples=30, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(list(CHANCES)), st.integers(0, 3), max_size=4))
def test_with_certain_chances_it_is_every_way_an_evening_can_go(answers: dict[str, int]) -> None:
    certain = {key: Chance(chance.mean * SURE, (1 - chance.mean) * SURE) for key, chance in CHANCES.items()}
    people = [certain[key] for key, count in answers.items() for _ in range(count)]
    assert forecast(answers, certain).chance == pytest.approx(enumerated(people), abs=1e-6)


@settings(deadline=None, max_examples=30, derandomize=True, database=None)
@given(st.integers(0, 7), st.floats(0.2, 30), st.floats(0.2, 30))
def test_with_chances_we_do_not_know_it_is_polyas_urn(people: int, a: float, b: float) -> None:
    """Stated otherwise: each who comes makes it likelier that the next one does (an urn with a and b balls)."""
    found = [0.0] * (people + 1)
    for came in product((0, 1), repeat=people):
        chance, yes, no = 1.0, a, b
        for here in came:
            chance *= (yes if here else no) / (yes + no)
            yes, no = yes + here, no + 1 - here
        found[sum(came)] += chance
    assert forecast({YES: people}, {YES: Chance(a, b)}).chance == pytest.approx(found, abs=1e-9)


@settings(deadline=None, max_examples=50, derandomize=True, database=None)
@given(st.fixed_dictionaries({key: st.integers(0, 40) for key in CHANCES}))
def test_the_bounds_hold_what_they_promise(answers: dict[str, int]) -> None:
    found = forecast(answers)
    assert sum(found.chance) == pytest.approx(1)
    assert len(found.chance) == sum(answers.values()) + 1
    assert found.mean == pytest.approx(sum(count * CHANCES[key].mean for key, count in answers.items()))
    assert sum(found.chance[found.low : found.high + 1]) >= forecast_service.SHARE - 1e-9
    assert sum(found.chance[: found.low]) <= 0.1 + 1e-9
    assert sum(found.chance[found.high + 1 :]) <= 0.1 + 1e-9
    assert found.under(0) == 0
    assert found.under(len(found.chance)) == pytest.approx(1)


def test_what_we_assume_is_what_the_page_says() -> None:
    assert {key: chance.mean for key, chance in CHANCES.items()} == pytest.approx(
        {YES: 0.9, MAYBE: 0.5, NONE: 0.6, NO: 0.03}
    )


@pytest.fixture
def people(app: Flask, cast: Cast) -> dict[str, int]:
    """Five at table 1, seven at table 2, in the first evening."""
    with app.app_context():
        found = {name: casting.sign_up(app, cast, name, **more).signup.id for name, more in post.WAYS.items()}
        more = "Ali Bea Cor Dina Eva Fons Gea"
        found |= {name: casting.sign_up(app, cast, name, phone="+31644444444").signup.id for name in more.split()}
        ids = list(found.values())
        casting.plan_of(cast, {(cast.sessions[0], 1): ids[:5], (cast.sessions[0], 2): ids[5:]})
        post.told(app, cast)
        return found


def said(people: dict[str, int], **answers: str) -> None:
    for name, answer in answers.items():
        db.session.query(Invitation).filter_by(signup_id=people[name]).one().partstat = answer
    db.session.commit()


def named(html: str) -> list[str]:
    """Whom to call, in order."""
    card = html.split('<ol class="site-numbered')[1].split("</ol>")[0]
    return re.findall(r"<bdi>(\w+)</bdi>", card)


def test_everybody_with_what_they_answered(app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]) -> None:
    with app.app_context():
        said(people, Bart=Partstat.ACCEPTED, Els=Partstat.TENTATIVE, Fatma=Partstat.DECLINED)
        db.session.get_one(Signup, people["Gea"]).state = SignupState.LEFT
        db.session.query(Invitation).filter_by(signup_id=people["Els"]).one().comment = "Later <b>thuis</b>"
        db.session.commit()
        found = turnout.turnout(db.session, db.session.get_one(TimeSlot, cast.sessions[0]).gatherings[0], world(app))
        assert found.answers == Counter(yes=1, maybe=1, no=1, none=8, left=1)
        assert len(found.forecast.chance) == 12, "who left is not counted"
    html = amina.get(page(cast)).text
    struck = re.findall(r"<s><a [^>]*><bdi>(\w+)</bdi>", html)
    assert sorted(struck) == ["Fatma", "Gea"]
    assert "Later &lt;b&gt;thuis" in html
    assert f"We verwachten {found.forecast.low} tot {found.forecast.high} mensen." in html
    with app.app_context():
        assert [line.what for line in db.session.query(AuditLine).filter(AuditLine.who != "resident")] == [
            "read turnout"
        ]


def world(app: Flask):
    return app.extensions["settings"]


def test_a_call_goes_to_the_table_that_wobbles_and_to_who_has_a_number(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    html = amina.get(page(cast)).text
    assert named(html) == ["Els", "Fatma", "Bart", "Gijs", "Henk"], "five of five is easily too few"
    assert "Vraag deze 5 mensen of ze komen" in html
    assert 'href="tel:+31622222222"' in html
    assert html.count("wordt misschien te klein") == 2
    with app.app_context():
        said(people, **dict.fromkeys(["Bart", "Els", "Fatma", "Gijs", "Henk"], Partstat.ACCEPTED))
    # Of seven who said nothing about four come: that table is at risk now.
    assert set(named(amina.get(page(cast)).text)) <= {"Ali", "Bea", "Cor", "Dina", "Eva", "Fons", "Gea"}
    with app.app_context():
        said(people, **dict.fromkeys(["Ali", "Bea", "Cor", "Dina", "Eva", "Fons", "Gea"], Partstat.ACCEPTED))
    assert "of ze komen" not in amina.get(page(cast)).text


def test_an_answer_that_somebody_told_us(app: Flask, cast: Cast, amina: FlaskClient, dirk, people) -> None:
    with app.app_context():
        id = db.session.query(Invitation).filter_by(signup_id=people["Els"]).one().id
    data = {"uitnodiging": str(id), "antwoord": Partstat.DECLINED}
    assert dirk.post(page(cast), data=data).status_code == 404
    for wrong in ({}, {"uitnodiging": str(id)}, {**data, "antwoord": "X"}, {**data, "uitnodiging": "9" * 30}):
        assert amina.post(page(cast), data=wrong).status_code == 404
    amina.post(page(cast), data=data)
    with app.app_context():
        found = db.session.get_one(Invitation, id)
        assert (found.partstat, found.answered_by) == (Partstat.DECLINED, "staff")
        assert "answer for somebody" in [
            line.what for line in db.session.query(AuditLine).filter(AuditLine.who != "resident")
        ]
        lines = db.session.query(AuditLine).filter_by(what="answer for somebody").all()
        assert [line.about for line in lines] == [f"invitation:{id}"]
        found.state = InvitationState.OFF
        db.session.commit()
    late = amina.post(page(cast), data={**data, "antwoord": Partstat.ACCEPTED}, follow_redirects=True).text
    assert "Zeg tegen deze persoon: Deze afspraak is er niet meer voor jou." in late


def test_every_date_has_a_page_and_no_other_number(
    app: Flask, cast: Cast, amina: FlaskClient, dirk: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        dates = [g.id for g in db.session.query(Gathering).order_by(Gathering.starts)]
    assert "dinsdag 12 januari" in amina.get(page(cast)).text, "the next one"
    assert "nog geen groepen" in amina.get(page(cast, f"?keer={dates[1]}")).text
    for wrong in ("999", "0", "-1", "x", "9" * 40):
        assert amina.get(page(cast, f"?keer={wrong}")).status_code == 404, wrong
    assert dirk.get(page(cast)).status_code == 404
    with app.app_context():
        db.session.get_one(Gathering, dates[0]).called_off_at = NOW
        db.session.commit()
    assert "Dit gaat niet door." in amina.get(page(cast, f"?keer={dates[0]}")).text
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        assert turnout.chosen(series, None, NOW).id == dates[1], "the next one that stands"
        assert turnout.chosen(series, None, NOW + timedelta(days=400)).id == dates[-1]
        db.session.get_one(Gathering, dates[-1]).called_off_at = NOW
        assert turnout.chosen(series, None, NOW + timedelta(days=400)).id == dates[1], "the last one that stood"


def offer(app: Flask, cast: Cast, name: str, number: int = 2) -> int:
    """A place at the first evening, offered until an hour from now."""
    with app.app_context():
        row = post.offered(app, cast, name, NOW + timedelta(hours=1), bubbles={})
        row.number = number
        db.session.commit()
        return row.id


def card(html: str, title: str) -> str:
    return html.split(title)[1].split("</section>")[0]


def test_who_thinks_about_a_free_place_and_who_took_one(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    assert "aangeboden" not in amina.get(page(cast)).text
    hans, ina = offer(app, cast, "Hans"), offer(app, cast, "Ina", 1)
    asked = card(amina.get(page(cast)).text, "2 plekken zijn aangeboden")
    assert re.findall(r"<bdi>(\w+)</bdi></a>, (tafel \d)", asked) == [("Hans", "tafel 2"), ("Ina", "tafel 1")]
    assert "antwoord kan tot vr 20 nov, 14.00 uur" in asked
    for id, said in ((hans, "ja"), (ina, "nee")):
        done = amina.post(page(cast, "/plek"), data={"plek": str(id), "antwoord": said}, follow_redirects=True).text
        assert "Genoteerd." in done
    assert "aangeboden" not in done
    assert re.findall(r"<bdi>(\w+)</bdi>", card(done, "1 vrije plek is ingevuld")) == ["Hans"]
    with app.app_context():
        assert [db.session.get_one(Offer, id).state for id in (hans, ina)] == [OfferState.ACCEPTED, OfferState.DECLINED]
        gone = db.session.get_one(Offer, hans).signup
        assert [line.about for line in db.session.query(AuditLine).filter_by(what="offer_yes")] == [f"signup:{gone.id}"]
        gone.state = SignupState.LEFT
        db.session.commit()
    assert "ingevuld" not in amina.get(page(cast)).text, "who left again did not fill it"


def test_who_took_a_place_lately_is_news_for_a_week(app: Flask, cast: Cast, people: dict[str, int]) -> None:
    hans = offer(app, cast, "Hans")
    with app.app_context():
        row = db.session.get_one(Offer, hans)
        row.state, row.ended_at = OfferState.ACCEPTED, NOW
        db.session.commit()
        here = row.session.gatherings[0]
        found = [len(turnout.offered(db.session, here, NOW + timedelta(days=days)).taken) for days in (6.9, 7.1)]
        assert found == [1, 0]
        other = db.session.get_one(TimeSlot, cast.sessions[1]).gatherings[0]
        assert turnout.offered(db.session, other, NOW) == turnout.Offered(), "another evening"


def test_a_place_that_is_gone_or_anothers_cannot_be_answered(
    app: Flask, cast: Cast, amina: FlaskClient, dirk: FlaskClient, people: dict[str, int]
) -> None:
    data = {"plek": str(offer(app, cast, "Hans")), "antwoord": "ja"}
    assert dirk.post(page(cast, "/plek"), data=data).status_code == 404
    for wrong in ({}, {**data, "antwoord": "misschien"}, {**data, "plek": "x"}, {**data, "plek": "9" * 30}):
        assert amina.post(page(cast, "/plek"), data=wrong).status_code == 404
    app.extensions["clock"].forward(hours=2)
    assert "aangeboden" not in amina.get(page(cast)).text, "its time is over, also before the worker wrote that down"
    late = amina.post(page(cast, "/plek"), data=data, follow_redirects=True).text
    assert "Dit kan niet meer. Zeg tegen deze persoon: Deze plek is net weg." in late


def test_of_what_is_over_nothing_is_expected(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    assert "Stippellijn" in amina.get(page(cast)).text
    with app.app_context():
        first = db.session.get_one(TimeSlot, cast.sessions[0]).gatherings[0]
        first.starts, first.ends = NOW - timedelta(days=1), NOW - timedelta(hours=22)
        db.session.commit()
        over = amina.get(page(cast, f"?keer={first.id}")).text
    assert "Deze keer is geweest." in over and "nog niets: 12" in over
    for stale in ("We verwachten", "wordt misschien te klein", "of ze komen", "picture-expected"):
        assert stale not in over


def test_before_there_are_groups(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    empty = amina.get(page(cast)).text
    assert "Er zijn nog geen groepen voor deze keer." in empty and f'/werk/{cast.series}/groepen">Naar de' in empty
    with app.app_context():
        db.session.query(Gathering).delete()
        db.session.query(TimeSlot).delete()
        db.session.commit()
    assert "Er zijn nog geen tijden." in amina.get(page(cast)).text


def test_the_picture_says_what_its_table_says() -> None:
    bands = [Expected("Samen <b>", 12, 7, 10, 8.4), Expected("Tafel 1", 5, 4, 4, 4.0, 5), Expected("Leeg", 0, 0, 0, 0)]
    for lang, between in (("nl", "7 tot 10"), ("en", "7 to 10")):
        drawn = expected("Hoeveel", bands, lang)
        assert [row[2] for row in drawn.rows] == [between, "4", "0"]
        assert drawn.rows[1][4] == "5"
        assert all(row[2] in drawn.svg for row in drawn.rows)
        assert "<b>" not in drawn.svg
        assert "style" not in drawn.svg
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%"', drawn.svg)]
    assert max(widths) <= 100
    assert expected("Niets", []).rows == ()
