"""What the page of a series offers to tell others of it: the address, its QR code, a text and a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from web import announcing
from web.printing import qr_code
from web.rows import Series


@dataclass(frozen=True, slots=True)
class ToTell:
    """`short` is what a person types over; `message` can be pasted anywhere, `whatsapp` opens it there."""

    url: str
    short: str
    qr: Markup
    message: str
    whatsapp: str
    card: str


def told(series: Series, now: datetime) -> ToTell | None:
    """What there is to tell, once there are times."""
    if not series.sessions:
        return None
    url = announcing.address(series)
    message = announcing.message_of(series, url, now)
    return ToTell(
        url=url,
        short=announcing.short(url),
        # Drawn by the library, of an address of ours.
        qr=Markup(qr_code(url)),
        message=message,
        whatsapp=f"https://wa.me/?text={quote(message)}",
        card=announcing.address(series, "resident.card"),
    )
