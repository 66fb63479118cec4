"""With whom somebody wants to sit: a question to the one who was named, who says yes or no on the own page.

A no is told to nobody, and neither is silence. That staff name a buddy for somebody, at the desk or in a file, is the
word of that one person as well: the other is asked all the same, or a worker types what the other said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.errors import Missing
from web.identity import codes
from web.letters.joining import asked_along
from web.rows import DueLetter, PairWish, Series, Signup
from web.rows.people import Regard, SignupState
from web.services import outbox, waiting
from web.services.locks import lock_series

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who would like to sit with this person; `agreed` once this person said yes."""

    signup: Signup
    agreed: bool


def asking(session: Session, signup: Signup) -> list[Companion]:
    """Who named this person as buddy, and was not named back: whom they may say yes or no to, or said yes to.

    Not those to whom they said no, nor whom they would rather not sit with.
    """
    mine = select(Signup).where(Signup.buddy_id == signup.id, Signup.state != SignupState.LEFT)
    said = {wish.other_id: wish.said for wish in _wishes(session, signup)}
    people = session.scalars(mine.order_by(Signup.number)).all()
    open_ = [one for one in people if one.id != signup.buddy_id and said.get(one.id) in (None, Regard.YES)]
    return [Companion(one, one.id in said) for one in open_]


def answer(session: Session, signup: Signup, code: str, yes: bool, *, now: datetime) -> None:
    """Say yes or no to who named this person; the last word counts. Raises Missing for who did not."""
    lock_series(session, signup.series_id)
    named = Signup.series_id == signup.series_id, Signup.buddy_id == signup.id, Signup.code == code
    other = session.scalars(select(Signup).where(*named)).one_or_none()
    if other is None:
        raise Missing
    say(session, signup, other, Regard.YES if yes else Regard.NO)
    # Who comes together waits together: a single place may be for somebody else now.
    waiting.settle(session, session.get_one(Series, signup.series_id), now)


def say(session: Session, signup: Signup, other: Signup, word: Regard) -> None:
    """Keep what somebody says about another. That they would rather not sit together stays until it is taken back."""
    wish = _wish(session, signup, other.id)
    if wish is None:
        session.add(PairWish(series_id=signup.series_id, signup_id=signup.id, other_id=other.id, said=word))
    elif wish.said != Regard.APART:
        wish.said = word
    session.flush()


def ask(session: Session, signup: Signup, now: datetime) -> None:
    """Let who was named hear so, once for each that names them and at most once a day; naming is a yes by itself.

    Part of the transaction in which it was typed. Who answered, or would rather not, hears nothing.
    """
    other = session.get(Signup, signup.buddy_id) if signup.buddy_id is not None else None
    if other is None:
        return
    no = _wish(session, signup, other.id)
    if no is not None and no.said == Regard.NO:
        session.delete(no)
        session.flush()
    answered = other.buddy_id == signup.id or _wish(session, other, signup.id) is not None
    if answered or other.state == SignupState.LEFT:
        return
    heard = DueLetter.signup_id == other.id, DueLetter.kind == asked_along.name
    key = f"asked along:{other.id}:{signup.id}"
    known = select(DueLetter.id).where(*heard, (DueLetter.key == key) | (DueLetter.due_at > now - DAY))
    if session.scalar(known.limit(1)) is None:
        outbox.put(session, asked_along, other, other, key=key, now=now)


def _wishes(session: Session, signup: Signup) -> Sequence[PairWish]:
    return session.scalars(select(PairWish).where(PairWish.signup_id == signup.id).order_by(PairWish.id)).all()


def _wish(session: Session, signup: Signup, other: int) -> PairWish | None:
    mine = PairWish.signup_id == signup.id, PairWish.other_id == other
    return session.scalars(select(PairWish).where(*mine)).one_or_none()


def carry_over(session: Session, old: Signup, new: Signup) -> None:
    """What was said by and about a sign-up that is merged into another holds for that one; 'rather not' goes first."""
    about = (PairWish.signup_id == old.id) | (PairWish.other_id == old.id)
    for wish in session.scalars(select(PairWish).where(about)).all():
        one, other = (new.id if id == old.id else id for id in (wish.signup_id, wish.other_id))
        same = PairWish.signup_id == one, PairWish.other_id == other
        known = session.scalars(select(PairWish).where(*same)).one_or_none()
        if one != other and known is None:
            wish.signup_id, wish.other_id = one, other
        elif known is not None and wish.said == Regard.APART:
            known.said = Regard.APART
    session.flush()


def said_after(signup: Signup) -> str:
    """What a resident hears about the buddy that they typed; empty if they typed none."""
    typed = signup.buddy or ""
    if not typed:
        return ""
    if signup.buddy_id is not None:
        # The same whatever the other said or says: nobody hears a no.
        return _(
            "Je wilt samen met iemand aan tafel. Dat kan als die ander dat ook wil: als die jouw code invult, of ja "
            "zegt op de eigen pagina. Wij vertellen niet wat de ander zegt."
        )
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


def said_at_desk(signup: Signup) -> str:
    """The same for whoever types it for somebody; only for a code."""
    typed = signup.buddy or ""
    if signup.buddy_id is not None:
        return _(
            "%(name)s wil samen met iemand aan tafel. Dat geldt pas als die ander het ook zegt: op de eigen pagina, of "
            "tegen jou. Vul het dan in bij de aanmelding van die ander.",
            name=signup.name,
        )
    if not codes.looks_like_code(typed):
        return ""
    return _(
        "Niemand anders bij deze ontmoeting heeft de code %(code)s. %(name)s is nog met niemand verbonden.",
        code=typed,
        name=signup.name,
    )


def known_codes(session: Session, series_id: int) -> frozenset[str]:
    """The codes of everybody in a series."""
    return frozenset(session.scalars(select(Signup.code).where(Signup.series_id == series_id)))
