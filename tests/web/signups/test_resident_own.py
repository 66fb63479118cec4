"""The personal page: one's own sign-up and nobody else's, by a secret that cannot be guessed; only POST acts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import post
from tests.web.cast import NOW, Cast
from web import jobs
from web.rows import DueLetter, Gathering, Invitation, Plan, PlanGroup, Seat, Series, Signup, TimeSlot, db
from web.rows.invitations import OfferState, Partstat
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import waiting
from web.services.invitations import reconciling
from web.services.outbox.packing import pack

pytestmark = pytest.mark.slow

ACTS = ("afmelden", "terugkomen", "andere-tafel", "wissen", "wijzigen")
PAGES = ("", "aangemeld", "wijzigen", "afmelden", "gegevens", "gegevens.json", "wissen")


@pytest.fixture
def bart(app: Flask, cast: Cast) -> str:
    """The address of Bart's page."""
    with app.app_context():
        return f"/mijn/{casting.sign_up(app, cast, needs=('step_free',), note='Bij de deur').secret}/"


def stored(app: Flask) -> Signup:
    with app.app_context():
        signup = db.session.query(Signup).one()
        _ = signup.availability, signup.consents
        db.session.expunge_all()
        return signup


def publish(app: Flask, cast: Cast, *, with_bart: bool = True, language: str = "nl") -> None:
    """A plan with one table on Bart's first evening: Bart, Samira and Greet, or only them."""
    with app.app_context():
        others = [casting.sign_up(app, cast, name).signup.id for name in ("Samira", "Greet")]
        bart = db.session.query(Signup).order_by(Signup.id).first()
        owner = {"organisation_id": bart.organisation_id, "project_id": bart.project_id, "series_id": bart.series_id}
        plan = Plan(**owner, published_at=NOW + timedelta(days=1), seed=1, input_hash="", config_hash="")
        group = PlanGroup(session_id=cast.sessions[0], number=2, language=language)
        group.seats = [Seat(signup_id=id) for id in (*others, *([bart.id] if with_bart else []))]
        plan.groups.append(group)
        db.session.add(plan)
        db.session.commit()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_the_secret_and_stays_out_of_search_engines(
    client: FlaskClient, bart: str, page: str
) -> None:
    answer = client.get(bart + page)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store, private"
    if page != "gegevens.json":
        assert '<meta name="referrer" content="no-referrer">' in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_a_wrong_garbled_or_erased_secret_is_a_missing_page(client: FlaskClient, bart: str, page: str) -> None:
    paths = [f"/mijn/{secret}/{page}" for secret in ("x", bart[6:-2], bart[6:-2].upper(), "%00", "é", "a" * 5000)]
    answers = [client.get(path, follow_redirects=True) for path in [*paths, "/bestaat-niet"]]
    assert {answer.status_code for answer in answers} == {404}
    assert len({a.text.split("<main")[1].split("<p ")[-1] for a in answers}) == 1
    client.post(bart + "wissen")
    assert client.get(bart + page).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_nobody_acts_on_what_is_not_theirs(client: FlaskClient, app: Flask, bart: str, act: str) -> None:
    before = stored(app).changed_at
    assert client.post(f"/mijn/{'x' * 32}/{act}", data={}).status_code == 404
    assert stored(app).changed_at == before


@pytest.mark.parametrize("act", ACTS)
def test_a_link_only_looks(client: FlaskClient, app: Flask, bart: str, act: str, clock: casting.Clock) -> None:
    clock.forward(minutes=5)
    client.get(bart + act)
    client.head(bart + act)
    after = stored(app)
    assert (after.state, after.other_wish, after.changed_at) == (SignupState.IN, False, NOW)


def test_before_publishing_it_says_that_groups_are_still_made(client: FlaskClient, bart: str) -> None:
    page = client.get(bart).text
    assert "Je bent aangemeld" in page
    assert "We delen de tafels nog in." in page
    assert "Waarom deze tafel?" not in page


