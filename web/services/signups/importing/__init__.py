"""Import of sign-ups from a spreadsheet: read, show what it would do, and do all of it or nothing."""

from web.services.signups.importing.adding import Done, Meanwhile, add
from web.services.signups.importing.blanks import blank_csv, blank_workbook
from web.services.signups.importing.faults import ImportFault, Unusable
from web.services.signups.importing.keeping import FOLDER, ImportStore, forget_old
from web.services.signups.importing.previewing import Entry, Preview, keep, preview
from web.services.signups.importing.reading import read

__all__ = [
    "FOLDER",
    "Done",
    "Entry",
    "ImportFault",
    "ImportStore",
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
