"""Whose look a page has: that of the organisation that it is about, or of who is logged in."""

from __future__ import annotations

from typing import cast

from flask import g, request
from flask_login import current_user

from web.rows import HouseStyle, Organisation, Series, Signup, db
from web.services.organisations import house_style


def here() -> HouseStyle | None:
    """The style for the page of this request. Where it is of nobody, that of the only organisation there is."""
    if "house" not in g:
        g.house = _found()
    return cast("HouseStyle | None", g.house)


def _found() -> HouseStyle | None:
    organisation = _of_link()
    if organisation is not None:
        return house_style.of(db.session, organisation)
    slug = (request.view_args or {}).get("organisation")
    if slug is not None:
        return house_style.at(db.session, slug)
    if current_user.is_authenticated:
        return house_style.of(db.session, current_user.organisation)
    return house_style.of_the_only_one(db.session)


def _of_link() -> Organisation | None:
    known = g.get("invitation") or g.get("offer")
    signup: Signup | None = known.signup if known else g.get("signup")
    series: Series | None = signup.series if signup is not None else None
    return series.project.organisation if series is not None else None
