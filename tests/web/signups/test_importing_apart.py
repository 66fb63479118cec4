"""An import that takes long: its page says how far it is, nobody waits for it, and it is all there or not at all."""

from __future__ import annotations

import io
import time
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.web import sheets
from tests.web.cast import Cast
from tests.web.import_table import Table
from tests.web.signups.test_importing_page import confirm, count, token_in
from web.organiser import routes_import
from web.rows import DueLetter, Signup, db
from web.services import signups
from web.services.signups import importing, many
from web.uploads.reading import rows_within

pytestmark = pytest.mark.slow


def neighbours(count: int) -> list[list[str]]:
    return [[f"Buur {n}", "email", f"b{n}@voorbeeld.example", "", "", ""] for n in range(count)]


def after(client: FlaskClient, page: str, text: str):
    """The page once it says so; it renews itself until then."""
    for _ in range(400):
        answer = client.get(page, follow_redirects=True)
        if text in answer.text:
            return answer
        assert 'http-equiv="refresh"' in answer.text, answer.text
        time.sleep(0.05)
    raise AssertionError("it never happened")


def test_who_waits_sees_how_far_it_is(
    app: Flask, amina: FlaskClient, beatrix: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["IMPORT_PATIENCE"] = 0.01
    gate, written = Event(), Event()

    def slowly(data, limits, folder):
        gate.wait(30)
        return rows_within(data, limits)

    write = many.write

    def writing(*args, **more):
        written.wait(30)
        write(*args, **more)

    monkeypatch.setattr(routes_import, "read_apart", slowly)
    monkeypatch.setattr(many, "write", writing)
    data = sheets.table(*neighbours(3)).encode()
    answer = amina.post(f"/werk/{cast.series}/importeren", data={"file": (io.BytesIO(data), "lijst.csv")})
    page = answer.location
    assert answer.status_code == 303
    assert "We lezen het bestand" in amina.get(page).text
    assert beatrix.get(page).status_code == 410, "of who sent it, and nobody else"
    gate.set()
    token = token_in(after(amina, page, "Dit gebeurt er").text)
    form = {"token": token}
    assert amina.post(f"/werk/{cast.series}/importeren/toevoegen", data=form).status_code == 303
    page = page.rpartition("/")[0] + "/" + token
    assert "We voegen iedereen toe" in amina.get(page).text
    assert amina.post(f"/werk/{cast.series}/importeren/toevoegen", data=form).location == page, "a second press"
    assert count(app) == 0
    written.set()
    assert "3 mensen zijn toegevoegd" in after(amina, page, "zijn toegevoegd").text
    assert count(app) == 3
    again = confirm(amina, cast, token)
    assert "niets dubbel" in (again.text if "niets dubbel" in again.text else after(amina, page, "niets dubbel").text)


def test_a_process_that_died_left_nothing_and_says_so(app: Flask, amina: FlaskClient, cast: Cast, clock) -> None:
    with app.app_context():
        desk = importing.ImportStore(Path(app.instance_path), app.extensions["vault"], cast.series, cast.amina)
        desk.note("A" * 32, importing.ImportWork(importing.ADDING, 1, 3), clock())
    page = f"/werk/{cast.series}/importeren/bezig/{'A' * 32}"
    assert "1 van 3 rijen" in amina.get(page).text
    clock.forward(minutes=3)
    answer = amina.get(page)
    assert answer.status_code == 503 and "niemand toegevoegd" in answer.text


def test_others_wait_no_longer_for_many_than_for_few(app: Flask, cast: Cast, settings) -> None:
    """What is done under the lock does not grow with every person: no statement for each, and nothing is sealed."""
    seen: list[str] = []
    with app.test_request_context():
        table = Table(app, cast, settings)
        seal, sealed = table.vault.seal, []

        def run(people: int) -> int:
            token = table.keep(*[[f"{people} {row[0]}", *row[1:]] for row in neighbours(people)])
            seen.clear(), sealed.clear()
            table.add(token)
            begun = next(at for at, said in enumerate(seen) if said.startswith("UPDATE series"))
            assert not [kind for kind in sealed if kind > begun], "sealed while others wait"
            return len(seen) - begun

        def remember(value):
            sealed.append(len(seen))
            return seal(value)

        table.vault.seal = remember
        try:
            event.listen(db.engine, "before_cursor_execute", lambda *it: seen.append(it[2]))
            # The first line of a log begins its chain.
            run(1)
            few, more = run(3), run(40)
        finally:
            del table.vault.seal
        assert few == more
        assert db.session.query(DueLetter).count() == 44


def test_who_comes_in_with_many_is_as_who_comes_alone(app: Flask, cast: Cast, settings) -> None:
    """Two ways to store a sign-up must not grow apart: column by column they are the same."""
    with app.test_request_context():
        table = Table(app, cast, settings)
        header = ["naam", "e-mail", "toestemming kringen", "age"]
        table.add(table.keep(["Els", "els@voorbeeld.example", "ja", "26-40"], header=header))
        els = db.session.query(Signup).one()
        told = signups.told_by(els)
        one = signups.create(
            db.session,
            table.series,
            told,
            number=9,
            channel="import",
            now=table.clock(),
            once="alone",
            vault=table.vault,
        ).signup
        own = {"id", "number", "once", "code", "secret_hash"}
        for column in Signup.__table__.columns:
            if column.key not in own:
                assert getattr(els, column.key) == getattr(one, column.key), column.key
        consents = [[(c.kind, c.given, c.channel) for c in signup.consents] for signup in (els, one)]
        assert consents[0] == consents[1]
        letters = {letter.signup_id: letter for letter in db.session.query(DueLetter)}
        mine, other = letters[els.id], letters[one.id]
        for column in DueLetter.__table__.columns:
            if column.key not in {"id", "key", "signup_id", "content"}:
                assert getattr(mine, column.key) == getattr(other, column.key), column.key
        assert mine.content.keys() == other.content.keys()
