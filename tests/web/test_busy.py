"""A database that is busy: what was typed comes back with a sentence, and is kept at the second press."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests.web.cast import Cast
from web import failing
from web.rows import Series, db


def test_a_form_that_found_the_database_busy_is_shown_again(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    @app.post("/title")
    def title() -> str:
        from flask import request

        db.session.execute(text("UPDATE series SET title = :title"), {"title": request.form["title"]})
        return "kept"

    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        with app.app_context():
            db.session.execute(text("PRAGMA busy_timeout=1"))
        other = sqlite3.connect(Path(app.instance_path) / "rebubbelen.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = amina.post("/title", data={"title": "Samen <eten>"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "nog een keer" in answer.text and "Samen &lt;eten&gt;" in answer.text
        bare = amina.post("/title", data={"title": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert bare.status_code == 503 and 'value="x"' not in bare.text
        other.execute("ROLLBACK")
        other.close()
    assert amina.post("/title", data={"title": "Samen <eten>"}).text == "kept"
    with app.app_context():
        assert db.session.get_one(Series, cast.series).title == "Samen <eten>"


class Lock(Exception):
    def __init__(self, state: str) -> None:
        super().__init__()
        self.sqlstate = state


@pytest.mark.parametrize("state", ["55P03", "40001", "40P01", "53300", "57014"])
def test_what_postgresql_says_when_it_is_busy(state: str) -> None:
    assert failing.busy(OperationalError("", {}, Lock(state)))


def test_what_is_wrong_is_not_called_busy() -> None:
    assert failing.busy(PoolTimeout())
    assert not failing.busy(IntegrityError("", {}, Lock("23505")))
    assert not failing.busy(OperationalError("", {}, sqlite3.OperationalError("no such table: series")))
