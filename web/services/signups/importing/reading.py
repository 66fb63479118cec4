"""What a process of its own read in a file, as the header and the people below it; or why it cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from config.settings import Limits
from web.services.signups.importing import faults
from web.services.signups.importing.headers import TITLES
from web.services.signups.importing.lines import ImportLine, ImportSheet
from web.uploads import ReadLimits, Unread, UploadedRows

READING = ReadLimits(people=0)
"""What one file may cost, whatever it says of itself; how many people stands in the settings."""


Reader = Callable[[bytes, ReadLimits], UploadedRows]
"""`web.uploads.read_apart` with the folder of the application, or for a file of our own `rows_within`."""


def read(data: bytes, limits: Limits, reader: Reader) -> ImportSheet:
    """The table in a file. Raises a subclass of Unusable."""
    if len(data) > limits.upload_bytes:
        raise faults.TooLarge
    if not data.strip():
        raise faults.Empty
    try:
        rows = reader(data, replace(READING, people=limits.import_people + TITLES))
    except Unread as wrong:
        raise _unusable(wrong, limits) from None
    if not rows:
        raise faults.Empty
    header, *people = (ImportLine(row.number, row.cells, row.faults) for row in rows)
    if not people:
        raise faults.HeaderOnly
    return ImportSheet(header, tuple(people), rows.leaf)


def _unusable(wrong: Unread, limits: Limits) -> faults.Unusable:
    match wrong.kind:
        case "TooMany":
            return faults.TooMany(most=limits.import_people)
        case "TooWide":
            return faults.TooWide(most=READING.columns)
        case "Broken":
            return faults.Broken(row=wrong.row)
    return {
        "Empty": faults.Empty,
        "OldOrLocked": faults.OldOrLocked,
        "Macros": faults.Macros,
        "TooLarge": faults.TooLarge,
        "TooSlow": faults.TooSlow,
        "Busy": faults.Busy,
    }.get(wrong.kind, faults.NoTable)()
