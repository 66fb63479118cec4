"""What an import does: all of it or nothing, never twice, and never over what somebody else did."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

import config
from tests.web import cast as casting
from tests.web import sheets
from tests.web.cast import Cast
from tests.web.import_table import Table
from web import jobs
from web.identity import hashes
from web.rows import AuditLine, DueLetter, Series, Signup, db
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import signups
from web.services.signups import importing, many
from web.services.signups.importing import faults
from web.services.signups.importing.adding import Closed
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.test_request_context():
        yield


@pytest.fixture
def desk(app: Flask, cast: Cast, settings: config.Settings) -> Table:
    return Table(app, cast, settings)


def people() -> list[str]:
    return sorted(signup.name for signup in db.session.query(Signup))


def test_sixty_neighbours_are_added_each_with_a_confirmation(desk: Table) -> None:
    sheet = desk.read(sheets.sixty())
    shown = desk.show(sheet)
    assert [entry.faults for entry in shown.entries if entry.faults] == []
    assert shown.count("new") == 60
    done = desk.add(importing.keep(desk.desk, shown, desk.clock()))
    assert (done.added, done.changed, done.left_out, done.again) == (60, 0, 0, False)
    assert db.session.query(Signup).count() == db.session.query(DueLetter).count() == 60
    numbers = [signup.number for signup in db.session.query(Signup).order_by(Signup.number)]
    assert numbers == list(range(1, 61))


def test_bubbles_without_consent_are_not_kept_and_the_preview_says_so(desk: Table) -> None:
    entry = desk.only(["age"], ["26-40"])
    assert not entry.whole
    assert desk.only([], []).whole
    desk.add(desk.keep(["Bart", "b@voorbeeld.example", "26-40"], header=["voornaam", "e-mail", "age"]))
    assert db.session.query(Signup).one().bubbles == {}


def test_the_channel_of_a_sign_up_is_that_of_the_paper(desk: Table) -> None:
    desk.add(desk.keep([*sheets.BART, "papier"], ["Els", *sheets.BART[1:], ""], header=[*sheets.HEADER, "kanaal"]))
    assert [s.channel for s in db.session.query(Signup).order_by(Signup.number)] == ["paper", "import"]


def test_the_same_file_again_adds_nobody(desk: Table) -> None:
    sheet = desk.read(sheets.sixty())
    desk.add(importing.keep(desk.desk, desk.show(sheet), desk.clock()))
    shown = desk.show(sheet)
    assert (shown.count("new"), shown.count("like")) == (0, 60)
    assert desk.add(importing.keep(desk.desk, shown, desk.clock())).added == 0


def test_the_same_name_through_somebody_else_is_another_person(desk: Table) -> None:
    header = ["voornaam", "via"]
    desk.add(desk.keep(["Maria", "balie De Brink"], header=header))
    shown = desk.preview(["maria", "Balie de Brink"], ["Maria", "Fatma"], header=header)
    assert [entry.kind for entry in shown.entries] == ["like", "new"]


def test_a_code_changes_a_sign_up_and_an_empty_cell_leaves_what_was_told(app: Flask, cast: Cast, desk: Table) -> None:
    there = casting.sign_up(app, cast, note="komt later").signup
    header = ["code", "voornaam", "tijden", "opmerking", "toestemming kringen"]
    row = [there.code.lower(), "", "3", "", ""]
    (entry,) = desk.preview(row, header=header).entries
    assert (entry.kind, [d.column for d in entry.differences]) == ("change", ["tijden"])
    done = desk.add(desk.keep(row, header=header))
    assert (done.added, done.changed) == (0, 1)
    assert [a.session_id for a in there.availability] == [cast.sessions[2]]
    assert (there.name, there.note, there.bubbles["age"]) == ("Bart", "komt later", ["26-40"])


def test_a_change_to_no_takes_the_bubbles_away_and_shows_none(app: Flask, cast: Cast, desk: Table) -> None:
    there = casting.sign_up(app, cast).signup
    header, row = ["code", "toestemming kringen"], [there.code, "nee"]
    (entry,) = desk.preview(row, header=header).entries
    assert "26" not in repr(entry.differences)
    desk.add(desk.keep(row, header=header))
    assert there.bubbles == {}
    given = [(c.given, c.channel) for c in there.consents if c.kind == "bubbles"]
    assert (there.channel, given) == ("web", [(True, "web"), (False, "import")])


def test_a_preview_says_the_same_whether_a_guess_is_right_or_wrong(app: Flask, cast: Cast, desk: Table) -> None:
    """Whoever may not see bubbles sends a file with a guess for each; the columns that they may see are compared."""
    told = casting.sign_up(app, cast).signup
    silent = casting.sign_up(app, cast, "Els", bubbles={}, consents=frozenset()).signup
    header = ["code", "hoe oud ben je?", "interesses", "toestemming kringen", "toestemming volgende keer"]
    for there in (told, silent):
        seen = set()
        for age in ("15 tot en met 25 jaar", "26 tot en met 40 jaar"):
            for consent in ("", "ja"):
                (entry,) = desk.preview([there.code, age, "", consent, consent], header=header).entries
                seen.add((consent, entry.kind, entry.whole, entry.differences))
        assert len(seen) == 2, "one for each file"
        assert {kind for _consent, kind, _whole, _differences in seen} == {"change"}
        assert {whole for _consent, _kind, whole, _differences in seen} == {True}


def test_a_row_that_changes_nothing_is_left_alone(app: Flask, cast: Cast, desk: Table) -> None:
    there = casting.sign_up(app, cast).signup
    shown = desk.preview([there.code, "Bart"], header=["code", "voornaam"])
    assert [entry.kind for entry in shown.entries] == ["same"]
    assert not shown.useful


def test_a_code_twice_or_of_who_left_is_refused(app: Flask, cast: Cast, desk: Table) -> None:
    there, gone = casting.sign_up(app, cast).signup, casting.sign_up(app, cast, "Els").signup
    with transaction(db.session):
        signups.leave(db.session, gone, now=casting.NOW)
    shown = desk.preview([there.code, "Bert"], [there.code, "Bort"], [gone.code, "Els"], header=["code", "voornaam"])
    assert [entry.kind for entry in shown.entries] == ["change", "refused", "refused"]


def test_nothing_of_another_series_is_seen(app: Flask, cast: Cast, desk: Table) -> None:
    other, sessions = casting.series_of(desk.series.project, db.session.query(casting.Venue).first(), slug="een-andere")
    told = casting.answers(cast, sessions=frozenset(s.id for s in sessions))
    with transaction(db.session):
        theirs = signups.sign_up(
            db.session, other, told, channel="web", now=casting.NOW, once="other", vault=desk.vault
        ).signup
    shown = desk.preview(sheets.BART, header=sheets.HEADER)
    assert [entry.kind for entry in shown.entries] == ["new"]
    assert desk.preview([theirs.code, "Bart"], header=["code", "voornaam"]).entries[0].kind == "refused"


def test_two_confirmations_add_once_and_say_the_same(desk: Table) -> None:
    token = desk.keep(sheets.BART)
    first, second = desk.add(token), desk.add(token)
    assert (second.added, second.again) == (first.added, True)
    assert people() == ["Bart"]


def test_a_fault_in_the_last_step_leaves_nothing(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    token = desk.keep(*[[f"Buur {n}", "email", f"b{n}@voorbeeld.example"] for n in range(5)])

    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("the database is full")

    monkeypatch.setattr(many.prepared, "letter", failing)
    with pytest.raises(RuntimeError):
        desk.add(token)
    assert people() == []
    assert db.session.query(DueLetter).count() == db.session.query(AuditLine).count() == 0
    assert db.session.get_one(Series, desk.series.id).counted == 0
    monkeypatch.undo()
    assert desk.add(token).added == 5


def test_what_changed_meanwhile_is_told_and_nothing_is_added(app: Flask, cast: Cast, desk: Table) -> None:
    token = desk.keep(["Els", "email", "els@voorbeeld.example"], sheets.BART)
    casting.sign_up(app, cast)
    with pytest.raises(importing.Meanwhile) as told:
        desk.add(token)
    assert told.value.rows == (3,)
    assert people() == ["Bart"]
    assert desk.add(desk.keep(["Els", "email", "els@voorbeeld.example"], sheets.BART)).added == 1


def test_a_person_changed_by_somebody_else_is_not_overwritten(app: Flask, cast: Cast, desk: Table) -> None:
    there = casting.sign_up(app, cast).signup
    token = desk.keep([there.code, "Bert"], header=["code", "voornaam"])
    desk.clock.forward(minutes=1)
    told = casting.answers(cast, "Bartje")
    with transaction(db.session):
        signups.change(db.session, there, told, now=desk.clock(), channel="web", vault=desk.vault)
    with pytest.raises(importing.Meanwhile):
        desk.add(token)
    assert people() == ["Bartje"]


def test_nobody_is_added_to_what_is_closed_but_changes_may(app: Flask, cast: Cast, desk: Table) -> None:
    there = casting.sign_up(app, cast).signup
    token = desk.keep(["Els", "els@voorbeeld.example"], header=["voornaam", "e-mail"])
    change = desk.keep([there.code, "Bert"], header=["code", "voornaam"])
    desk.series.state = SeriesState.CLOSED
    db.session.commit()
    with pytest.raises(Closed):
        desk.add(token)
    assert desk.add(change).changed == 1
    assert people() == ["Bert"]


def test_who_comes_after_the_last_place_waits(desk: Table) -> None:
    desk.series.capacity = 1
    db.session.commit()
    desk.add(desk.keep(sheets.BART, ["Els", *sheets.BART[1:]]))
    assert [s.state == SignupState.WAITING for s in db.session.query(Signup).order_by(Signup.number)] == [False, True]


def test_rows_lie_sealed_without_what_nobody_asked_and_not_for_long(desk: Table) -> None:
    token = desk.keep([*sheets.BART, "Dorpsstraat 1"], header=[*sheets.HEADER, "adres"])
    (file,) = (desk.folder / "imports").iterdir()
    assert token not in file.name and "Bart" not in file.read_text()
    assert "Dorpsstraat" not in repr(desk.vault.open(file.read_text()))
    assert file.stat().st_mode & 0o077 == 0
    desk.clock.forward(hours=20)
    assert importing.forget_old(desk.folder, desk.clock()) == 0, "somebody may be looking at it"
    desk.clock.forward(hours=5)
    assert importing.forget_old(desk.folder, desk.clock()) == 1
    with pytest.raises(faults.Gone):
        desk.add(token)


def test_rows_that_nobody_confirmed_are_gone_after_a_day(app: Flask, desk: Table) -> None:
    desk.keep(sheets.BART)
    (kept,) = (desk.folder / "imports").iterdir()
    jobs.tidy_up(app)
    assert kept.exists(), "somebody may be looking at it"
    desk.clock.forward(hours=25)
    jobs.tidy_up(app)
    assert not kept.exists()


def test_rows_are_gone_after_the_confirmation(desk: Table) -> None:
    desk.add(desk.keep(sheets.BART))
    (receipt,) = (desk.folder / "imports").iterdir()
    assert "Bart" not in repr(desk.vault.open(receipt.read_text())), "it says who came in, not what they told"
    desk.clock.forward(minutes=61)
    importing.forget_old(desk.folder, desk.clock())
    assert not receipt.exists(), "as long as an import can be taken back"


@pytest.mark.parametrize("owner", ["series", "staff"])
def test_rows_open_only_for_who_sent_them_and_for_that_series(desk: Table, owner: str) -> None:
    token = desk.keep(sheets.BART)
    assert replace(desk.desk, **{owner: 999}).open(token, desk.clock()) is None


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "A" * 22, "A" * 10_000])
def test_a_token_that_is_not_ours_opens_nothing(desk: Table, token: str) -> None:
    with pytest.raises(faults.Gone):
        desk.add(token)


def test_the_log_counts_and_names_nobody(desk: Table) -> None:
    desk.add(desk.keep(sheets.BART, ["", "email", ""]))
    line = db.session.query(AuditLine).one()
    assert (line.what, line.project_id) == ("import", desk.series.project_id)
    assert line.about.endswith("added=1 changed=0 left_out=1")
    assert "Bart" not in line.about


def test_the_hash_of_an_imported_number_is_that_of_the_web(desk: Table) -> None:
    desk.add(desk.keep(["Bart", "sms", "612345678"], header=["voornaam", "bereik", "telefoon"]))
    assert db.session.query(Signup).one().phone_hash == hashes.phone_hash(desk.vault, "+31612345678")


def test_who_is_there_already_is_asked_about_and_never_merged(app: Flask, cast: Cast, desk: Table) -> None:
    there = casting.sign_up(app, cast).signup
    rows = [sheets.BART, ["BART", *sheets.BART[1:]], ["Els", *sheets.BART[1:]]]
    shown = desk.preview(*rows)
    assert [entry.kind for entry in shown.entries] == ["like", "like", "new"]
    assert [entry.like for entry in shown.entries] == [(there.code,), (there.code, 2), ()]
    done = desk.add(desk.keep(*rows), 3)
    assert (done.added, done.left_out) == (2, 1)
    assert people() == ["BART", "Bart", "Els"]
