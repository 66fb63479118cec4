"""One import by Amina, from file to confirmation, with a CSV written as rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Flask

import config
from tests.web import sheets
from tests.web.cast import Cast
from web.rows import Series, Staff, db
from web.services.signups import importing
from web.services.signups.importing.lines import ImportSheet
from web.transaction import transaction
from web.uploads.reading import rows_within


class Table:
    """One import by Amina from file to confirmation."""

    def __init__(self, app: Flask, cast: Cast, settings: config.Settings) -> None:
        self.settings = settings
        self.series, self.amina = db.session.get_one(Series, cast.series), db.session.get_one(Staff, cast.amina)
        self.vault, self.clock = app.extensions["vault"], app.extensions["clock"]
        self.folder = Path(app.instance_path)
        self.desk = importing.ImportStore(self.folder, self.vault, cast.series, cast.amina)

    def sheet(self, *rows: Sequence[str], header: Sequence[str] = sheets.HEADER) -> ImportSheet:
        return self.read(sheets.table(*rows, header=header).encode())

    def read(self, data: bytes) -> ImportSheet:
        return importing.read(data, self.settings.limits, rows_within)

    def preview(self, *rows: Sequence[str], header: Sequence[str] = sheets.HEADER) -> importing.Preview:
        return self.show(self.sheet(*rows, header=header))

    def show(self, sheet: ImportSheet) -> importing.Preview:
        return importing.preview(db.session, self.series, sheet, self.settings, self.vault, self.clock())

    def keep(self, *rows: Sequence[str], header: Sequence[str] = sheets.HEADER) -> str:
        return importing.keep(self.desk, self.preview(*rows, header=header), self.clock())

    def add(self, token: str, *ticked: int) -> importing.Done:
        with transaction(db.session):
            done = importing.add(
                db.session,
                self.series,
                token,
                ticked,
                desk=self.desk,
                by=self.amina,
                now=self.clock(),
                settings=self.settings,
            )
        self.desk.forget(token)
        return done

    def only(self, header: Sequence[str], row: Sequence[str]) -> importing.Entry:
        """The one row of a file with these columns beside a name and an address."""
        shown = self.preview(
            ["Bart", "email", "bart@voorbeeld.example", *row], header=["voornaam", "bereik", "e-mail", *header]
        )
        return shown.entries[0]
