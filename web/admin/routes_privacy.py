"""What the privacy page says of the own organisation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from web import access, world
from web.admin.routes import blueprint
from web.form_checks import lines
from web.rows import db
from web.services.organisations import organisations

_checks = [Optional(), Length(max=1000, message=_l("Dit is te lang."))]


class PrivacyForm(FlaskForm):
    """Who is responsible, on what ground, whom to ask, and who else keeps data (GDPR art. 13)."""

    controller = TextAreaField(
        _l("Wie is verantwoordelijk?"),
        _checks,
        [lines],
        description=_l("De naam en het adres van jullie organisatie, zoals in jullie privacyverklaring."),
    )
    legal_ground = TextAreaField(
        _l("Op welke grond?"),
        _checks,
        [lines],
        description=_l("Bijvoorbeeld: toestemming, of een taak van algemeen belang (AVG artikel 6, lid 1 onder e)."),
    )
    privacy_officer = TextAreaField(
        _l("Bij wie kunnen mensen terecht met vragen?"),
        _checks,
        [lines],
        description=_l("De functionaris gegevensbescherming: naam, e-mailadres en telefoonnummer."),
    )
    processors = TextAreaField(
        _l("Wie bewaart de gegevens voor jullie?"),
        _checks,
        [lines],
        description=_l(
            "Bijvoorbeeld het bedrijf van de server en dat van de sms. Eén per regel. Niemand? Laat dit leeg."
        ),
    )

    def values(self) -> dict[str, str]:
        """What a valid form says, as columns."""
        return {name: self[name].data or "" for name in organisations.PRIVACY}


@blueprint.route("/privacy", methods=["GET", "POST"])
def privacy() -> str | Response:
    """Change what the privacy page says."""
    mine = access.me().organisation
    form = PrivacyForm(obj=mine)
    if not form.validate_on_submit():
        lacking = bool(organisations.privacy_lacks(mine))
        return render_template("admin/privacy.html", form=form, organisation=mine, lacking=lacking)
    organisations.set_privacy(db.session, mine, form.values(), by=access.me(), now=world.now())
    flash(_("De privacypagina is veranderd."), "success")
    return redirect(url_for("admin.privacy"))
