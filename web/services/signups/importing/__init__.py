"""Import of sign-ups from a spreadsheet: read, show what it would do, and do all of it or nothing."""

from web.services.importing.adding import Done, Meanwhile, add
from web.services.importing.blanks import blank_csv, blank_workbook
from web.services.importing.faults import Fault, Unusable
from web.services.importing.keeping import Desk, forget_old
from web.services.importing.previewing import Entry, Preview, keep, preview
from web.services.importing.reading import read

__all__ = [
    "Desk",
    "Done",
    "Entry",
    "Fault",
    "Meanwhile",
    "Preview",
    "Unusable",
    "add",
    "blank_csv",
    "blank_workbook",
    "forget_old",
    "keep",
    "preview",
    "read",
]
