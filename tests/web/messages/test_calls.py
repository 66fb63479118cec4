"""The call list: what is told is told once, and nothing that changed counts as told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web import post
from tests.web.call_list import CALLS, LETTERS, card, kinds_logged, marks, tell
from tests.web.cast import NOW, Cast
from tests.web.pages import Page
from web.rows import AuditLine, DueLetter, Facilitator, Invitation, Offer, Seat, Signup, TimeSlot, db
from web.rows.invitations import OfferState, Partstat
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services.messages import by_hand
from web.services.outbox import retries

pytestmark = pytest.mark.slow


@pytest.fixture
def people(app: Flask, cast: Cast) -> dict[str, int]:
    with app.app_context():
        return post.delivered(app, cast)


def test_who_needs_a_person_is_there_and_nobody_else(amina: FlaskClient, people: dict[str, int]) -> None:
    html = amina.get(CALLS).text
    assert [name for name in post.WAYS if card(html, name)] == ["Els", "Fatma", "Henk"]
    assert 'href="tel:+31622222222"' in card(html, "Fatma")
    assert "Via Ria van de balie" in card(html, "Henk")
    assert "Buurthuis De Brink" in card(html, "Fatma"), "what to say is there"
    assert "Komt <bdi>Fatma</bdi> op di 12 jan" in card(html, "Fatma"), "a name of any script keeps its place"
    assert "Er is ook 1 brief om te printen" in html, "the invitation of Gijs says more than his confirmation"


def test_a_text_message_is_there_to_copy_until_a_service_sends_it(
    app: Flask, amina: FlaskClient, people: dict[str, int], settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        letter = post.letters_of(people["Els"], "placed")[0]
        short = by_hand.messages(db.session, [letter], NOW, post.world_of(app))[0].parcel.short
    shown = card(amina.get(CALLS).text, "Els")
    field = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", shown, re.S)
    assert field and field[1].split() == short.split()
    ready = re.search(r'href="sms:\+31\d+\?&amp;body=([^"]+)"', shown)
    assert ready and unquote(ready[1]) == short, "on a phone one tap is enough"
    texts = replace(settings.text_messages, kind="http", url="https://sms.example/")
    app.extensions["settings"] = replace(settings, text_messages=texts)
    assert not card(amina.get(CALLS).text, "Els")


def test_a_text_message_to_copy_is_the_one_a_service_would_send(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        letter = post.letters_of(people["Els"], "placed")[0]

        def said() -> str:
            return by_hand.messages(db.session, [letter], NOW, post.world_of(app))[0].parcel.text

        assert "/link-kwijt" not in said(), "whose answer would be a text message that somebody types"
        invitation = db.session.query(Invitation).filter_by(signup_id=people["Els"]).one()
        assert f"/uitnodiging/{invitation.token}" in said(), "but the link itself"
        db.session.get_one(Signup, people["Els"]).contact = {}
        assert "Buurthuis De Brink" in said(), "without a number somebody looks for another way"


def test_nobody_who_calls_sees_the_link_to_somebodys_own_page(
    app: Flask, amina: FlaskClient, people: dict[str, int]
) -> None:
    """It is a secret of the resident (promise 12); who asked for a new link gets it all the same."""
    with app.app_context():
        secret = post.letters_of(people["Fatma"], "confirmation")[0].content["secret"]
    assert secret not in amina.get(CALLS).text
    with app.app_context():
        letter = post.letters_of(people["Fatma"], "confirmation")[0]
        letter.kind = "link"
        db.session.commit()
    assert secret in amina.get(CALLS).text


def test_the_link_to_the_own_page_comes_along_with_what_replaces_the_letter_that_had_it(
    app: Flask, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        secrets = {name: post.letters_of(people[name], "confirmation")[0].content["secret"] for name in ("Els", "Gijs")}
        placed = post.letters_of(people["Gijs"], "placed")
        (message,) = by_hand.messages(db.session, placed, NOW, post.world_of(app))
    assert secrets["Els"] in card(amina.get(CALLS).text, "Els")
    assert secrets["Gijs"] in message.parcel.text


def test_nobody_has_to_say_a_link_aloud(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    assert "://" not in card(amina.get(CALLS).text, "Fatma")
    with app.app_context():
        for gathering in db.session.query(Invitation).filter_by(signup_id=people["Fatma"]):
            gathering.told = {**gathering.told, "link": "https://samen.example/tafel", "mode": "online", "place": ""}
        db.session.commit()
    assert "https://samen.example/tafel" in card(amina.get(CALLS).text, "Fatma"), "but without this one nobody comes"


def test_a_facilitator_without_mail_gets_link_and_pin_by_phone(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        db.session.get_one(Facilitator, cast.chantal).contact = {"phone": "+31655555555"}
        content = {"secret": "geheim-van-chantal", "pin": "135790", "session_id": cast.sessions[0]}
        owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
        told = {"kind": "list_ready", "key": "list", "channel": "call", "due_at": NOW, "content": content}
        db.session.add(DueLetter(**owner, **told, facilitator_id=cast.chantal))
        db.session.commit()
    html = amina.get(CALLS).text
    for part in ("geheim-van-chantal", "135790", "tel:+31655555555"):
        assert part in card(html, "Chantal")
    tell(amina, html, "Chantal")
    with app.app_context():
        letter = db.session.query(DueLetter).one()
        assert (letter.state, letter.content) == (LetterState.SENT, None)
        lines = [(line.what, line.about) for line in db.session.query(AuditLine).filter(AuditLine.who != "resident")]
        assert ("reached", f"facilitator:{cast.chantal}") in lines


def test_the_newest_message_comes_first_and_every_text_once(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        first = post.letters_of(people["Fatma"], "placed")[0]
        again = {c.key: getattr(first, c.key) for c in DueLetter.__table__.columns if c.key not in ("id", "key")}
        db.session.add(DueLetter(**again, key="again"))
        db.session.commit()
    html = card(amina.get(CALLS).text, "Fatma")
    assert len(re.findall("<blockquote", html)) == 1
    assert "Je bent aangemeld" not in html, "what came before the place is not told any more"
    assert len(marks(html)) == 2, "both are dealt with in one call"


def test_what_came_before_is_done_once_the_newer_news_is_told(
    app: Flask, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        by_hand.tidy(db.session, NOW, post.world_of(app))
        assert post.letters_of(people["Fatma"], "confirmation")[0].state == LetterState.DUE, "the place may yet go"
    tell(amina, amina.get(CALLS).text, "Fatma")
    assert not card(amina.get(CALLS).text, "Fatma")
    with app.app_context():
        by_hand.tidy(db.session, NOW, post.world_of(app))
        first = post.letters_of(people["Fatma"], "confirmation")[0]
        assert (first.state, first.content) == (LetterState.OVERTAKEN, None)


def test_reached_is_written_down_once(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    html = amina.get(CALLS).text
    page = tell(amina, html, "Fatma").text
    assert "Genoteerd: bereikt." in page
    assert not card(page, "Fatma")
    assert "was al gebracht" in tell(amina, html, "Fatma").text, "the second time there was nothing left"
    with app.app_context():
        for letter in post.letters_of(people["Fatma"], "placed"):
            assert (letter.state, letter.sent_at, letter.content, letter.tries) == (LetterState.SENT, NOW, None, 1)
        assert {letter.state for letter in post.letters_of(people["Henk"])} == {LetterState.DUE}
        assert kinds_logged().count("reached") == 2


def test_not_reached_stays_and_says_how_often(app: Flask, amina: FlaskClient, people: dict[str, int], clock) -> None:
    for _ in range(2):
        clock.forward(hours=1)
        page = tell(amina, amina.get(CALLS).text, "Fatma", do="missed").text
    assert "2 keer niet bereikt, het laatst op vr 20 nov, 15.00" in " ".join(card(page, "Fatma").split())
    with app.app_context():
        assert {letter.state for letter in post.letters_of(people["Fatma"])} == {LetterState.DUE}
        assert "not reached" in kinds_logged()


@pytest.mark.parametrize("said", [Partstat.ACCEPTED, Partstat.DECLINED])
def test_an_answer_by_phone_is_the_answer(app: Flask, amina: FlaskClient, people: dict[str, int], said: str) -> None:
    tell(amina, amina.get(CALLS).text, "Fatma", do=said)
    with app.app_context():
        mine, others = db.session.query(Invitation).filter_by(signup_id=people["Fatma"]).one(), Invitation.signup_id
        assert (mine.partstat, mine.answered_by) == (said, "staff")
        rest = db.session.query(Invitation).filter(others != people["Fatma"])
        assert {invitation.partstat for invitation in rest} == {Partstat.NEEDS_ACTION}


def test_an_answer_for_somebody_else_changes_nothing(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    with app.app_context():
        other = db.session.query(Invitation).filter_by(signup_id=people["Henk"]).one().id
    tell(amina, amina.get(CALLS).text, "Fatma", **{f"komt-{other}": Partstat.DECLINED})
    with app.app_context():
        assert {invitation.partstat for invitation in db.session.query(Invitation)} == {Partstat.NEEDS_ACTION}


def test_what_changed_after_it_was_read_out_is_still_to_be_told(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        # One of those letters that tell the facts of the moment: mail to Bart came back.
        retries.to_the_call_list(db.session, people["Bart"], NOW)
        db.session.commit()
    html = amina.get(CALLS).text
    with app.app_context():
        gathering = db.session.get_one(TimeSlot, cast.sessions[0]).gatherings[0]
        gathering.starts += timedelta(hours=1)
        db.session.commit()
        post.told(app, cast)
    page = tell(amina, html, "Bart").text
    assert "of het is veranderd" in page
    assert "19.00" in card(page, "Bart")
    with app.app_context():
        assert "placed" in [letter.kind for letter in post.letters_of(people["Bart"], state=LetterState.DUE)]


def test_who_cannot_be_mailed_is_called_and_the_address_can_be_changed(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        retries.to_the_call_list(db.session, people["Bart"], NOW)
        db.session.commit()
    html = card(amina.get(CALLS).text, "Bart")
    assert "e-mail komt niet aan" in html
    assert "Er is geen nummer bekend." in html
    assert f"/werk/{cast.series}/aanmeldingen/{people['Bart']}/wijzigen" in html


def test_what_is_no_longer_so_goes_away_by_itself(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    with app.app_context():
        db.session.get_one(Signup, people["Fatma"]).state = SignupState.LEFT
        db.session.commit()
    assert not card(amina.get(CALLS).text, "Fatma")
    with app.app_context():
        assert {(row.state, row.content) for row in post.letters_of(people["Fatma"])} == {(LetterState.OVERTAKEN, None)}


@pytest.mark.parametrize(("word", "state", "seats"), [("yes", OfferState.ACCEPTED, 6), ("no", OfferState.DECLINED, 5)])
def test_yes_and_no_to_a_place(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int], word: str, state: str, seats: int
) -> None:
    with app.app_context():
        post.offered(app, cast, "Noor", NOW + timedelta(hours=5), reach="call", email=None, phone="+31633333333")
    html = amina.get(CALLS).text
    assert html.index("Noor") < html.index("Fatma"), "an offer that ends comes first"
    assert "een plek die vrijkwam, tot vr 20 nov, 18.00" in " ".join(card(html, "Noor").split())
    button = re.search(rf'name="do" value="({word}:\d+)"', card(html, "Noor"))[1]
    page = tell(amina, html, "Noor", do=button).text
    with app.app_context():
        assert db.session.query(Offer).one().state == state
        assert db.session.query(Seat).count() == seats
        offer = post.letters_of(db.session.query(Offer).one().signup_id, "offer")[0]
        assert offer.state == LetterState.SENT
    assert "Noor" not in page, "who said yes on the phone heard when and where"
    assert ("Genoteerd: komt." in page) == (word == "yes")


def test_a_place_that_is_gone_is_told_in_words(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int], clock
) -> None:
    with app.app_context():
        post.offered(app, cast, "Noor", NOW + timedelta(hours=5), reach="call", email=None, phone="+31633333333")
    html = amina.get(CALLS).text
    clock.forward(hours=6)
    button = re.search(r'name="do" value="(yes:\d+)"', card(html, "Noor"))[1]
    page = tell(amina, html, "Noor", do=button).text
    assert "Deze plek is net weg" in page
    with app.app_context():
        assert db.session.query(Seat).count() == 5
        assert db.session.query(Offer).one().state == OfferState.OPEN


def test_nothing_of_others_and_no_nonsense(
    app: Flask, amina: FlaskClient, dirk: FlaskClient, client: FlaskClient, people: dict[str, int]
) -> None:
    html = amina.get(CALLS).text
    assert "Fatma" not in dirk.get(CALLS).text
    assert "Gijs" not in dirk.get(LETTERS).text
    fatma, henk = marks(card(html, "Fatma")), marks(card(html, "Henk"))
    for data in ({"brief": fatma}, {"brief": ["999999.0123456789ab"]}, {"brief": "x"}, {}):
        assert dirk.post(CALLS, data={**data, "do": "reached"}).status_code == 404
        assert dirk.post(f"{LETTERS}/verstuurd", data=data).status_code == 404
        assert dirk.post(f"{LETTERS}.pdf", data=data).status_code == 404
    assert amina.post(CALLS, data={"brief": [*fatma, *henk], "do": "reached"}).status_code == 404, "two people at once"
    for do in ("", "x", "yes:", "yes:1", f"yes:{fatma[0].split('.')[0]}"):
        assert amina.post(CALLS, data={"brief": fatma, "do": do}).status_code == 404, do
    assert client.get(CALLS).status_code == 302
    with app.app_context():
        assert {row.state for row in db.session.query(DueLetter)} == {LetterState.DUE}


def test_looking_is_in_the_log_without_a_name(app: Flask, amina: FlaskClient, dirk: FlaskClient, people) -> None:
    amina.get(CALLS)
    dirk.get(CALLS)
    amina.get(LETTERS)
    with app.app_context():
        lines = [(line.what, line.about) for line in db.session.query(AuditLine).filter(AuditLine.who != "resident")]
    assert lines == [("read calls", "project:1"), ("read letters", "project:1")], "who saw nobody has read nothing"


def test_a_name_is_text(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        casting.sign_up(app, cast, "<script>x</script>", reach="via", email=None, via="<b>Ria</b>")
    html = amina.get(CALLS).text
    assert "<script>x" not in html
    assert "<b>Ria" not in html
    assert "&lt;b&gt;Ria" in html


def test_every_page_has_its_token(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    for path in (CALLS, LETTERS):
        forms = [form for form in Page(amina.get(path).text).forms if form.method == "post"]
        assert forms
        assert all("csrf_token" in form.names for form in forms)
