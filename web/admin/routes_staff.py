"""Routes of the accounts of the own organisation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import hash_password
from werkzeug import Response

from web import access, world
from web.admin.forms import AccountForm, NewAccountForm
from web.admin.routes import blueprint
from web.rows import Project, Staff, db
from web.services import audit
from web.services.organisations import accounts, passwords


@blueprint.get("/")
def home() -> str:
    """Everybody with an account."""
    return render_template("admin/accounts.html", accounts=accounts.colleagues(db.session, access.me().organisation_id))


@blueprint.route("/account/nieuw", methods=["GET", "POST"])
def add() -> str:
    """A new account, with a password that is shown once."""
    form = NewAccountForm()
    form.offer(_projects())
    if not form.validate_on_submit():
        return render_template("admin/account.html", form=form, account=None)
    mine, password = access.me().organisation, passwords.new()
    email, name = form.email.data or "", form.name.data or ""
    try:
        account = accounts.add(db.session, mine, email, name, form.post(), password=password, hashing=hash_password)
    except (accounts.AddressTaken, accounts.BadAddress) as mishap:
        form.email.errors = [_(mishap.sentence) % mishap.values]
        return render_template("admin/account.html", form=form, account=None)
    return _shown(account, password, "account_added")


@blueprint.route("/account/<int:id>", methods=["GET", "POST"])
def account(id: int) -> str | Response:
    """The roles and projects of an account."""
    found = access.get(db.session, Staff, id, for_=access.me())
    form = AccountForm(data={"name": found.name, **_post_of(found)})
    form.offer(_projects())
    if not form.validate_on_submit():
        return render_template("admin/account.html", form=form, account=found)
    found.name = form.name.data or ""
    accounts.set_post(db.session, found, form.post())
    return _done(found, "account_changed", _("Het account van %(name)s is veranderd.", name=found.name))


@blueprint.post("/account/<int:id>/wachtwoord")
def password(id: int) -> str:
    """A new password, shown once; whoever was in with the old one is out."""
    found, fresh = access.get(db.session, Staff, id, for_=access.me()), passwords.new()
    passwords.give(found, fresh, hash_password)
    return _shown(found, fresh, "account_password")


@blueprint.post("/account/<int:id>/codes")
def codes(id: int) -> Response:
    """Forget the app, the recovery codes and the passkeys of somebody who lost them."""
    found = access.get(db.session, Staff, id, for_=access.me())
    accounts.reset_codes(found)
    told = _("%(name)s stelt bij het inloggen een nieuwe app met codes in.", name=found.name)
    return _done(found, "account_codes", told)


@blueprint.post("/account/<int:id>/uit")
def off(id: int) -> Response:
    """Nobody comes in with this account any more."""
    found = access.get(db.session, Staff, id, for_=access.me())
    accounts.set_active(db.session, found, False)
    return _done(found, "account_off", _("%(name)s kan niet meer inloggen.", name=found.name))


@blueprint.post("/account/<int:id>/aan")
def on(id: int) -> Response:
    """Let somebody in again."""
    found = access.get(db.session, Staff, id, for_=access.me())
    accounts.set_active(db.session, found, True)
    return _done(found, "account_on", _("%(name)s kan weer inloggen.", name=found.name))


def _projects() -> list[Project]:
    return list(db.session.scalars(access.owned(Project, access.me()).order_by(Project.name)))


def _post_of(account: Staff) -> dict[str, list[str]]:
    return {"roles": [r.name for r in account.roles], "projects": [str(p.id) for p in account.projects]}


def _done(account: Staff, what: str, told: str) -> Response:
    audit.note(db.session, account, what, by=access.me(), now=world.now())
    flash(told, "success")
    return redirect(url_for("admin.home"))


def _shown(account: Staff, password: str, what: str) -> str:
    audit.note(db.session, account, what, by=access.me(), now=world.now())
    return render_template("admin/password.html", account=account, password=password)
