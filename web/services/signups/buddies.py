"""With whom somebody wants to sit: what to say while nobody is bound by what was typed."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.identity import codes
from web.rows import Signup


def unbound(signup: Signup) -> str:
    """What a resident hears when nobody has the code that they typed, or it was only a name; empty if all is well."""
    typed = signup.buddy or ""
    if not typed or signup.buddy_id is not None:
        return ""
    if signup.code in codes.within(typed):
        return _("Je vulde je eigen code in. Je bent nu met niemand verbonden. Vul de code van die ander in.")
    if codes.looks_like_code(typed):
        return _(
            "Niemand bij deze ontmoeting heeft de code %(code)s. Je aanmelding is bewaard, maar je bent met niemand "
            "verbonden. Kijk de code na en verander je antwoord.",
            code=typed,
        )
    return _(
        "Je wilt samen met %(name)s aan tafel. Met een naam alleen kunnen we jullie niet verbinden. Vul de code van "
        "die ander in. Heb je die niet? Een buurtwerker ziet de naam die je invulde.",
        name=typed,
    )


def unbound_at_desk(signup: Signup) -> str:
    """The same for whoever types it for somebody; only for a code."""
    typed = signup.buddy or ""
    if not codes.looks_like_code(typed) or signup.buddy_id is not None:
        return ""
    return _(
        "Niemand anders bij deze ontmoeting heeft de code %(code)s. %(name)s is nog met niemand verbonden.",
        code=typed,
        name=signup.name,
    )


def known_codes(session: Session, series_id: int) -> frozenset[str]:
    """The codes of everybody in a series."""
    return frozenset(session.scalars(select(Signup.code).where(Signup.series_id == series_id)))