def test_after_publishing_it_says_where_and_why_and_nothing_about_others(
    client: FlaskClient, app: Flask, cast: Cast, bart: str
) -> None:
    publish(app, cast)
    page = client.get(bart).text
    assert "dinsdag 12 januari, 18.00–20.30" in page
    assert "Buurthuis De Brink, Brink 1" in page
    assert "Waarom deze tafel?" in page
    assert "Aan deze tafel spreken we een taal die jij kent" in page
    for other in ("Samira", "Greet", "Chantal", "26-40", "26 tot"):
        assert other not in page


def test_every_date_says_what_was_answered_and_leads_to_the_answer(
    client: FlaskClient, app: Flask, cast: Cast, bart: str
) -> None:
    publish(app, cast)
    with app.app_context():
        reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), NOW)
        db.session.commit()
        invitation = db.session.query(Invitation).order_by(Invitation.id).first()
        door = f'href="/uitnodiging/{invitation.token}"'
    page = client.get(bart).text
    assert "Je zei nog niet of je komt." in page
    assert page.count(door) == 1
    assert 'aria-label="Zeg of je komt: dinsdag 12 januari"' in page
    with app.app_context():
        db.session.query(Invitation).update({"partstat": Partstat.ACCEPTED})
        db.session.commit()
    assert "Je zei dat je komt." in client.get(bart).text


def test_who_has_a_place_gives_it_to_somebody_and_who_waits_is_asked_no_more(
    client: FlaskClient, app: Flask, cast: Cast, bart: str
) -> None:
    assert "Dan kan iemand anders op jouw plek." in client.get(bart).text
    with app.app_context():
        db.session.get_one(Series, cast.series).capacity = 1
        waits = casting.sign_up(app, cast, "Wacht").secret
    assert "Dan vragen we je niet meer." in client.get(f"/mijn/{waits}/").text
    publish(app, cast)
    assert "Dan kan iemand anders op jouw plek." in client.get(bart).text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (OfferState.OPEN, "je kunt antwoorden tot vr 20 nov, 14.00 uur."),
        (OfferState.ACCEPTED, "je zei ja."),
        (OfferState.DECLINED, "je zei nee."),
        (OfferState.EXPIRED, "je gaf op tijd geen antwoord."),
        (OfferState.WITHDRAWN, "de plek was er niet meer."),
    ],
)
def test_places_that_were_offered_stand_there_in_words(
    client: FlaskClient, app: Flask, cast: Cast, bart: str, state: str, said: str
) -> None:
    assert "Plekken die we je aanboden" not in client.get(bart + "gegevens").text
    with app.app_context():
        offer = post.offered(app, cast, "Ina", NOW + timedelta(hours=1))
        offer.signup_id, offer.state = db.session.query(Signup).order_by(Signup.id).first().id, state
        db.session.commit()
    told = " ".join(client.get(bart + "gegevens").text.split("Plekken die we je aanboden")[1].split("</ul>")[0].split())
    assert f"dinsdag 12 januari, 18.00–20.30, tafel 1: {said}" in told
    app.extensions["clock"].forward(hours=2)
    late = client.get(bart + "gegevens").text
    assert ("je gaf op tijd geen antwoord." in late) == (state in (OfferState.OPEN, OfferState.EXPIRED))


def test_why_is_the_same_whoever_sits_there(client: FlaskClient, app: Flask, cast: Cast, bart: str) -> None:
    publish(app, cast)
    why = client.get(bart).text.split("Waarom deze tafel?")[1].split("</p>")[0]
    with app.app_context():
        for signup in db.session.query(Signup).filter(Signup.number > 1):
            signup.bubbles = {"age": ["76-plus"], "education": ["higher"]}
        db.session.commit()
    assert client.get(bart).text.split("Waarom deze tafel?")[1].split("</p>")[0] == why
    assert why.count(".") == 3, "short ones: none over 15 words"


def test_who_has_no_seat_reads_where_they_are_on_the_list(
    client: FlaskClient, app: Flask, cast: Cast, bart: str
) -> None:
    publish(app, cast, with_bart=False)
    with app.app_context():
        waiting.settle(db.session, db.session.get_one(Series, cast.series), NOW)
        db.session.commit()
    for page in (bart, bart + "aangemeld"):
        assert "De tafels zijn ingedeeld. Je staat op plek 1 van de wachtlijst." in client.get(page).text
    assert "dan ga jij de volgende keer voor" in client.get(bart).text


