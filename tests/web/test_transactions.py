"""Transactions end at the edge: a request, a job or a command keeps what services did, or takes all of it back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.web.cast import Cast, sign_up
from web.app import Site
from web.errors import Overtaken
from web.rows import Organisation, Series, db
from web.services.locks import lock_series
from web.transaction import transaction
from web.worker import JOBS

WEB = Path(__file__).parents[2] / "web"
IN_THE_MIDDLE = {
    # A letter, a mail, a series or an evening at a time: what was done stays done when the next one fails.
    "services/outbox/delivery.py": {"send_due", "_try", "_send", "_claim", "settle"},
    "services/messages/receive.py": {"receive", "_one"},
    "services/groups/offers/making.py": {"run", "_expire", "_settle", "_withdraw", "_ask"},
    "services/privacy/met_before.py": {"run"},
    "services/privacy/rehashing.py": {"run"},
    "services/privacy/retention.py": {"run"},
    "services/statistics/night.py": {"run"},
    # A column at a time, beside a site that runs; and what a start does before anybody comes.
    "services/continuity/resealing.py": {"_reseal_column"},
    "services/continuity/keys.py": {"check", "retire", "_closed"},
    "services/continuity/restoring.py": {"settle"},
    "services/privacy/erasures.py": {"again", "forget_old"},
    # A search takes long, and others see how far it is.
    "services/groups/proposals.py": {"propose", "_question", "_take", "_end", "_solved", "watch"},
    # Of very many changes, a hundred at a time: others come in between. People come in all at once.
    "services/signups/importing/adding.py": {"_batch"},
    # A server may take long, and no transaction waits for it.
    "services/messages/mail_check.py": {"try_mail", "try_inbox"},
    # A wrong PIN counts, though who typed it is refused.
    "services/facilitators/access/enter.py": {"enter", "_wrong"},
    # Tried out, and taken back.
    "services/schedule/rescheduling/__init__.py": {"_preview"},
}
"""The only functions of services that end a transaction; each says so."""


def ending(tree: ast.AST) -> Iterator[str]:
    """The functions that end a transaction."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith((".commit", ".rollback")):
                    yield function.name


def test_only_services_that_work_one_by_one_end_a_transaction() -> None:
    files = {path: set(ending(ast.parse(path.read_text("utf-8")))) for path in (WEB / "services").rglob("*.py")}
    assert {str(path.relative_to(WEB)): found for path, found in files.items() if found} == IN_THE_MIDDLE


@pytest.fixture
def touched(app: Flask, cast: Cast) -> Flask:
    """Pages that change the title of a series, and then go on in different ways."""

    def change(title: str) -> Series:
        series = db.session.get_one(Series, cast.series)
        lock_series(db.session, series.id)
        series.title = title
        db.session.flush()
        return series

    @app.get("/answers")
    def answers() -> str:
        return change("answered").title

    @app.get("/refuses")
    def refuses() -> str:
        change("refused")
        raise Overtaken

    @app.get("/breaks")
    def breaks() -> str:
        change("broken")
        raise ZeroDivisionError

    @app.get("/cannot")
    def cannot() -> Response:
        """What the database refuses is seen when it is kept, before anybody heard that it was."""
        change("impossible")
        slug = db.session.scalars(select(Organisation.slug)).first()
        db.session.add(Organisation(name="Nog een", slug=slug))
        return Response("kept")

    @app.get("/shows")
    def shows() -> str:
        """A page that goes on after a refusal shows things as they are."""
        try:
            with transaction(db.session):
                change("refused")
                raise Overtaken
        except Overtaken:
            return db.session.get_one(Series, cast.series).title

    return app


def title(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return db.session.get_one(Series, cast.series).title


def test_what_a_page_did_is_kept_when_it_answers(touched: Flask, cast: Cast, client: FlaskClient) -> None:
    assert isinstance(touched, Site)
    assert client.get("/answers").text == "answered"
    assert title(touched, cast) == "answered"


@pytest.mark.parametrize(("page", "status"), [("/refuses", 409), ("/breaks", 500), ("/cannot", 500)])
def test_nothing_is_kept_of_a_page_that_raises(
    touched: Flask, cast: Cast, client: FlaskClient, page: str, status: int
) -> None:
    touched.testing = False
    before = title(touched, cast)
    assert client.get(page).status_code == status
    assert title(touched, cast) == before


def test_a_page_may_go_on_after_a_refusal(touched: Flask, cast: Cast, client: FlaskClient) -> None:
    before = title(touched, cast)
    assert client.get("/shows").text == before
    assert title(touched, cast) == before


def test_what_is_raised_goes_on_and_takes_everything_back(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with pytest.raises(IntegrityError), transaction(db.session):
            db.session.get_one(Series, cast.series).title = "anders"
            db.session.flush()
            db.session.add(Series(title="zonder eigenaar"))
        assert db.session.scalars(select(Series.title)).all() == ["Samen koken in de buurt"]


@pytest.mark.parametrize("name", sorted(JOBS))
def test_a_job_leaves_no_transaction_behind(app: Flask, cast: Cast, name: str) -> None:
    """Or its work would be gone: the context of a job ends with a rollback."""
    with app.app_context():
        sign_up(app, cast, "Bart")
        db.session.remove()
        JOBS[name][1](app)
        assert not db.session.new and not db.session.dirty
        if db.engine.dialect.name == "sqlite":
            assert not db.session.connection().connection.driver_connection.in_transaction
