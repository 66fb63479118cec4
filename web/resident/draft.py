"""What somebody typed before 'Meld me aan': in a sealed cookie of each sign-up, so that nothing is stored here yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime

from flask import current_app
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from web.crypto import Vault, hashed, new_secret
from web.services import signups
from web.signup_fields import BY_SCREEN, LAST
from web.stale_forms import OPEN

COOKIE = "aanmelding"
"""What the names of the cookies begin with; before, this was the name of the only one."""
KEPT = int(OPEN.total_seconds())
"""Seconds after its last screen was shown."""
LARGEST = 3800
"""Browsers keep 4096 bytes of a cookie, its name and path among them."""
MOST = 5
"""Sign-ups for one series that one browser may be busy with."""
TOGETHER = 6000
"""Their bytes: the web servers in front of a site refuse 8 kB of cookies, and there are others."""
NEEDED = tuple(asked for asked in BY_SCREEN if asked.required and not asked.ways)
"""What the first screens cannot do without."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form on its way: `once` makes it one sign-up however often it is sent; moments in seconds, UTC.

    `warned`: when its sender was last asked to press the last button again, as a person would.
    """

    series: int
    once: str
    started: float
    saved: float
    via: str = ""
    told: dict[str, list[str]] = field(default_factory=dict)
    warned: float = 0.0

    @property
    def number(self) -> str:
        """What its screens bring along, so that two people at one phone keep their own; it opens nothing."""
        return signups.form_number(self.once)

    @property
    def begun(self) -> bool:
        """Whether anything was told."""
        return any(any(values) for values in self.told.values())

    @property
    def name(self) -> str:
        """The first name, if it was told."""
        return next(iter(self.told.get("name", ())), "")

    def answers(self) -> MultiDict[str, str]:
        """What was told so far, as a form would send it."""
        return MultiDict((name, value) for name, values in self.told.items() for value in values)

    def with_answers(self, names: Iterable[str], sent: MultiDict[str, str], now: datetime) -> Draft:
        """With the fields of one screen replaced by what was sent."""
        told = {**self.told, **{name: sent.getlist(name) for name in names}}
        return replace(self, told=told, saved=now.timestamp())

    def seen(self, now: datetime) -> Draft:
        """With its time beginning anew."""
        return replace(self, saved=now.timestamp())

    def basis(self, number: int) -> str:
        """Stands for the answers to all screens before this one."""
        return hashed(repr([self.told.get(asked.key) for asked in BY_SCREEN if asked.screen < number]))[:16]

    def first_open(self) -> int:
        """The first screen that still needs an answer; the last one needs none."""
        return next((asked.screen for asked in NEEDED if not any(self.told.get(asked.key, ()))), LAST)


_FIELDS = frozenset(f.name for f in fields(Draft))
_ALWAYS = frozenset({"series", "once", "started", "saved"})


def begin(series: int, via: str, now: datetime) -> Draft:
    """A form that was just opened."""
    return Draft(series, new_secret(), now.timestamp(), now.timestamp(), via)


def read(cookies: MultiDict[str, str], series: int, vault: Vault, now: datetime) -> list[Draft]:
    """What a visitor brought along, if it is ours, of this series and not too old; what was shown last comes first."""
    sealed = [text for name, text in cookies.items(multi=True) if name.partition("-")[0] == COOKIE]
    mine = [draft for draft in map(_opened, map(vault.opened, sealed)) if draft and draft.series == series]
    young = sorted((draft for draft in mine if now.timestamp() - draft.saved < KEPT), key=lambda draft: draft.saved)
    return list(reversed({draft.number: draft for draft in young}.values()))


def _opened(held: object) -> Draft | None:
    # Another version of this program may have sealed other fields.
    known = isinstance(held, dict) and held.keys() >= _ALWAYS
    return Draft(**{name: value for name, value in held.items() if name in _FIELDS}) if known else None  # type: ignore[attr-defined]


def chosen(drafts: Sequence[Draft], number: str) -> Draft | None:
    """The draft with this number. A page without a number means the only one in which something was told."""
    if number:
        return next((draft for draft in drafts if draft.number == number), None)
    begun = [draft for draft in drafts if draft.begun]
    return begun[0] if len(begun) == 1 else drafts[0] if drafts and not begun else None


def fits(draft: Draft, vault: Vault) -> bool:
    """Whether a browser will keep it."""
    return _size(draft, vault) <= LARGEST


def keep(response: Response, draft: Draft, others: Iterable[Draft], path: str, vault: Vault) -> Response:
    """Give it to the visitor to hold, beside the `others`; those go for which there is no room.

    In which nothing was told goes first, then what was not looked at for the longest time.
    """
    sealed = vault.seal(asdict(draft))
    name = f"{COOKIE}-{draft.number}"
    response.set_cookie(name, sealed, max_age=KEPT, path=path, secure=_secure(), httponly=True, samesite="Lax")
    room = TOGETHER - len(sealed)
    order = sorted(others, key=lambda other: (other.begun, other.saved), reverse=True)
    for place, other in enumerate((one for one in order if one.number != draft.number), 1):
        room -= _size(other, vault)
        if place >= MOST or room < 0:
            drop(response, other, path)
    return response


def drop(response: Response, draft: Draft, path: str) -> Response:
    """Take it back, also from under the name that it had in an earlier version: it has become a sign-up."""
    for name in (f"{COOKIE}-{draft.number}", COOKIE):
        response.delete_cookie(name, path=path, secure=_secure(), httponly=True, samesite="Lax")
    return response


def _size(draft: Draft, vault: Vault) -> int:
    return len(vault.seal(asdict(draft)))


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
