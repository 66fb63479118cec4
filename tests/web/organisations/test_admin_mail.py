"""The administrator's page of the post: what is set up, what does not work, trying it, and mails that are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Inbox, MailServer
from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from tests.web.smtp_server import smtp_sink
from web import world
from web.admin import mail_words
from web.channels import Later, Maildir
from web.channels.faults import KINDS
from web.jobs import inbox_of, read_answers
from web.rows import AuditLine, DueLetter, Outage, Reply, Role, Staff, db
from web.services.messages import mail_check, pressing_counts, receive, tasks
from web.services.outbox import outages

pytestmark = pytest.mark.slow

PAGE = "/beheer/post"
PASSWORD = "geheim-woord-42"


@contextmanager
def configured(app: Flask, **sections: object) -> Iterator[None]:
    """The application with other settings."""
    before = app.extensions[world.SETTINGS]
    app.extensions[world.SETTINGS] = replace(before, **sections)
    app.extensions[world.SECRETS] = replace(
        app.extensions[world.SECRETS], mail_password=PASSWORD, inbox_password=PASSWORD
    )
    yield
    app.extensions[world.SETTINGS] = before


def log(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [
            (line.what, line.who)
            for line in db.session.query(AuditLine).filter(AuditLine.who != "resident").order_by(AuditLine.id)
        ]


def mails(app: Flask) -> list[str]:
    return Maildir(Path(app.instance_path) / "outbox/mail", app.extensions[world.SETTINGS].sender).messages()


def stray(app: Flask, **more: object) -> int:
    """A mail that belongs to nobody."""
    told = {"sender": "iemand@elders.example", "subject": "Vraag", "words": "Mag ik mee?\nGroet"}
    with app.app_context():
        row = Reply(key=f"k{NOW}{len(more)}", at=NOW, outcome="review", reason="unknown", content=told)
        for name, value in more.items():
            setattr(row, name, value)
        db.session.add(row)
        db.session.commit()
        return row.id


# What is set up


def test_without_a_server_it_says_so(beatrix: FlaskClient) -> None:
    page = beatrix.get(PAGE).text
    assert "Er is geen mailserver ingesteld." in page
    assert "Er zijn geen storingen" in page
    assert re.search(r"Laatst gelezen</dt>\s*<dd>nog niet", page)


def test_it_shows_the_settings_and_never_a_password(app: Flask, beatrix: FlaskClient) -> None:
    mail = MailServer(host="post.buurt.example", port=465, security="tls", user="groepen@buurt.example")
    inbox = Inbox(host="imap.buurt.example", user="antwoorden@buurt.example", folder="Buurt")
    with configured(app, mail=mail, inbox=inbox):
        page = beatrix.get(PAGE).text
    for fact in ("post.buurt.example", "465", "groepen@buurt.example", "imap.buurt.example", "993", "Buurt"):
        assert fact in page
    assert PASSWORD not in page


def test_an_outage_is_told_with_its_reason_since_when_and_what_waits(
    app: Flask, cast: Cast, beatrix: FlaskClient
) -> None:
    with app.app_context():
        casting.sign_up(app, cast, "Bart")
        db.session.add(Outage(what="email", fault="login 535 5.7.8", since=NOW, last_at=NOW, times=4))
        db.session.add(Outage(what="inbox", fault="name", since=NOW, last_at=NOW))
        db.session.commit()
    page = beatrix.get(PAGE).text
    assert "E-mail versturen lukt niet sinds 20 nov 2026, 13.00" in page
    assert "Kijk bij REBUBBELEN_MAIL_PASSWORD. (535 5.7.8)" in page
    assert "Er is 1 bericht dat wacht." in page
    assert "Antwoorden lezen lukt niet" in page and "onder [inbox]" in page
    assert "Er zijn geen storingen" not in page


def test_mail_that_others_refuse_is_ours_to_mend(app: Flask, cast: Cast, beatrix: FlaskClient) -> None:
    with app.app_context():
        db.session.add(Outage(what="refused", fault="refused 5.7.26", since=NOW, last_at=NOW, times=2))
        db.session.commit()
    page = " ".join(beatrix.get(PAGE).text.split())
    assert "E-mail bezorgen bij anderen lukt niet sinds 20 nov 2026, 13.00" in page
    assert "Kijk naar SPF, DKIM en DMARC van ons domein, en of onze server op een zwarte lijst staat. (5.7.26)" in page
    assert "Deze berichten zijn mislukt en gaan niet vanzelf opnieuw." in page
    assert "We proberen het steeds opnieuw" not in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_has_words_of_its_own(app: Flask, kind: str) -> None:
    with app.test_request_context():
        said = {mail_words.not_sent(other) for other in KINDS}
        assert len(said) == len(KINDS)
        assert mail_words.not_sent(Later(kind, "421")).endswith("(421)")
        assert mail_words.not_read(kind)
        assert mail_words.not_sent("nonsense")


# Trying it


def test_a_test_letter_without_a_server_lies_in_the_folder(app: Flask, cast: Cast, beatrix: FlaskClient) -> None:
    told = beatrix.post(f"{PAGE}/proef", follow_redirects=True).text
    assert "Het proefbericht ligt in de map voor berichten." in told
    (name,) = mails(app)
    assert name.startswith(f"staff-{cast.beatrix}.")
    assert ("test mail", f"staff:{cast.beatrix}") in log(app)


def test_a_test_letter_goes_by_the_real_server(app: Flask, beatrix: FlaskClient) -> None:
    with smtp_sink() as sink:
        with configured(app, mail=MailServer(host="127.0.0.1", port=sink.port, security="none")):
            told = beatrix.post(f"{PAGE}/proef", follow_redirects=True).text
        (mail,) = sink.mails
        sink.wait_closed(1)
    assert "Het proefbericht is verstuurd naar beatrix@zuid.example." in told
    assert mail.receivers == ("beatrix@zuid.example",)
    assert mails(app) == []


def test_a_wrong_password_is_told_and_the_password_is_not(app: Flask, beatrix: FlaskClient) -> None:
    with smtp_sink(user="groepen", password="een ander woord") as sink:
        with configured(app, mail=MailServer(host="127.0.0.1", port=sink.port, security="none", user="groepen")):
            told = beatrix.post(f"{PAGE}/proef", follow_redirects=True).text
        assert sink.mails == []
    assert "Kijk bij REBUBBELEN_MAIL_PASSWORD." in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("phase", "answer", "sentence"),
    [
        ("RCPT", "550 5.1.1 no such user", "De server zegt dat jouw e-mailadres niet bestaat."),
        ("MAIL", "550 5.7.1 not you", "De server weigert het bericht."),
        ("DATA", "451 4.7.1 later", "De server heeft het druk"),
        ("DATA", "cut", "De server geeft geen antwoord."),
    ],
)
def test_what_the_server_says_is_told_in_words(
    app: Flask, beatrix: FlaskClient, phase: str, answer: str, sentence: str
) -> None:
    with smtp_sink() as sink:
        sink.say(phase, answer)
        with configured(app, mail=MailServer(host="127.0.0.1", port=sink.port, security="none")):
            told = beatrix.post(f"{PAGE}/proef", follow_redirects=True).text
    assert "Het proefbericht is niet verstuurd." in told and sentence in told


def test_nobody_at_the_port(app: Flask, beatrix: FlaskClient) -> None:
    with smtp_sink() as sink:
        gone = sink.port
    closed = {"host": "127.0.0.1", "port": gone, "security": "none"}
    with configured(app, mail=MailServer(**closed), inbox=Inbox(**closed)):
        assert "De server geeft geen antwoord." in beatrix.post(f"{PAGE}/proef", follow_redirects=True).text
        assert "De brievenbus geeft geen antwoord." in beatrix.post(f"{PAGE}/brievenbus", follow_redirects=True).text


def test_looking_into_the_mailbox_takes_nothing_out(app: Flask, cast: Cast, beatrix: FlaskClient) -> None:
    new = Path(app.instance_path) / "inbox/new"
    new.mkdir(parents=True)
    (new / "1.eml").write_bytes(b"From: a@b.example\r\nTo: rsvp-x@voorbeeld.example\r\n\r\nHoi\r\n")
    assert "De brievenbus gaat open." in beatrix.post(f"{PAGE}/brievenbus", follow_redirects=True).text
    assert (new / "1.eml").exists()
    assert ("test inbox", f"staff:{cast.beatrix}") in log(app)


def test_the_worker_reads_it_and_the_page_says_when(app: Flask, beatrix: FlaskClient) -> None:
    new = Path(app.instance_path) / "inbox/new"
    new.mkdir(parents=True)
    (new / "1.eml").write_bytes(
        b"Return-Path: <iemand@elders.example>\r\nDelivered-To: rsvp-abcdefghijklmnopqrstuvwxyz@voorbeeld.example\r\n"
        b"From: iemand@elders.example\r\nSubject: Kan ik nog mee?\r\n\r\nMag dat?\r\n"
    )
    with app.app_context():
        assert outages.last_beat(db.session, receive.INBOX) is None
        assert read_answers(app) == 1
        assert outages.last_beat(db.session, receive.INBOX) == NOW
    page = beatrix.get(PAGE).text
    assert re.search(r"Laatst gelezen</dt>\s*<dd>20 nov 2026, 13.00", page)
    assert "Kan ik nog mee?" in page, "nobody knows whose that token is"


def test_a_mailbox_that_does_not_open_was_not_read(app: Flask) -> None:
    with smtp_sink() as sink:
        gone = sink.port
    with configured(app, inbox=Inbox(host="127.0.0.1", port=gone, security="none")), app.app_context():
        assert read_answers(app) == 0
        assert outages.last_beat(db.session, receive.INBOX) is None
        assert db.session.query(Outage).filter_by(what="inbox").one().fault == "connection"


def test_a_mailbox_is_closed_whatever_happens(app: Flask, cast: Cast) -> None:
    class Broken:
        closed = False

        def messages(self) -> Iterator[object]:
            raise Later("login", whole=True)

        def close(self) -> None:
            self.closed = True

    box = Broken()
    with app.app_context():
        by = db.session.get_one(Staff, cast.beatrix)
        fault = mail_check.try_inbox(db.session, box, by, NOW)  # type: ignore[arg-type]
        assert fault is not None and fault.kind == "login"
        assert box.closed
        assert inbox_of(app) is not None


# Mails that are nobody's


def test_a_mail_of_nobody_is_read_and_erased_by_an_administrator(app: Flask, cast: Cast, beatrix: FlaskClient) -> None:
    id = stray(app)
    page = beatrix.get(PAGE).text
    assert "Vraag" in page and "Mag ik mee?" in page and "iemand@elders.example" in page
    assert "Klaar. Dit bericht is gewist." in beatrix.post(f"{PAGE}/{id}/klaar", follow_redirects=True).text
    assert "Mag ik mee?" not in beatrix.get(PAGE).text
    with app.app_context():
        row = db.session.get_one(Reply, id)
        assert (row.content, row.handled_by) == (None, cast.beatrix)
    assert [what for what, _who in log(app)] == ["read strays", "erase stray"]
    assert beatrix.post(f"{PAGE}/{id}/klaar").status_code == 409, "somebody did that already"


def test_what_a_mail_says_is_no_markup(app: Flask, beatrix: FlaskClient) -> None:
    stray(app, content={"sender": "<b>x</b>", "subject": "<script>1</script>", "words": "<img src=x>"})
    page = beatrix.get(PAGE).text
    assert "<script>1" not in page and "<img src=x" not in page and "<b>x" not in page


def test_mails_of_a_project_are_not_read_here(app: Flask, cast: Cast, beatrix: FlaskClient) -> None:
    id = stray(app, organisation_id=cast.organisation, project_id=cast.project)
    assert "Mag ik mee?" not in beatrix.get(PAGE).text
    assert beatrix.post(f"{PAGE}/{id}/klaar").status_code == 404
    assert beatrix.post(f"{PAGE}/999999/klaar").status_code == 404
    with app.app_context():
        assert db.session.get_one(Reply, id).content


# Who may come in


@pytest.mark.parametrize("path", ["proef", "brievenbus", "1/klaar"])
def test_only_an_administrator_and_only_by_the_button(
    app: Flask, client: FlaskClient, amina: FlaskClient, beatrix: FlaskClient, path: str
) -> None:
    stray(app)
    assert client.post(f"{PAGE}/{path}").location.startswith("/inloggen")
    assert amina.post(f"{PAGE}/{path}").status_code == 403
    assert beatrix.get(f"{PAGE}/{path}").status_code == 405
    assert amina.get(PAGE).status_code == 403
    assert mails(app) == []


def test_an_administrator_elsewhere_reads_counts_and_erases_no_mail_of_nobody(
    app: Flask, cast: Cast, dirk: FlaskClient
) -> None:
    """It may be from anybody's residents; only who was here first, and whose mailbox it is, reads it."""
    id = stray(app)
    with app.app_context():
        mine = db.session.get_one(Staff, cast.dirk)
        mine.roles = [db.session.query(Role).filter_by(name="admin").one()]
        db.session.commit()
        told = {"settings": world.settings(), "now": NOW}
        assert tasks.messages(db.session, [mine.projects[0].id], admin=True, **told) == []
        assert len(tasks.messages(db.session, [cast.project], admin=True, **told)) == 1
        assert list(pressing_counts.strays(db.session, mine.organisation_id)) == []
        assert list(pressing_counts.strays(db.session, None)) == []
    page = dirk.get(PAGE).text
    assert "Mag ik mee?" not in page and "iemand@elders.example" not in page
    assert dirk.post(f"{PAGE}/{id}/klaar").status_code == 404
    assert log(app) == []
    with app.app_context():
        assert db.session.get_one(Reply, id).content


