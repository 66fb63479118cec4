"""What somebody typed before 'Meld me aan': in one sealed cookie of their own, so that nothing is stored here yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime

from flask import current_app
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from web.crypto import Vault, new_secret
from web.signup_fields import BY_SCREEN, LAST

COOKIE = "aanmelding"
HOUR = 3600
LARGEST = 3800
"""Browsers keep 4096 bytes of a cookie, its name and path among them."""
NEEDED = tuple(asked for asked in BY_SCREEN if asked.required and not asked.ways)
"""What the first screens cannot do without."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form on its way: `once` makes it one sign-up however often it is sent; moments in seconds, UTC."""

    series: int
    once: str
    started: float
    saved: float
    via: str = ""
    told: dict[str, list[str]] = field(default_factory=dict)

    def answers(self) -> MultiDict[str, str]:
        """What was told so far, as a form would send it."""
        return MultiDict((name, value) for name, values in self.told.items() for value in values)

    def with_answers(self, names: Iterable[str], sent: MultiDict[str, str], now: datetime) -> Draft:
        """With the fields of one screen replaced by what was sent."""
        told = {**self.told, **{name: sent.getlist(name) for name in names}}
        return replace(self, told=told, saved=now.timestamp())

    def first_open(self) -> int:
        """The first screen that still needs an answer; the last one needs none."""
        return next((asked.screen for asked in NEEDED if not any(self.told.get(asked.key, ()))), LAST)


def begin(series: int, via: str, now: datetime) -> Draft:
    """A form that was just opened."""
    return Draft(series, new_secret(), now.timestamp(), now.timestamp(), via)


def read(cookie: str | None, series: int, vault: Vault, now: datetime) -> Draft | None:
    """What a visitor brought along, if it is ours, of this series, and of the last hour."""
    held = vault.opened(cookie)
    # Another version of this program may have sealed other fields.
    known = isinstance(held, dict) and held.keys() == {f.name for f in fields(Draft)}
    draft = Draft(**held) if known else None
    return draft if draft and draft.series == series and 0 <= now.timestamp() - draft.saved < HOUR else None


def fits(draft: Draft, vault: Vault) -> bool:
    """Whether a browser will keep it."""
    return len(vault.seal(asdict(draft))) <= LARGEST


def keep(response: Response, draft: Draft, path: str, vault: Vault) -> Response:
    """Give it to the visitor to hold."""
    sealed = vault.seal(asdict(draft))
    response.set_cookie(COOKIE, sealed, max_age=HOUR, path=path, secure=_secure(), httponly=True, samesite="Lax")
    return response


def drop(response: Response, path: str) -> Response:
    """Take it back: it has become a sign-up."""
    response.delete_cookie(COOKIE, path=path, secure=_secure(), httponly=True, samesite="Lax")
    return response


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
