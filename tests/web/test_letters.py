"""Letters: right for the person, about nobody else, sent once, and never lost."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import config
from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web import letters, worker
from web.channels import Outbox, Parcel
from web.letters import LETTERS, Facts
from web.rows import DueLetter, Plan, PlanGroup, Seat, Series, Signup, db
from web.services import sending

FACTS = Facts(
    title="Samen koken",
    sender="Re-bubbelen",
    contact="Fatma 030 123 45 67",
    meetings=("dinsdag 12 januari, 18.00 – 20.30 uur, De Brink",),
    code="ABC234",
    pin="123456",
    lost="https://buurt.example/link-kwijt",
)


def due(app: Flask, cast: Cast, signup: Signup | None, kind: str, **more: object) -> DueLetter:
    """A letter that waits. Needs an application context."""
    told: dict[str, object] = {"channel": signup.reach if signup else "email", "key": f"{kind}:{signup}", "due_at": NOW}
    letter = DueLetter(
        organisation_id=cast.organisation,
        project_id=cast.project,
        series_id=cast.series,
        signup_id=signup.id if signup else None,
        kind=kind,
        **{**told, **more},
    )
    db.session.add(letter)
    db.session.commit()
    return letter


def seated(cast: Cast, people: list[Signup]) -> None:
    """A published plan with everybody at the first table. Needs an application context."""
    owner = {"organisation_id": cast.organisation, "project_id": cast.project}
    plan = Plan(series_id=cast.series, published_at=NOW, seed=1, input_hash="", config_hash="", **owner)
    group = PlanGroup(session_id=cast.sessions[0], number=1, language="nl", facilitator_id=cast.chantal)
    group.seats = [Seat(signup_id=person.id) for person in people]
    plan.groups.append(group)
    db.session.add(plan)
    db.session.commit()


def outbox(app: Flask) -> dict[str, str]:
    """What lies in the outbox: file -> content."""
    folder = Path(app.instance_path) / "outbox"
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.glob("*/*")}


def mail(app: Flask, name: str) -> EmailMessage:
    """One e-mail of the outbox."""
    path = Path(app.instance_path) / "outbox" / "email" / name
    found = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_letter_in_every_language_is_whole(app: Flask, kind: str, language: str) -> None:
    with app.app_context(), force_locale(language):
        letter = LETTERS[kind]("Bart", FACTS, "https://buurt.example/mijn/x/")
    assert letter.text.startswith("Dag Bart," if language == "nl" else "Hello Bart,")
    assert "%(" not in letter.subject + letter.text
    assert "Samen koken" in letter.subject
    assert "Fatma 030 123 45 67" in letter.text


@pytest.mark.parametrize("kind", LETTERS)
def test_english_letters_have_no_dutch_left(app: Flask, kind: str) -> None:
    with app.app_context():
        with force_locale("nl"):
            dutch = LETTERS[kind]("Bart", FACTS, "")
        with force_locale("en"):
            english = LETTERS[kind]("Bart", FACTS, "")
    same = set(dutch.text.splitlines()) & set(english.text.splitlines())
    assert same <= {"", *(f"- {meeting}" for meeting in FACTS.meetings)}
    assert dutch.subject != english.subject


@pytest.mark.parametrize("kind", LETTERS)
def test_words_that_label_people_are_in_no_letter(app: Flask, kind: str) -> None:
    with app.app_context(), force_locale("nl"):
        letter = LETTERS[kind]("Bart", FACTS, "")
    assert not config.unwelcome(letter.subject + letter.text)


def test_a_letter_without_a_link_says_where_to_ask_for_one(app: Flask) -> None:
    with app.app_context(), force_locale("nl"):
        assert "https://buurt.example/link-kwijt" in letters.placed("Bart", FACTS, "").text
        assert "link-kwijt" not in letters.placed("Bart", FACTS, "https://buurt.example/mijn/x/").text


def test_the_confirmation_goes_out_with_the_link_and_its_secret_is_forgotten(app: Flask, cast: Cast) -> None:
    app.config["BASE_URL"] = "https://buurt.example/welzijn"
    with app.app_context():
        signed = casting.sign_up(app, cast)
        assert worker.send_due(app) == 1
        letter = db.session.query(DueLetter).one()
        assert (letter.sent_at, letter.content, letter.fault) == (NOW, None, "")
        name = f"signup-{signed.signup.id}.confirmation-{signed.signup.id}.eml"
        secret, code = signed.secret, signed.signup.code
    sent = mail(app, name)
    assert sent["To"] == "Bart <bart@voorbeeld.example>"
    assert sent["Auto-Submitted"] == "auto-generated"
    text = sent.get_content()
    assert f"https://buurt.example/welzijn/mijn/{secret}/" in text
    assert code in text
    assert "Buurthuis De Brink" in text


def test_a_link_in_the_letter_leads_to_the_own_page(app: Flask, cast: Cast) -> None:
    with app.app_context():
        signed = casting.sign_up(app, cast)
        address = worker.links_of(app).resident(signed.secret)
    assert app.test_client().get(address.removeprefix("http://localhost")).status_code == 200


def test_nobody_else_is_in_a_letter(app: Flask, cast: Cast) -> None:
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup for name in ("Bart", "Fatima", "Gijs")]
        seated(cast, people)
        due(app, cast, people[0], "placed")
        worker.send_due(app)
    written = outbox(app)
    (placed,) = [text for name, text in written.items() if "placed" in name]
    assert "groep 1" in placed
    assert not [name for name in ("Fatima", "fatima", "Gijs", "gijs", "Chantal") if name in placed]


def test_the_letter_is_in_the_language_of_the_person(app: Flask, cast: Cast) -> None:
    with app.app_context():
        casting.sign_up(app, cast, language="en")
        casting.sign_up(app, cast, "Ti", language="ti", email="ti@voorbeeld.example")
        worker.send_due(app)
    english, other = (text for _, text in sorted(outbox(app).items()))
    assert "Hello Bart," in english
    assert "Dag Ti," in other


@pytest.mark.parametrize(
    ("reach", "more", "shown"),
    [
        ("text", {"phone": "+31600000001"}, "+31600000001"),
        ("call", {"phone": "+31600000001"}, "+31600000001"),
        ("letter", {}, "Bart"),
        ("via", {"via": "Fatma"}, "Fatma"),
    ],
)
def test_who_has_no_mail_is_on_a_list_for_the_organiser(
    app: Flask, cast: Cast, reach: str, more: dict[str, object], shown: str
) -> None:
    with app.app_context():
        casting.sign_up(app, cast, reach=reach, email=None, **more)
        worker.send_due(app)
    ((name, text),) = outbox(app).items()
    assert name.startswith(f"{reach}/") and name.endswith(".txt")
    assert text.startswith("Bart\n")
    assert shown in text


def test_sending_twice_sends_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        assert [worker.send_due(app), worker.send_due(app)] == [1, 0]
        # A worker that was killed between the file and the database does it again: the same file.
        db.session.query(DueLetter).one().sent_at = None
        db.session.commit()
        before = set(outbox(app))
        worker.send_due(app)
    assert set(outbox(app)) == before


def test_what_is_not_due_yet_waits(app: Flask, cast: Cast, clock: casting.Clock) -> None:
    with app.app_context():
        signup = casting.sign_up(app, cast).signup
        worker.send_due(app)
        due(app, cast, signup, "waiting", due_at=NOW + casting.timedelta(hours=1))
        assert worker.send_due(app) == 0
        clock.forward(hours=2)
        assert worker.send_due(app) == 1


def test_a_later_letter_waits_for_an_earlier_one_that_failed(app: Flask, cast: Cast) -> None:
    said: list[str] = []

    def mailer(parcel: Parcel) -> None:
        if parcel.owner.endswith(broken) and parcel.key.startswith("confirmation"):
            raise OSError("no connection")
        said.append(parcel.key)

    with app.app_context():
        bart, els = (casting.sign_up(app, cast, name).signup for name in ("Bart", "Els"))
        broken = f"-{bart.id}"
        due(app, cast, bart, "waiting", key="waiting:bart")
        links, settings = worker.links_of(app), app.extensions["settings"]
        channels = {"email": mailer}
        assert sending.send_due(db.session, channels, NOW, settings=settings, links=links) == 1
        assert said == [f"confirmation:{els.id}"]
        stuck = db.session.query(DueLetter).filter_by(signup_id=bart.id).order_by(DueLetter.id).first()
        assert stuck is not None and (stuck.tries, stuck.fault, stuck.sent_at) == (1, "OSError", None)
        broken = "nobody"
        sending.send_due(db.session, channels, NOW, settings=settings, links=links)
        assert said[1:] == [f"confirmation:{bart.id}", "waiting:bart"]
        assert stuck.fault == ""


def test_an_unknown_kind_is_a_fault_and_stays(app: Flask, cast: Cast) -> None:
    with app.app_context():
        signup = casting.sign_up(app, cast).signup
        odd = due(app, cast, signup, "birthday")
        due(app, cast, signup, "waiting")
        assert worker.send_due(app) == 2
        assert odd.sent_at is None
        assert odd.fault.startswith("unknown kind 'birthday'; known: confirmation, ")


def test_a_letter_that_nobody_can_get_is_a_fault(app: Flask, cast: Cast) -> None:
    with app.app_context():
        signup = casting.sign_up(app, cast).signup
        worker.send_due(app)
        wrong = [due(app, cast, signup, "waiting", channel=channel, key=channel) for channel in ("pigeon", "call")]
        wrong.append(due(app, cast, None, "waiting", key="nobody"))
        assert worker.send_due(app) == 0
        assert [letter.fault.split("'")[0] for letter in wrong] == [
            "unknown channel ",
            "",
            "this letter is for nobody",
        ]


def test_who_left_or_lost_the_place_is_not_told_of_it(app: Flask, cast: Cast) -> None:
    with app.app_context():
        bart, els = (casting.sign_up(app, cast, name).signup for name in ("Bart", "Els"))
        worker.send_due(app)
        seated(cast, [bart])
        due(app, cast, els, "placed")
        due(app, cast, bart, "placed")
        bart.state = "left"
        before = set(outbox(app))
        worker.send_due(app)
        assert set(outbox(app)) == before
        assert {letter.fault for letter in db.session.query(DueLetter).filter_by(kind="placed")} == {"overtaken"}
        assert not db.session.query(DueLetter).filter_by(sent_at=None).count()


def test_a_facilitator_gets_link_and_pin_and_no_names(app: Flask, cast: Cast) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        content = {"secret": "geheim", "pin": "604213", "session_id": cast.sessions[0]}
        due(app, cast, None, "list_ready", facilitator_id=cast.chantal, content=content)
        worker.send_due(app)
    (text,) = [mail(app, Path(name).name).get_content() for name in outbox(app) if "facilitator" in name]
    assert "/tafel/geheim/" in text
    assert "604213" in text
    assert "dinsdag 12 januari" in text
    assert "Bart" not in text


def test_headers_cannot_be_injected(app: Flask, tmp_path: Path, settings: config.Settings) -> None:
    box = Outbox(tmp_path, settings.sender)
    box.send(Parcel("k", "signup-1", "email", "Bart\nBcc: x@y.z", "b@v.example", "Hoi\r\nBcc: x@y.z", "tekst", NOW))
    with pytest.raises(ValueError):
        box.send(Parcel("l", "signup-1", "email", "Bart", "b@v.example\nBcc: x@y.z", "Hoi", "tekst", NOW))
    (path,) = tmp_path.glob("email/*")
    assert email.message_from_bytes(path.read_bytes())["Bcc"] is None


def test_only_this_account_reads_the_outbox(app: Flask, cast: Cast) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        worker.send_due(app)
    folder = Path(app.instance_path) / "outbox"
    assert {oct(path.stat().st_mode & 0o777) for path in folder.glob("*/*")} == {"0o600"}
    assert oct((folder / "email").stat().st_mode & 0o777) == "0o700"


def test_a_series_can_be_online(app: Flask, cast: Cast) -> None:
    with app.app_context():
        signup = casting.sign_up(app, cast).signup
        evening = db.session.get_one(Series, cast.series).sessions[0]
        evening.mode, evening.link = "online", "https://praat.example/kamer"
        seated(cast, [signup])
        due(app, cast, signup, "placed")
        worker.send_due(app)
    (text,) = [mail(app, Path(name).name).get_content() for name in outbox(app) if "placed" in name]
    assert "online, https://praat.example/kamer" in text
