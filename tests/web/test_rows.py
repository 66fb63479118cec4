"""The rows by themselves, without the site around them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, has_app_context
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

import config
from tests.web.cast import Cast, sign_up
from web import world
from web.crypto import Vault
from web.rows import Signup, db
from web.rows.base import use_vault


@pytest.fixture
def own_vault(app: Flask, keys: config.Secrets) -> Iterator[None]:
    """A script says itself which vault it has the keys of; after `app`, which says so too."""
    vault = Vault(keys.keys, keys.lookup)
    use_vault(lambda: vault)
    yield
    use_vault(world.vault)


@pytest.mark.usefixtures("own_vault")
def test_sealed_rows_are_read_and_written_without_an_application(app: Flask, cast: Cast) -> None:
    with app.app_context():
        id, address = sign_up(app, cast, "Bart").signup.id, db.engine.url
    assert not has_app_context()
    engine = create_engine(address)
    with Session(engine) as session:
        bart = session.scalars(select(Signup)).one()
        assert (bart.id, bart.name, bart.contact) == (id, "Bart", {"email": "bart@voorbeeld.example"})
        bart.name = "Bartholomeus"
        session.commit()
        assert "Bart" not in session.execute(text("SELECT name FROM signup")).scalar_one()
        assert session.scalars(select(Signup.name)).one() == "Bartholomeus"
    engine.dispose()