def test_who_signs_up_when_the_groups_are_made_reads_so_on_every_page_and_in_the_letter(
    client: FlaskClient, app: Flask, cast: Cast, bart: str, clock: casting.Clock
) -> None:
    publish(app, cast)
    clock.forward(days=2)
    with app.app_context():
        late = casting.sign_up(app, cast, "Laat")
        id = late.signup.id
    for page in ("", "aangemeld"):
        text = client.get(f"/mijn/{late.secret}/{page}").text.split("<main")[1].split("</main>")[0]
        assert "De tafels zijn ingedeeld. Je staat op plek 1 van de wachtlijst." in text
        assert "We delen de tafels nog in" not in text
    true, untrue = "De tafels zijn al ingedeeld. Komt er een plek vrij? Dan vragen we je eerst", "delen"
    with app.app_context():
        reads = {
            letter.signup_id: pack(db.session, letter, clock(), jobs.worldly(app)).text
            for letter in db.session.query(DueLetter).filter_by(kind="confirmation")
        }
    assert " ".join(reads.pop(id).split()).count(true) == 1
    assert reads and all(true not in text and untrue in text for text in reads.values())


def test_another_table_needs_no_reason_and_can_be_taken_back(client: FlaskClient, app: Flask, bart: str) -> None:
    assert "kijkt wat er kan" in client.post(bart + "andere-tafel", follow_redirects=True).text
    assert stored(app).other_wish is True
    client.post(bart + "andere-tafel", data={"wish": "no"})
    assert stored(app).other_wish is False


def test_leaving_takes_a_link_and_a_button_and_can_be_undone(client: FlaskClient, app: Flask, bart: str) -> None:
    assert f'href="{bart}afmelden"' in client.get(bart).text
    assert "Je bent afgemeld" in client.post(bart + "afmelden", follow_redirects=True).text
    assert stored(app).state == SignupState.LEFT
    assert client.post(bart + "afmelden").status_code == 302
    assert "weer aangemeld" in client.post(bart + "terugkomen", follow_redirects=True).text
    assert stored(app).state == SignupState.IN


def test_who_comes_back_when_it_is_full_waits(client: FlaskClient, app: Flask, cast: Cast, bart: str) -> None:
    client.post(bart + "afmelden")
    with app.app_context():
        db.session.get_one(Series, cast.series).capacity = 0
        db.session.commit()
    assert "plek 1 van de wachtlijst" in client.post(bart + "terugkomen", follow_redirects=True).text
    assert stored(app).state == SignupState.WAITING


def test_nobody_comes_back_to_what_is_finished(client: FlaskClient, app: Flask, cast: Cast, bart: str) -> None:
    client.post(bart + "afmelden")
    with app.app_context():
        db.session.get_one(Series, cast.series).state = SeriesState.FINISHED
        db.session.commit()
    assert "terugkomen" not in client.get(bart).text
    refused = client.post(bart + "terugkomen")
    assert refused.status_code == 409 and "Iemand was je voor" not in refused.text
    assert stored(app).state == SignupState.LEFT


def changed(cast: Cast, **more: object) -> dict[str, object]:
    told = {"sessions": cast.sessions[2:], "name": "Bert", "reach": "call", "phone": "06 12345678", "language": "en"}
    return {**told, **more}


def test_every_answer_can_be_changed_and_a_yes_taken_back(
    client: FlaskClient, app: Flask, cast: Cast, bart: str
) -> None:
    page = client.get(bart + "wijzigen").text
    for kept in ('value="Bart"', 'value="bart@voorbeeld.example"', "Bij de deur"):
        assert kept in page
    assert client.post(bart + "wijzigen", data=changed(cast, email="x")).status_code == 302
    signup = stored(app)
    assert (signup.name, signup.reach, signup.contact) == ("Bert", "call", {"phone": "+31612345678"})
    assert [a.session_id for a in signup.availability] == cast.sessions[2:]
    assert (signup.bubbles, signup.needs, signup.note) == ({}, [], None)
    assert [c.given for c in signup.consents if c.kind == "bubbles"] == [True, False]
    assert (signup.language, signup.number) == ("en", 1)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"sessions": []}, "Kies minstens één tijd"),
        ({"name": "n" * 10_000}, "te lang"),
        ({"reach": "email", "email": "x"}, "heel e-mailadres"),
        ({"language": "xx"}, "Kies een van deze talen"),
        ({"bubbles_age": "x"}, "Kies een ander antwoord"),
        ({"languages": ["klingon"]}, "bestaat niet meer"),
    ],
)
def test_a_wrong_change_changes_nothing_and_keeps_the_typing(
    client: FlaskClient, app: Flask, cast: Cast, bart: str, more: dict, says: str
) -> None:
    answer = client.post(bart + "wijzigen", data=changed(cast, note="Nieuw woord", **more))
    assert (answer.status_code, says in answer.text, "Nieuw woord" in answer.text) == (422, True, True)
    assert stored(app).name == "Bart"


