"""What leaves the printer: poster, paper form and the list of a facilitator; values in, bytes out."""

from web.printing.lists import group_list_csv, group_list_xlsx
from web.printing.papers import group_list, paper_form, poster
from web.printing.values import Consent, GroupList, ListedGroup, ListedPerson, PaperForm, Poster, Question

__all__ = [
    "Consent",
    "GroupList",
    "ListedGroup",
    "ListedPerson",
    "PaperForm",
    "Poster",
    "Question",
    "group_list",
    "group_list_csv",
    "group_list_xlsx",
    "paper_form",
    "poster",
]