def test_a_test_letter_that_goes_out_ends_the_outage(app: Flask, beatrix: FlaskClient) -> None:
    """Nothing may be due that would show that it works again."""
    with app.app_context():
        outages.note(db.session, "email", "login 535", NOW)
        db.session.commit()
    with smtp_sink() as sink, configured(app, mail=MailServer(host="127.0.0.1", port=sink.port, security="none")):
        assert "E-mail versturen lukt niet" in beatrix.get(PAGE).text
        told = beatrix.post(f"{PAGE}/proef", follow_redirects=True).text
    assert "Het proefbericht is verstuurd" in told and "E-mail versturen lukt niet" not in told


def test_an_administrator_elsewhere_sees_only_the_own_letters_that_wait(
    app: Flask, cast: Cast, dirk: FlaskClient
) -> None:
    with app.app_context():
        db.session.get_one(Staff, cast.dirk).roles = [db.session.query(Role).filter_by(name="admin").one()]
        casting.sign_up(app, cast, "Bart")
        db.session.add(Outage(what="email", fault="connection", since=NOW, last_at=NOW))
        db.session.commit()
        assert db.session.query(DueLetter).count() == 1
    page = dirk.get(PAGE).text
    assert "E-mail versturen lukt niet" in page
    assert "bericht dat wacht" not in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_is_in_one_language(app: Flask, beatrix: FlaskClient, language: str) -> None:
    stray(app)
    page = beatrix.get(PAGE, query_string={"taal": language}).text
    main = page[page.find("<main") :]
    foreign: dict[str, tuple[str, ...]] = {"nl": ("Sending", "Folder"), "en": ("Berichten", "Antwoorden", "gelezen")}
    assert [word for word in foreign[language] if word in main] == []
