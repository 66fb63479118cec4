"""Organisations and their projects, as the operator of an installation and administrators make them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.errors import N_, Mishap
from web.identity import text
from web.rows import Organisation, Project, Staff
from web.rows.organisation import ProjectState
from web.services import audit
from web.services.text import slugs

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BadSlug(Mishap):
    """It cannot stand in an address."""

    sentence = N_("Gebruik in %(slug)s alleen kleine letters, cijfers en streepjes. Bijvoorbeeld: welzijn-zuid")


class SlugTaken(Mishap):
    """Something else has this address."""

    status = 409
    sentence = N_("%(slug)s bestaat al. Kies iets anders.")


class Unevaluated(Mishap):
    """It ran on a small scale, and nobody wrote down how that went (P10)."""

    status = 409
    sentence = N_("Schrijf eerst op hoe het ging. Daarna kan dit project gewoon verder.")


SWITCHES = ("state", "sees_bubbles", "blocks")
"""Columns that hold no word of anybody: the audit log says what they became."""


def add_organisation(session: Session, name: str, slug: str, *, demo: bool = False) -> Organisation:
    """A new organisation. Raises BadSlug or SlugTaken."""
    _check(slug)
    if session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        raise SlugTaken(slug=slug)
    made = Organisation(name=text.plain(name), slug=slug, demo=demo)
    session.add(made)
    session.flush()
    return made


def add_project(session: Session, owner: Organisation, name: str, slug: str, district: str = "") -> Project:
    """A new project, which begins small (P10). Raises BadSlug or SlugTaken."""
    _check(slug)
    taken = select(Project.id).where(Project.organisation_id == owner.id, Project.slug == slug)
    if session.scalar(taken) is not None:
        raise SlugTaken(slug=slug)
    made = Project(organisation_id=owner.id, name=text.plain(name), slug=slug, district=text.plain(district) or name)
    session.add(made)
    session.flush()
    return made


def begin(session: Session, owner: Organisation, values: Mapping[str, str], *, by: Staff, now: datetime) -> Project:
    """A new project with `name`, `district`, `contact_name` and `contact_phone`; its address follows from its name."""
    taken = set(session.scalars(select(Project.slug).where(Project.organisation_id == owner.id)))
    made = add_project(session, owner, values["name"], slugs.free(values["name"], taken, "project"), values["district"])
    made.contact_name, made.contact_phone = values["contact_name"], values["contact_phone"]
    audit.note(session, made, "project_added", by=by, now=now)
    return made


def change(session: Session, project: Project, values: Mapping[str, Any], *, by: Staff, now: datetime) -> None:
    """Other values for the columns of a project. Raises Unevaluated if it would leave its small start unseen (P10)."""
    evaluation = values.get("evaluation", project.evaluation)
    if (project.state, values["state"]) == (ProjectState.ORIENTATION, ProjectState.RUNNING) and not evaluation:
        raise Unevaluated
    changed = [name for name, value in values.items() if getattr(project, name) != value]
    for name in changed:
        setattr(project, name, values[name])
    if changed:
        told = [f"{name}={values[name]}" if name in SWITCHES else name for name in changed]
        about = f"{audit.opaque(project)} {' '.join(told)}"
        audit.note(session, project, "project_changed", by=by, now=now, about=about)
    if "sees_bubbles" in changed:
        _open_bubbles(session, project, by=by, now=now)


def _open_bubbles(session: Session, project: Project, *, by: Staff, now: datetime) -> None:
    """A line of its own, which nobody has to look for among other changes of a project."""
    if project.sees_bubbles:
        audit.note(session, project, "bubbles opened", by=by, now=now)
    else:
        audit.note(session, project, "bubbles closed", by=by, now=now)


PRIVACY = ("controller", "legal_ground", "privacy_officer", "processors")
"""The columns of an organisation that its privacy page says."""


def set_privacy(
    session: Session, organisation: Organisation, values: Mapping[str, str], *, by: Staff, now: datetime
) -> None:
    """What the privacy page says of an organisation, by the names of `PRIVACY`."""
    changed = [name for name in PRIVACY if getattr(organisation, name) != values[name]]
    for name in changed:
        setattr(organisation, name, values[name])
    if changed:
        audit.note(session, by, "privacy_changed", by=by, now=now, about=" ".join(changed))


def privacy_lacks(organisation: Organisation) -> list[str]:
    """What the privacy page cannot say yet. Without processors is possible: nobody else keeps anything."""
    return [name for name in PRIVACY if name != "processors" and not getattr(organisation, name)]


def public_ones(session: Session, slug: str | None = None) -> Sequence[Organisation]:
    """The organisations of this installation, or the one with an address, for pages that everybody may see."""
    found = select(Organisation).order_by(Organisation.name, Organisation.id)
    return session.scalars(found if slug is None else found.where(Organisation.slug == slug)).all()


def _check(slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise BadSlug(slug=slug[:60])
