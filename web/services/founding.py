"""Organisations and their projects, as the operator of an installation makes them."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from web.errors import Mishap
from web.rows import Organisation, Project
from web.services import contacts

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BadSlug(Mishap):
    """It cannot stand in an address."""

    sentence = "Gebruik in %(slug)s alleen kleine letters, cijfers en streepjes. Bijvoorbeeld: welzijn-zuid"


class SlugTaken(Mishap):
    """Something else has this address."""

    status = 409
    sentence = "%(slug)s bestaat al. Kies iets anders."


def add_organisation(session: DbSession, name: str, slug: str, *, demo: bool = False) -> Organisation:
    """A new organisation. Raises BadSlug or SlugTaken."""
    _check(slug)
    if session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        raise SlugTaken(slug=slug)
    made = Organisation(name=contacts.plain(name), slug=slug, demo=demo)
    session.add(made)
    session.flush()
    return made


def add_project(session: DbSession, owner: Organisation, name: str, slug: str, district: str = "") -> Project:
    """A new project, which begins small (P10). Raises BadSlug or SlugTaken."""
    _check(slug)
    taken = select(Project.id).where(Project.organisation_id == owner.id, Project.slug == slug)
    if session.scalar(taken) is not None:
        raise SlugTaken(slug=slug)
    made = Project(
        organisation_id=owner.id, name=contacts.plain(name), slug=slug, district=contacts.plain(district) or name
    )
    session.add(made)
    session.flush()
    return made


def _check(slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise BadSlug(slug=slug[:60])
