"""The rows by themselves, without the site around them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, has_app_context
from sqlalchemy import UniqueConstraint, create_engine, select, text
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


def test_whoever_goes_is_found_in_every_table_by_an_index() -> None:
    """Or erasing a series of thousands reads every row for every person, while nobody else can write."""
    without = []
    for table in db.metadata.tables.values():
        leading = {index.columns[0].name for index in table.indexes} | {
            next(iter(rule.columns)).name for rule in table.constraints if isinstance(rule, UniqueConstraint)
        }
        for key in table.foreign_keys:
            if (
                key.column.table.name in ("signup", "invitation", "due_letter", "offer")
                and key.parent.name not in leading
            ):
                without.append(f"{table.name}.{key.parent.name}")
    assert without == []
