"""Which screen of which draft was asked for, and how an answer takes the drafts of a browser along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from web import world
from web.resident import draft as drafts
from web.resident.draft import Draft
from web.rows import Series

LONGEST_CODE = 40
NUMBER = "nr"
"""What a screen brings along in its address and its form: of which draft it is."""


BASIS = "basis"
"""What a form brings along beside it: for which earlier answers it was made."""


@dataclass(frozen=True, slots=True)
class Step:
    """One screen as it was asked for or sent: of which draft, and which others this browser holds for the series."""

    series: Series
    number: int
    asked: str  # the number of the draft, if the page brought one along
    known: bool  # whether this browser holds that draft; if not, `draft` is a new one
    draft: Draft
    others: Sequence[Draft]

    @property
    def no_cookies(self) -> bool:
        """Whether a page that gave cookies gets none back. Somebody else may have passed on where the first one is."""
        return bool(self.asked) and not request.cookies and (request.method == "POST" or self.number > 1)

    @property
    def changed_elsewhere(self) -> bool:
        """Whether another tab has other answers to the earlier screens than this page was made for."""
        seen = request.form.get(BASIS)
        return self.known and bool(seen) and seen != self.draft.basis(self.number)

    @property
    def unfinished(self) -> list[tuple[str, str]]:
        """The other drafts in which something was told: the first name, and where to go on."""
        begun = [draft for draft in self.others if draft.begun]
        return [(draft.name, address(self.series, draft.first_open(), draft.number)) for draft in begun]

    def to(self, number: int, draft: Draft) -> Response:
        """To a screen. Its address says of which draft, if this one did or if there it would be taken for a new one."""
        numbered = self.asked or (number == 1 and draft.begun)
        return self.keep(redirect(address(self.series, number, draft.number if numbered else "")), draft)

    def keep(self, response: Response, draft: Draft) -> Response:
        """With the draft in its cookie, for its full time; without its last screen if that is more than it holds."""
        held = draft if drafts.fits(draft, world.vault()) else self.draft
        return drafts.keep(response, held.seen(world.now()), self.others, path(self.series), world.vault())


def step_of(series: Series, number: int) -> Step:
    """What this request asks for."""
    asked = (request.form.get(NUMBER) or request.args.get(NUMBER) or "")[:LONGEST_CODE]
    all_of_them = drafts.read(request.cookies, series.id, world.vault(), world.now())
    # The first screen without a number is the way in: it is nobody's yet.
    fresh = number == 1 and not asked and request.method != "POST"
    held = None if fresh else drafts.chosen(all_of_them, asked)
    others = [draft for draft in all_of_them if draft is not held]
    # Whoever was invited, and comes back without the code in the address, still was.
    invited = via() or next((draft.via for draft in others if draft.via), "")
    return Step(series, number, asked, held is not None, held or drafts.begin(series.id, invited, world.now()), others)


def via() -> str:
    """The code of whoever invited this visitor."""
    code = request.args.get("via", "")
    return code if len(code) <= LONGEST_CODE else ""


def names(series: Series) -> dict[str, Any]:
    """What the addresses of a series are made of."""
    return {"organisation": series.project.organisation.slug, "slug": series.slug}


def address(series: Series, number: int, draft: str = "") -> str:
    """Where a screen is; with the number of a draft."""
    of_draft: dict[str, Any] = {NUMBER: draft} if draft else {}
    return url_for(".screen", number=number, **names(series), **of_draft)


def path(series: Series) -> str:
    """How far the cookies of a series travel."""
    return address(series, 1).rpartition("/")[0]
