"""Forms of the administrator's pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional

from web.admin.words import happened
from web.form_checks import is_email, one_line
from web.rows import Project, Staff
from web.rows.staff import RoleName
from web.services.audit.search import Search
from web.services.organisations.accounts import Post
from web.world import ZONE

ROLE_NAMES = {
    RoleName.ORGANISER: _l("Buurtwerker"),
    RoleName.COORDINATOR: _l("Coördinator van gespreksleiders"),
    RoleName.ADMIN: _l("Beheerder"),
}


class AccountForm(FlaskForm):
    """Who somebody is and what they may do."""

    name = StringField(
        _l("Naam"), [DataRequired(_l("Vul een naam in.")), Length(max=60, message=_l("Dit is te lang."))], [one_line]
    )
    roles = SelectMultipleField(
        _l("Wat doet deze collega?"),
        [DataRequired(_l("Kies minstens één rol."))],
        choices=list(ROLE_NAMES.items()),
        description=_l("Een beheerder ziet alle projecten, maakt accounts en leest het logboek."),
    )
    projects = SelectMultipleField(
        _l("In welke projecten?"), description=_l("Een collega ziet alleen de eigen projecten.")
    )

    def offer(self, projects: Sequence[Project]) -> None:
        """The projects to choose from."""
        self.projects.choices = [(str(project.id), project.name) for project in projects]

    def post(self) -> Post:
        """What was chosen."""
        return Post(frozenset(self.roles.data or ()), frozenset(map(int, self.projects.data or ())))


class NewAccountForm(AccountForm):
    """The same, with the address to log in with."""

    email = EmailField(
        _l("E-mailadres"), [DataRequired(_l("Vul een e-mailadres in.")), Length(max=254), is_email], [one_line]
    )


class LogForm(FlaskForm):
    """What to look for in the audit log; it only reads, so it goes by GET, without a secret in its address."""

    class Meta:
        csrf = False

    project = SelectField(_l("Project"), default="")
    what = SelectField(_l("Wat"), default="")
    who = SelectField(_l("Wie"), default="")
    start = DateField(_l("Vanaf"), [Optional()])
    end = DateField(_l("Tot en met"), [Optional()])

    def offer(self, projects: Sequence[Project], people: Sequence[Staff], kinds: Sequence[str]) -> None:
        """What there is to choose from."""
        everything = ("", _l("Alles"))
        self.project.choices = [everything, *((str(project.id), project.name) for project in projects)]
        self.who.choices = [("", _l("Iedereen")), *((f"staff:{person.id}", person.name) for person in people)]
        self.what.choices = [everything, *sorted(((kind, happened(kind)) for kind in kinds), key=lambda pair: pair[1])]

    def names(self) -> dict[str, str]:
        """The names of accounts and projects, by how the log writes them."""
        projects = {f"project:{value}": text for value, text in self.project.choices if value}
        return {**projects, **{value: text for value, text in self.who.choices if value}}

    def search(self) -> Search:
        """What was asked; a field that cannot be read asks nothing, and its error says so."""
        asked = {name: None if field.errors else field.data for name, field in self._fields.items()}
        return Search(
            project_id=int(asked["project"]) if asked["project"] else None,
            what=asked["what"] or "",
            who=asked["who"] or "",
            start=_midnight(asked["start"]),
            end=_midnight(asked["end"], days=1),
        )


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """When a day begins in the neighbourhood; years that no clock can show are no limit."""
    if day is None or not 1970 <= day.year <= 9000:
        return None
    return datetime.combine(day + timedelta(days=days), time(), ZONE).astimezone(UTC)
