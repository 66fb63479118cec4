"""Import of sign-ups from a spreadsheet: read, show what it would do, and do all of it or nothing."""

from web.services.signups.importing.adding import Done, Meanwhile, add, done_before
from web.services.signups.importing.blanks import blank_csv, blank_workbook
from web.services.signups.importing.faults import ImportFault, Unusable
from web.services.signups.importing.keeping import ADDING, FOLDER, READING, ImportStore, ImportWork, forget_old
from web.services.signups.importing.mending import Mended, mended, remember, unkept
from web.services.signups.importing.previewing import Entry, Preview, keep, preview
from web.services.signups.importing.reading import read
from web.services.signups.importing.undoing import Undone, undo

__all__ = [
    "ADDING",
    "FOLDER",
    "READING",
    "Done",
    "Entry",
    "ImportFault",
    "ImportStore",
    "ImportWork",
    "Meanwhile",
    "Mended",
    "Preview",
    "Undone",
    "Unusable",
    "add",
    "blank_csv",
    "blank_workbook",
    "done_before",
    "forget_old",
    "keep",
    "mended",
    "preview",
    "read",
    "remember",
    "undo",
    "unkept",
]
