"""Routes of the letter that an organiser gets in the morning: on or off."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField

from web import access
from web.organiser.routes import blueprint
from web.rows import db
from web.services.messages.scheduled import digesting


class MorningForm(FlaskForm):
    """One switch."""

    digest = BooleanField(_l("Stuur mij het ochtendbericht"))


@blueprint.route("/ochtendbericht", methods=["GET", "POST"])
def morning() -> str | Response:
    """Whether this account gets it."""
    me = access.me()
    form = MorningForm(obj=me)
    if not form.validate_on_submit():
        return render_template("organiser/morning.html", form=form)
    digesting.switch(db.session, me, bool(form.digest.data))
    flash(_("Je krijgt het ochtendbericht.") if me.digest else _("Je krijgt geen ochtendbericht meer."), "ok")
    return redirect(url_for(".morning"))
