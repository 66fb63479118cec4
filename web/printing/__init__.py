"""What leaves the printer: poster, paper form, letters and the list of a facilitator; values in, bytes out."""

from web.printing.lists import group_list_csv, group_list_xlsx
from web.printing.papers import group_list, letters, paper_form, poster, qr_code, share_card
from web.printing.plain_sheet import PlainSheet, plain_csv, plain_xlsx
from web.printing.values import (
    ConsentLine,
    GroupList,
    Letters,
    ListedGroup,
    ListedPerson,
    PaperForm,
    Poster,
    PosterTime,
    PrintedLetter,
    Question,
)

__all__ = [
    "ConsentLine",
    "GroupList",
    "Letters",
    "ListedGroup",
    "ListedPerson",
    "PaperForm",
    "PlainSheet",
    "Poster",
    "PosterTime",
    "PrintedLetter",
    "Question",
    "group_list",
    "group_list_csv",
    "group_list_xlsx",
    "letters",
    "paper_form",
    "plain_csv",
    "plain_xlsx",
    "poster",
    "qr_code",
    "share_card",
]
