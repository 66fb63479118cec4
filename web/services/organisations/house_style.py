"""How the pages of an organisation look: its colour, its logo, its picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.errors import N_, Mishap
from web.rows import HouseStyle, Organisation, Staff
from web.services import audit
from web.uploads import ImageShape, Unread

COLOUR = re.compile(r"#[0-9a-f]{6}")
LOGO = ImageShape(width=480, height=96, kind="PNG")
PICTURE = ImageShape(width=960, height=720, kind="JPEG")
"""What stays of a picture: twice the size at which a page shows it, for screens with small dots."""
SHAPES = {"logo": LOGO, "picture": PICTURE}

Read = Callable[[bytes, ImageShape], bytes]


class NoColour(Mishap):
    """It is not written as a colour is."""

    sentence = N_("Schrijf een kleur als # met zes cijfers of letters. Bijvoorbeeld: #0b5ed7")


class NoPicture(Mishap):
    """It is no picture that we open."""

    sentence = N_("Deze afbeelding kunnen we niet lezen. Kies een png, jpg of webp. Er is niets veranderd.")


class PictureTooLarge(Mishap):
    """It has more dots than we open, or takes longer than it may."""

    status = 413
    sentence = N_("Deze afbeelding is te groot. Maak hem kleiner en probeer het opnieuw. Er is niets veranderd.")


class PictureBusy(Mishap):
    """Others have files read at this moment."""

    status = 503
    sentence = N_("Het is druk. Probeer het over een minuut opnieuw. Er is niets veranderd.")


_WRONG = {"TooLarge": PictureTooLarge, "TooSlow": PictureTooLarge, "Busy": PictureBusy}


@dataclass(frozen=True, slots=True)
class StyleChange:
    """What becomes of a style: a colour, or none; new files, by their name in SHAPES; and what goes."""

    colour: str
    files: dict[str, bytes]
    without: frozenset[str] = frozenset()


def of(session: Session, organisation: Organisation) -> HouseStyle | None:
    """The style of an organisation, if it has one."""
    return session.scalar(select(HouseStyle).where(HouseStyle.organisation_id == organisation.id))


def at(session: Session, slug: str) -> HouseStyle | None:
    """The same, by the address of the organisation."""
    found = select(HouseStyle).join(Organisation).where(Organisation.slug == slug)
    return session.scalar(found)


def of_the_only_one(session: Session) -> HouseStyle | None:
    """The style of pages that are of no organisation, where there is one only."""
    if session.scalar(select(func.count(Organisation.id))) != 1:
        return None
    return session.scalar(select(HouseStyle))


def change(
    session: Session, organisation: Organisation, wanted: StyleChange, *, read: Read, by: Staff, now: datetime
) -> None:
    """Another style; `read` makes a picture anew. Raises NoColour, NoPicture, PictureTooLarge or PictureBusy.

    Nothing is changed before everything has been read.
    """
    colour = wanted.colour.lower()
    if colour and not COLOUR.fullmatch(colour):
        raise NoColour
    new: dict[str, bytes | None] = dict.fromkeys(wanted.without)
    new |= {name: _made(data, SHAPES[name], read) for name, data in wanted.files.items()}
    style = of(session, organisation) or HouseStyle(organisation_id=organisation.id)
    changed = [name for name, data in new.items() if getattr(style, name) != data]
    changed += ["colour"] if (style.colour or "") != colour else []
    if not changed:
        return
    style.colour = colour
    for name, data in new.items():
        setattr(style, name, data)
        setattr(style, f"has_{name}", data is not None)
    style.version = sha256(b"".join([colour.encode(), style.logo or b"", style.picture or b""])).hexdigest()[:12]
    session.add(style)
    audit.note(session, by, "style_changed", by=by, now=now, about=" ".join(sorted(changed)))


def _made(data: bytes, shape: ImageShape, read: Read) -> bytes:
    try:
        return read(data, shape)
    except Unread as error:
        raise _WRONG.get(error.kind, NoPicture) from None
