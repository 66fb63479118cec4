"""Words with which people say that they do not tell: in a dimension these are no bubble, elsewhere they are nothing."""

from __future__ import annotations

import re

from matcher.tables.spelling import bare, folded

_EXACT = frozenset({"#N/A", "#N/B", "NA", "NaN", "nan", "NULL", "null", "None", "<NA>", "<NULL>"})
"""What statistics programs write for an empty cell, in these letters only: `na` is a word."""
_SIGNS = re.compile(r"[-_.?/*~ ]+")
_NOT_TOLD = frozenset(
    """n/a|not applicable|does not apply|unknown|not known|don't know|dont know|do not know|i don't know|no idea
    |no answer|not answered|no response|no reply|prefer not to say|prefer not to tell|prefer not to answer
    |prefer not to disclose|i prefer not to say|i'd rather not say|rather not say|not stated|not specified|not told
    |not given|not filled in|undisclosed|not available|no data|missing|unspecified|tbd|to be determined|not yet known
    |n.v.t.|nvt|niet van toepassing|onbekend|niet bekend|nog niet bekend|nog onbekend|n.n.b.|nnb|weet niet|weet ik niet
    |weet het niet|ik weet het niet|geen idee|geen antwoord|geen opgave|geen opgaaf|geen gegevens|niet ingevuld
    |niet opgegeven|niet gezegd|niet verteld|niet beantwoord|wil niet zeggen|wil ik niet zeggen|wil het niet zeggen
    |wil ik liever niet zeggen|zeg ik niet|zeg ik liever niet|zeg liever niet|liever niet|liever niet zeggen
    |ik zeg het liever niet|wil niet antwoorden|leeg|niets ingevuld""".replace("\n", "").split("|")
)
_NOTHING = frozenset(
    {"geen", "none", "niets", "nothing", "niks", "niemand", "nobody", "no one", "geen van deze", "none of these"}
)
"""`None` of a religion is an answer that many people share; `none` as a buddy is no buddy."""
_REFUSED = frozenset({"nee", "neen", "no"})


def _form(text: str) -> str:
    return bare(folded(text)).replace(".", "").strip(" ,;:!()[]")


_SILENT = frozenset(map(_form, _NOT_TOLD))


def is_silence(text: str) -> bool:
    """Whether this says that somebody does not tell, in Dutch or English: `N/A`, `-`, `weet niet`."""
    # `na` is a word in Dutch, `n.a.` is not.
    return (
        text in _EXACT
        or folded(text) in ("n.a.", "n.a")
        or bool(_SIGNS.fullmatch(folded(text)))
        or _form(text) in _SILENT
    )


def may_be_silence(text: str) -> bool:
    """Whether this may be an answer or none: `geen`, `none`."""
    return _form(text) in _NOTHING


def is_nothing(text: str) -> bool:
    """Whether somebody who is asked for a need, a buddy or an organisation says with this that there is none."""
    return is_silence(text) or may_be_silence(text) or _form(text) in _REFUSED
