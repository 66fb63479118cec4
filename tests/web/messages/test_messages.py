"""The queue of letters and the mails that came back: everything in words, and what a person decides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from tests.web import post
from tests.web.cast import NOW, Cast
from tests.web.moving import several
from web.channels.faults import KINDS
from web.organiser import message_words
from web.rows import AuditLine, DueLetter, Invitation, Outage, Reply, Signup, Staff, TimeSlot, db
from web.rows.invitations import InvitationState, Partstat
from web.rows.messages import LetterState
from web.services.messages import queue
from web.services.outbox import outages, retries
from web.transaction import transaction

pytestmark = pytest.mark.slow

REPLIES = "/werk/antwoorden"
LATE = "Iemand anders heeft dit net veranderd."


@pytest.fixture
def people(app: Flask, cast: Cast) -> dict[str, int]:
    with app.app_context():
        return post.delivered(app, cast)


def page(cast: Cast, more: str = "") -> str:
    return f"/werk/{cast.series}/berichten{more}"


def stuck(app: Flask, signup: int, state: str, fault: str) -> int:
    with app.app_context():
        letter = post.letters_of(signup, "placed")[0]
        letter.state, letter.fault, letter.tries = state, fault, 1
        db.session.commit()
        return letter.id


def rows_of(html: str) -> list[str]:
    return [" ".join(row.split()) for row in re.findall(r"<tr class=.*?</tr>", html.split("<table")[-1], re.S)[1:]]


def logged() -> list[str]:
    return [
        line.what for line in db.session.query(AuditLine).filter(AuditLine.who != "resident").order_by(AuditLine.id)
    ]


def test_how_many_letters_stand_where(app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]) -> None:
    with app.app_context():
        states = [(row.channel, row) for row in db.session.query(DueLetter).order_by(DueLetter.id)]
        mails = [row for channel, row in states if channel == "email"]
        mails[0].state, mails[1].state = LetterState.SENT, LetterState.FAILED
        spoken = [row for channel, row in states if channel == "call"]
        spoken[0].state, spoken[1].state = LetterState.UNSURE, LetterState.OVERTAKEN
        db.session.commit()
    html = amina.get(page(cast)).text
    found = dict(re.findall(r">(Te versturen|Verstuurd|Mislukt|Niet zeker|Wacht op een mens) \((\d+)\)", html))
    assert found == {"Verstuurd": "1", "Mislukt": "1", "Niet zeker": "1", "Wacht op een mens": "6"}
    assert "1 bericht is mislukt." in html
    assert "Van 1 bericht weten we niet of het aankwam." in html
    assert "6 berichten wachten op jou: bel, of geef een brief." in html
    assert len(rows_of(html)) == 9, "what was overtaken is nowhere"
    assert "<strong>Uitnodiging, di 12 jan</strong>" in html, "somebody may have several"
    for only, count in (("sent", 1), ("failed", 1), ("unsure", 1), ("by_hand", 6)):
        assert len(rows_of(amina.get(page(cast, f"?only={only}")).text)) == count
    assert "Hier staat nu niets" in amina.get(page(cast, "?only=to_send")).text
    assert len(rows_of(amina.get(page(cast, "?only=x&pagina=-1")).text)) == 9
    assert "Hier staat nu niets" in amina.get(page(cast, "?pagina=2")).text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_there_are_words_for_everything(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        said = {kind: message_words.reason(DueLetter(state=LetterState.FAILED, fault=f"{kind} 550")) for kind in KINDS}
        assert len(set(said.values())) == len(KINDS)
        for kind in ("connection", "stopped"):
            sentence = message_words.reason(DueLetter(state=LetterState.UNSURE, fault=kind))
            assert ("Misschien" if language == "nl" else "may have") in sentence
        assert message_words.reason(DueLetter(state=LetterState.UNSURE, fault="KeyError"))
        assert message_words.reason(DueLetter(state=LetterState.SENT, fault="busy")) == ""
        for what in message_words.SERVERS:
            for fault in KINDS:
                outage = Outage(what=what, fault=fault, since=NOW)
                assert "%" not in message_words.outage(outage, NOW)


def test_a_letter_that_is_stuck_says_why_and_goes_again(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    id = stuck(app, people["Bart"], LetterState.UNSURE, "connection")
    html = amina.get(page(cast)).text
    assert "De verbinding viel weg terwijl we verstuurden. Misschien is het bericht aangekomen, misschien niet." in html
    assert len(re.findall('aria-label="Stuur opnieuw aan Bart"', html)) == 1
    assert len(re.findall("Stuur opnieuw aan", html)) == 1
    assert "gaat zo opnieuw weg" in amina.post(page(cast, f"/{id}/opnieuw"), follow_redirects=True).text
    with app.app_context():
        letter = db.session.get_one(DueLetter, id)
        assert (letter.state, letter.fault, letter.tries, letter.due_at) == (LetterState.DUE, "", 0, NOW)
        assert "send again" in logged()
    assert LATE in amina.post(page(cast, f"/{id}/opnieuw"), follow_redirects=True).text, "it is on its way already"


def test_somebody_asked_and_it_arrived(app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]) -> None:
    failed = stuck(app, people["Fatma"], LetterState.FAILED, "refused 554")
    assert "Is aangekomen" not in amina.get(page(cast)).text, "what was refused did not arrive"
    assert LATE in amina.post(page(cast, f"/{failed}/aangekomen"), follow_redirects=True).text
    id = stuck(app, people["Bart"], LetterState.UNSURE, "stopped")
    assert len(re.findall('aria-label="Is aangekomen bij Bart"', amina.get(page(cast)).text)) == 1
    assert "dit bericht is aangekomen" in amina.post(page(cast, f"/{id}/aangekomen"), follow_redirects=True).text
    with app.app_context():
        letter = db.session.get_one(DueLetter, id)
        assert (letter.state, letter.fault) == (LetterState.SENT, "")
        assert letter.sent_at is not None
        assert logged().count("arrived") == 1
    assert LATE in amina.post(page(cast, f"/{id}/aangekomen"), follow_redirects=True).text


def test_who_works_through_what_failed_stays_there(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    id = stuck(app, people["Bart"], LetterState.FAILED, "busy 451")
    assert '<input type="hidden" name="only" value="failed">' in amina.get(page(cast, "?only=failed")).text
    done = amina.post(page(cast, f"/{id}/bellijst"), data={"only": "failed"})
    assert done.location.endswith(page(cast, "?only=failed"))


def test_two_who_press_at_once_send_it_once(app: Flask, cast: Cast, people: dict[str, int]) -> None:
    """The second looked before the first pressed; in between it was sent."""
    id = stuck(app, people["Bart"], LetterState.FAILED, "busy 451")
    with app.app_context():
        seen = db.session.get_one(DueLetter, id)
        assert seen.state == LetterState.FAILED
        with db.engine.begin() as other:
            other.execute(db.text("UPDATE due_letter SET state = 'sent' WHERE id = :id"), {"id": id})
        by = db.session.get_one(Staff, cast.amina)
        with pytest.raises(queue.Overtaken), transaction(db.session):
            queue.again(db.session, seen, by=by, now=NOW)
        with pytest.raises(queue.Overtaken), transaction(db.session):
            queue.to_call_list(db.session, seen, by=by, now=NOW)
        assert db.session.get_one(DueLetter, id).state == LetterState.SENT


def test_a_person_may_take_it_over(app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]) -> None:
    id = stuck(app, people["Bart"], LetterState.FAILED, "full 5.2.2")
    assert "De postbus van deze persoon is vol." in amina.get(page(cast)).text
    amina.post(page(cast, f"/{id}/bellijst"))
    assert "<bdi>Bart</bdi>" in amina.get("/werk/bellijst").text
    with app.app_context():
        assert (db.session.get_one(DueLetter, id).channel, db.session.get_one(DueLetter, id).state) == (
            "call",
            LetterState.DUE,
        )
        assert "to call list" in logged()


def test_an_outage_is_told_with_its_hour_and_what_waits(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        outages.note(db.session, "email", "connection 421", NOW - timedelta(hours=2.5))
        db.session.commit()
    html = amina.get(page(cast)).text
    assert "De mailserver geeft geen antwoord sinds 10.30 uur." in html
    assert "Er zijn 2 berichten die wachten. Niets gaat verloren." in html
    assert "email: connection 421" in html
    with app.app_context():
        db.session.query(Outage).one().since = NOW - timedelta(days=1)
        db.session.commit()
    assert "sinds do 19 nov, 13.00 uur" in amina.get(page(cast)).text


def test_the_letters_of_others_are_nobodys(
    app: Flask, cast: Cast, amina: FlaskClient, dirk: FlaskClient, people: dict[str, int]
) -> None:
    id = stuck(app, people["Bart"], LetterState.FAILED, "busy")
    for verb in ("opnieuw", "bellijst"):
        assert dirk.post(page(cast, f"/{id}/{verb}")).status_code == 404
        assert amina.post(f"/werk/{cast.series + 7}/berichten/{id}/{verb}").status_code == 404
    assert dirk.get(page(cast)).status_code == 404
    with app.app_context():
        assert db.session.get_one(DueLetter, id).state == LetterState.FAILED


def incoming(app: Flask, signup: int, words: str = "Ik kom toch niet", **more: object) -> int:
    with app.app_context():
        invitation = db.session.query(Invitation).filter_by(signup_id=signup).first()
        return post.replied(invitation, words, db.session.get_one(Signup, signup), **more).id


def test_a_mail_that_a_person_has_to_read(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    incoming(app, people["Bart"], "Misschien\n<script>x</script>")
    html = amina.get(REPLIES).text
    assert "Bart &lt;bart@voorbeeld.example&gt;" in html
    assert "Misschien<br>&lt;script&gt;x" in html
    assert "di 12 jan, 18.00" in html
    with app.app_context():
        assert logged() == ["read replies"]


@pytest.mark.parametrize("said", [Partstat.ACCEPTED, Partstat.DECLINED, ""])
def test_what_somebody_makes_of_it(app: Flask, amina: FlaskClient, people: dict[str, int], said: str) -> None:
    id = incoming(app, people["Bart"])
    assert "wacht geen mail" in amina.post(f"{REPLIES}/{id}", data={"antwoord": said}, follow_redirects=True).text
    with app.app_context():
        reply = db.session.get_one(Reply, id)
        assert (reply.handled_at, reply.content) == (NOW, None), "its words are erased"
        assert reply.handled_by is not None
        invitation = db.session.query(Invitation).filter_by(signup_id=people["Bart"]).one()
        assert invitation.partstat == (said or Partstat.NEEDS_ACTION)
        assert invitation.answered_by == ("staff" if said else "")
        assert "answer reply" in logged()
    assert LATE in amina.post(f"{REPLIES}/{id}", data={"antwoord": Partstat.DECLINED}, follow_redirects=True).text
    with app.app_context():
        invitation = db.session.query(Invitation).filter_by(signup_id=people["Bart"]).one()
        assert invitation.partstat == (said or Partstat.NEEDS_ACTION), "the second decision changes nothing"


def test_an_answer_to_what_is_no_more_leaves_the_mail(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    id = incoming(app, people["Bart"])
    with app.app_context():
        db.session.query(Invitation).filter_by(signup_id=people["Bart"]).one().state = InvitationState.OFF
        db.session.commit()
    told = amina.post(f"{REPLIES}/{id}", data={"antwoord": Partstat.ACCEPTED}, follow_redirects=True).text
    assert "Zeg tegen deze persoon: Deze afspraak is er niet meer voor jou." in told
    assert "Ik kom toch niet" in told, "the mail still waits"
    with app.app_context():
        assert db.session.get_one(Reply, id).handled_at is None
    assert amina.post(f"{REPLIES}/{id}", data={"antwoord": ""}).status_code == 302


def test_a_bounce_is_shown_as_what_it_did(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    incoming(app, people["Bart"], outcome="bounce", reason="hard", content=None, key="b")
    incoming(app, people["Els"], outcome="bounce", reason="soft", content=None, key="c")
    incoming(app, people["Henk"], outcome="applied", content=None, key="d")
    with app.app_context():
        db.session.get_one(Signup, people["Bart"]).bounced_at = NOW
        db.session.commit()
    html = " ".join(amina.get(REPLIES).text.split())
    assert "Er wacht geen mail op jou." in html
    assert re.search("Bart</bdi></a>. Het adres bestaat niet. Deze persoon staat nu op de bellijst.", html)
    assert re.search("Els</bdi></a>. De mail kwam nog niet aan.", html)
    assert "Henk" not in html


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("full 5.2.2", "De postbus van deze persoon was vol. Dit bericht ging naar de bellijst."),
        ("refused 5.7.1", "Een mailserver weigerde dit bericht. Het adres kan gewoon kloppen. Kijk bij Berichten"),
        ("expired 4.4.7", "Een mailserver probeerde het dagenlang en gaf het op."),
        ("returned", "Het bericht kwam terug, en er staat niet bij waarom."),
        ("large 5.3.4", "Het bericht is te groot voor de server."),
        ("hard 5.1.1", "Het adres bestond niet. Intussen is er een ander adres."),
    ],
)
def test_each_way_to_come_back_is_said_as_it_is(
    app: Flask, amina: FlaskClient, people: dict[str, int], reason: str, sentence: str
) -> None:
    incoming(app, people["Bart"], outcome="bounce", reason=reason, content=None)
    assert sentence in " ".join(amina.get(REPLIES).text.split())


class TestBesideItsLetter:
    def waits(self, app: Flask, signup: int) -> int:
        """A mail that sends back an invitation and does not say why in a way that a program reads."""
        with app.app_context():
            letter = post.letters_of(signup, "placed")[0]
            letter.state, letter.sent_at = LetterState.SENT, NOW
            db.session.commit()
            id = letter.id
        return incoming(app, signup, "550 5.1.1 weg", reason="unclear_bounce", letter_id=id)

    def test_it_no_longer_says_sent_and_leads_to_the_mail(
        self, app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
    ) -> None:
        id = self.waits(app, people["Bart"])
        html = amina.get(page(cast)).text
        assert "1 bericht kwam terug. Lees waarom." in html
        assert "Teruggekomen: lees de mail (1)" in html
        assert "Verstuurd (" not in html
        (row,) = rows_of(amina.get(page(cast, "?only=came_back")).text)
        assert f'href="{REPLIES}#mail-{id}"' in row
        assert "Dit kwam terug, en de computer weet niet waarom." in row
        assert "Hier staat nu niets" in amina.get(page(cast, "?only=sent")).text
        assert f'id="mail-{id}"' in amina.get(REPLIES).text

    def test_it_asks_whether_ours_arrived_and_not_whether_somebody_comes(
        self, app: Flask, amina: FlaskClient, people: dict[str, int]
    ) -> None:
        self.waits(app, people["Bart"])
        html = amina.get(REPLIES).text
        assert "Een mailserver stuurde ons bericht terug." in html
        assert "Is ons bericht aangekomen?" in html
        assert "Komt niet" not in html

    @pytest.mark.parametrize(("said", "bounced"), [("weg", True), ("", False), ("x", False)])
    def test_no_puts_it_on_the_call_list_with_the_reason(
        self, app: Flask, amina: FlaskClient, people: dict[str, int], said: str, bounced: bool
    ) -> None:
        id = self.waits(app, people["Bart"])
        told = amina.post(f"{REPLIES}/{id}/niet-aangekomen", data={"adres": said}, follow_redirects=True).text
        assert "Klaar. Dit bericht staat op de bellijst." in told
        calls = " ".join(amina.get("/werk/bellijst").text.split())
        assert "<bdi>Bart</bdi>" in calls
        assert ("e-mail komt niet aan" in calls) == bounced
        assert ("Het bericht kwam terug, en er staat niet bij waarom." in calls) != bounced
        with app.app_context():
            assert (db.session.get_one(Signup, people["Bart"]).bounced_at is not None) == bounced
            assert (db.session.get_one(Reply, id).content, "answer reply" in logged()) == (None, True)
        assert LATE in amina.post(f"{REPLIES}/{id}/niet-aangekomen", follow_redirects=True).text

    def test_yes_leaves_it_sent(self, app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]) -> None:
        id = self.waits(app, people["Bart"])
        amina.post(f"{REPLIES}/{id}", data={"antwoord": ""})
        assert "Verstuurd (1)" in amina.get(page(cast)).text

    def test_it_is_nobodys_of_another_organisation(self, app: Flask, dirk: FlaskClient, people: dict[str, int]) -> None:
        id = self.waits(app, people["Bart"])
        assert dirk.post(f"{REPLIES}/{id}/niet-aangekomen").status_code == 404

    def test_what_was_brought_another_way_still_says_that_it_came_back(
        self, app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
    ) -> None:
        with app.app_context():
            letter = post.letters_of(people["Bart"], "placed")[0]
            letter.state, letter.channel, letter.returned = LetterState.SENT, "call", "full 5.2.2"
            db.session.commit()
        assert "Eerst kwam dit niet aan. De postbus van deze persoon is vol." in amina.get(page(cast)).text

    def test_who_tried_for_days_says_so(
        self, app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
    ) -> None:
        with app.app_context():
            letter = post.letters_of(people["Bart"], "placed")[0]
            letter.state, letter.fault, letter.tries = LetterState.FAILED, "busy 451", retries.MOST
            db.session.commit()
        assert "We probeerden het drie dagen lang. De server had het te druk" in amina.get(page(cast)).text


def test_the_quoted_rest_of_an_answer_is_folded(app: Flask, amina: FlaskClient, people: dict[str, int]) -> None:
    content = {"sender": "b@x.example", "subject": "Re", "words": "Ik kom niet", "quoted": "> Dag Bart\n> <b>"}
    incoming(app, people["Bart"], content=content)
    html = amina.get(REPLIES).text
    assert "Ik kom niet" in html
    assert "&gt; Dag Bart<br>&gt; &lt;b&gt;" in html.split("Waar dit een antwoord op is")[1]


def test_two_answers_that_contradict_each_other_are_both_said(
    app: Flask, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        db.session.query(Invitation).filter_by(signup_id=people["Bart"]).one().partstat = Partstat.ACCEPTED
        db.session.commit()
    incoming(app, people["Bart"], reason="contradiction", partstat="DECLINED")
    assert "Hier staat: Komt niet. Bij ons staat: Komt." in amina.get(REPLIES).text


def test_words_to_a_letter_with_several_dates_are_about_all_of_them_or_one(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    with app.app_context():
        several(db.session.get_one(TimeSlot, cast.sessions[0]), 7)
        post.told(app, cast)
    ids = [incoming(app, people["Bart"], "Ik kom", key=key, reason="words") for key in ("a", "b")]
    html = " ".join(amina.get(REPLIES).text.split())
    assert "op alle 2 datums?" in html and "di 19 jan, 18.00 uur" in html

    def answers() -> list[str]:
        with app.app_context():
            mine = db.session.query(Invitation).filter_by(signup_id=people["Bart"]).order_by(Invitation.id)
            return [one.partstat for one in mine]

    amina.post(f"{REPLIES}/{ids[0]}", data={"antwoord": Partstat.ACCEPTED, "datum": "all"})
    assert answers() == [Partstat.ACCEPTED] * 2
    with app.app_context():
        of_bart = db.session.query(Invitation).filter_by(signup_id=people["Bart"])
        other = of_bart.order_by(Invitation.id.desc()).first().id
        stranger = db.session.query(Invitation).filter_by(signup_id=people["Els"]).first().id
    amina.post(f"{REPLIES}/{ids[1]}", data={"antwoord": Partstat.DECLINED, "datum": str(stranger)})
    assert answers() == [Partstat.ACCEPTED] * 2, "nobody else, and it still waits"
    amina.post(f"{REPLIES}/{ids[1]}", data={"antwoord": Partstat.DECLINED, "datum": str(other)})
    assert answers() == [Partstat.ACCEPTED, Partstat.DECLINED]


def test_mail_that_others_refuse_is_told_as_what_it_is(
    app: Flask, cast: Cast, amina: FlaskClient, people: dict[str, int]
) -> None:
    stuck(app, people["Bart"], LetterState.FAILED, "refused 5.7.1")
    with app.app_context():
        outages.note(db.session, "refused", "refused 5.7.1", NOW)
        db.session.commit()
    html = " ".join(amina.get(page(cast)).text.split())
    assert "Mailservers van anderen weigeren onze e-mail sinds 13.00 uur." in html
    assert "Er is 1 bericht mislukt." in html
    assert "We proberen het steeds opnieuw" not in html
    assert "Andere mailservers weigeren onze e-mail." in amina.get("/werk/").text


def test_the_mails_of_others_are_nobodys(
    app: Flask, amina: FlaskClient, dirk: FlaskClient, beatrix: FlaskClient, people: dict[str, int]
) -> None:
    id = incoming(app, people["Bart"])
    incoming(app, people["Els"], "VAN NIEMAND", key="z", project_id=None, organisation_id=None, signup_id=None)
    assert dirk.post(f"{REPLIES}/{id}", data={"antwoord": Partstat.ACCEPTED}).status_code == 404
    assert "Bart" not in dirk.get(REPLIES).text
    for client in (amina, beatrix):
        assert "Bart" in client.get(REPLIES).text
        assert "VAN NIEMAND" not in client.get(REPLIES).text
    assert amina.post(f"{REPLIES}/{id}", data={"antwoord": "X"}).status_code == 404
