"""The forms of a project: what it is called, how far it is, and which building blocks it uses."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from config import Settings
from web.form_checks import is_any_phone, lines, one_line
from web.rows import Project
from web.rows.organisation import Block, ProjectState

STATE_NAMES = {ProjectState.ORIENTATION: _l("Begint klein"), ProjectState.RUNNING: _l("Gewoon")}
BLOCK_NAMES = {
    Block.KEY_CONTACTS: _l("Sleutelfiguren"),
    Block.INTERESTS: _l("Wat mensen graag doen"),
    Block.BUDDIES: _l("Samen met iemand komen"),
    Block.PAPER: _l("Papier"),
}
BLOCKS_EXPLAINED = {
    Block.KEY_CONTACTS: _l("Sleutelfiguren: iemand uit de buurt nodigt mensen uit met een eigen code."),
    Block.INTERESTS: _l("Wat mensen graag doen: we vragen het, en letten erop bij het maken van groepen."),
    Block.BUDDIES: _l("Samen met iemand komen: mensen kunnen zeggen met wie ze aan tafel willen."),
    Block.PAPER: _l("Papier: een formulier om te printen, en aan de balie de keuze ‘Papier’."),
}
_long = Length(max=80, message=_l("Dit is te lang."))


class NewProjectForm(FlaskForm):
    """What a project is called, and whom residents can call."""

    name = StringField(
        _l("Naam"),
        [DataRequired(_l("Vul een naam in.")), _long],
        [one_line],
        description=_l("Zoals mensen het kennen. Bijvoorbeeld: Samen in Zuidwest."),
    )
    district = StringField(
        _l("Wijk"), [Optional(), _long], [one_line], description=_l("Laat je dit leeg? Dan is het de naam.")
    )
    contact_name = StringField(
        _l("Wie kunnen bewoners bellen?"), [Optional(), _long], [one_line], description=_l("Alleen de voornaam.")
    )
    contact_phone = TelField(
        _l("Telefoonnummer"),
        [Optional(), Length(max=40, message=_l("Dit is te lang.")), is_any_phone],
        [one_line],
        description=_l("Bewoners zien dan bijvoorbeeld: Vragen? Bel Fatma."),
    )

    def values(self) -> dict[str, Any]:
        """What a valid form says, as columns."""
        return {name: value or "" for name, value in self.data.items() if name != "csrf_token"}


class ProjectForm(NewProjectForm):
    """The same, with everything that can be switched; `project_form` makes one."""

    state = RadioField(_l("Hoe groot?"), choices=list(STATE_NAMES.items()))
    evaluation = TextAreaField(
        _l("Hoe ging het kleine begin?"),
        [Optional(), Length(max=2000, message=_l("Dit is te lang."))],
        [lines],
        description=_l("Wat ging goed? Wat doen jullie anders? Dit is nodig voor ‘Gewoon’. Schrijf geen namen op."),
    )
    sees_bubbles = BooleanField(
        _l("Buurtwerkers mogen zien welke kringen iemand noemde."),
        description=_l(
            "Dit staat gewoonlijk uit. Het is alleen nodig om groepen met de hand te mengen. "
            "Zonder dit zien buurtwerkers per groep of de mix goed is. Iedereen die kijkt, komt in het logboek."
        ),
    )
    blocks = SelectMultipleField(
        _l("Onderdelen"),
        choices=list(BLOCKS_EXPLAINED.items()),
        description=_l(
            "Wat je uitzet, verdwijnt overal in dit project. Wat mensen al vertelden, blijft en telt nog mee."
        ),
    )

    def values(self) -> dict[str, Any]:
        """What a valid form says, as columns; blocks in one order, so that the same choice is no change."""
        said = super().values()
        chosen = said["blocks"] or ()
        return {
            **said,
            "district": said["district"] or said["name"],
            "sees_bubbles": bool(said["sees_bubbles"]),
            "blocks": [str(block) for block in BLOCK_NAMES if block in chosen],
        }


def project_form(project: Project, settings: Settings) -> ProjectForm:
    """The form of a project; how the small start went is asked as long as it lasts."""
    form, small = ProjectForm(obj=project), settings.orientation
    begins = _(
        "We beginnen klein: hooguit %(groups)d groepen en %(people)d mensen per keer.",
        groups=small.groups,
        people=small.people,
    )
    form.state.choices = list({**STATE_NAMES, ProjectState.ORIENTATION: begins}.items())
    if project.state != ProjectState.ORIENTATION:
        del form.evaluation
    return form