def test_the_page_is_in_the_language_of_its_owner(client: FlaskClient, app: Flask, cast: Cast, bart: str) -> None:
    client.post(bart + "wijzigen", data=changed(cast))
    assert '<html lang="en"' in client.get(bart).text
    assert '<html lang="nl"' in client.get(bart + "?taal=nl").text


def test_everything_we_hold_can_be_read_and_taken_along(client: FlaskClient, bart: str) -> None:
    answer = client.get(bart + "gegevens.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    told = answer.json
    assert (told["name"], told["contact"], told["note"]) == ("Bart", {"email": "bart@voorbeeld.example"}, "Bij de deur")
    assert told["bubbles"] == {"age": ["26-40"], "household": ["alone"]}
    page = client.get(bart + "gegevens").text
    for said in (
        "Bart",
        "bart@voorbeeld.example",
        "26 tot en met 40 jaar",
        "Ik woon alleen",
        "rolstoel",
        "Bij de deur",
    ):
        assert said in page


def test_erasing_is_real(client: FlaskClient, app: Flask, cast: Cast, bart: str) -> None:
    publish(app, cast)
    assert client.post(bart + "wissen").location == "/gewist"
    assert client.get(bart).status_code == 404
    assert client.post(bart + "wissen").status_code == 404
    with app.app_context():
        assert db.session.query(Signup).count() == 2
        assert db.session.query(Seat).count() == 2
        orphans = "select count(*) from {} where signup_id not in (select id from signup)"
        for table in ("availability", "consent", "due_letter", "seat"):
            assert db.session.execute(db.text(orphans.format(table))).scalar() == 0, table


def test_afterwards_nothing_is_asked_any_more(
    client: FlaskClient, app: Flask, cast: Cast, bart: str, clock: casting.Clock
) -> None:
    publish(app, cast)
    clock.forward(days=54)
    between = client.get(bart).text
    assert "Deze ontmoeting is al geweest." in between and "Zeg of je komt" not in between, "his own evening"
    with app.app_context():
        db.session.get_one(Series, cast.series).story = "We aten samen.\n\nEr komt een moestuin."
        db.session.commit()
    clock.forward(days=10)
    page = client.get(bart).text
    assert "Deze ontmoeting is al geweest" in page and "Er komt een moestuin." in page
    for stale in ("Vraag een andere tafel", "Meld me af", "agenda-adres", "andere-tafel"):
        assert stale not in page
    assert "gegevens" in page, "what we know of him he may see as long as we know it"


def test_who_leaves_all_dates_hears_how_to_miss_only_one(
    client: FlaskClient, app: Flask, cast: Cast, bart: str
) -> None:
    publish(app, cast)
    with app.app_context():
        post.told(app, cast)
    assert "op geen enkele datum" not in client.get(bart + "afmelden").text, "there is one"
    with app.app_context():
        evening = db.session.get_one(TimeSlot, cast.sessions[0])
        first = evening.gatherings[0]
        later = Gathering(starts=first.starts + timedelta(days=7), ends=first.ends + timedelta(days=7))
        evening.gatherings.append(later)
        post.told(app, cast)
        tokens = [one.token for one in db.session.query(Invitation).filter_by(signup_id=1)]
    page = client.get(bart + "afmelden").text
    assert "op geen enkele datum" in page and len(tokens) == 2
    assert all(f"/uitnodiging/{token}" in page for token in tokens)
