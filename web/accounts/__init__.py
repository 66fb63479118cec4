"""Staff accounts, carried by Flask-Security: password and one-time code, or a passkey."""

from __future__ import annotations

from flask import Flask, Response, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import Security, current_user
from werkzeug import Response as AnyResponse

from config import Secrets
from web import access, stale_forms
from web.accounts import noting, routes_logins, sessions, steps, throttling
from web.accounts.forms import Login, PasskeyAnswer, PasskeyMade, PasskeyName, PasskeyStart, Rescue
from web.accounts.keys import Codes, OneTimeCodes, derived
from web.accounts.people import AccountStore, Passkeys, Passwords
from web.accounts.settings import SETTINGS
from web.languages import Languages
from web.rows.staff import ROLES
from web.services.organisations import passwords


def install(app: Flask, secrets: Secrets) -> None:
    """Set up accounts. The second step is waived in the demo only, whose accounts exist nowhere else."""
    for name, value in {**SETTINGS, **derived(secrets)}.items():
        app.config.setdefault(name, value)
    app.config["SECURITY_TWO_FACTOR_REQUIRED"] = not app.config["DEMO"]
    security = Security(
        app,
        AccountStore(),
        login_form=Login,
        two_factor_rescue_form=Rescue,
        wan_register_form=PasskeyName,
        wan_register_response_form=PasskeyMade,
        wan_signin_form=PasskeyStart,
        wan_signin_response_form=PasskeyAnswer,
        totp_cls=OneTimeCodes,
        password_util_cls=Passwords,
        webauthn_util_cls=Passkeys,
        mf_recovery_codes_util_cls=Codes,
    )
    app.security = security  # type: ignore[attr-defined]
    # An answer in JSON could hold a token, which would outlive the session.
    security.want_json(lambda request: False)
    # Nor does anybody come in by a token, which is looked for in the JSON of every request before any check.
    app.login_manager.request_loader(lambda request: None)  # type: ignore[attr-defined]
    security.i18n_domain = Languages.domain_instance  # type: ignore[assignment]  # asked only for its texts
    sessions.install(app)
    throttling.install(app)
    steps.install(app)
    app.register_blueprint(routes_logins.blueprint)
    noting.install(app)
    app.context_processor(_surroundings)


def signed_in(*roles: str) -> Response | AnyResponse | None:
    """The guard of a staff room: sends visitors to the door, and refuses accounts without the role."""
    if not current_user.is_authenticated:
        if stale_forms.typed():
            return stale_forms.came_back(_("Je bent niet meer ingelogd."), 401, sign_in=url_for("security.login"))
        answer: Response = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    access.need_role(access.me(), *roles)
    return _unfinished()


def _unfinished() -> AnyResponse | None:
    """Where an account goes first: to a password of its own, and to its recovery codes."""
    account = access.me()
    if passwords.is_one_time(account):
        flash(_("Kies eerst een eigen wachtwoord. Het wachtwoord dat je kreeg, werkt daarna niet meer."), "info")
        return redirect(url_for("security.change_password"))
    if sessions.CODES_DUE in session and not account.mf_recovery_codes:
        return redirect(url_for("security.mf_recovery_codes"))
    return None


@routes_logins.blueprint.before_request
def guard() -> Response | AnyResponse | None:
    """Whoever has an account."""
    return signed_in(*ROLES)


def other_rooms() -> list[tuple[str, str, bool]]:
    """For the end of a menu: the administrator's room, and the own account; text, address, whether it is here."""
    rooms = [(_("Beheer"), "admin.home")] if access.is_admin(access.me()) else []
    return [_entry(*room) for room in (*rooms, (_("Mijn account"), "security.change_password"))]


def _entry(text: str, endpoint: str) -> tuple[str, str, bool]:
    room = "security" if request.blueprint == routes_logins.blueprint.name else request.blueprint
    return text, url_for(endpoint), endpoint.partition(".")[0] == room


def _surroundings() -> dict[str, object]:
    # Whether a login still stands is not asked for a file; so the page that says there is none knows nobody.
    if request.endpoint == "static" or not current_user.is_authenticated:
        return {}
    return {
        "signed_in": access.me().name,
        "sign_out_url": url_for("security.logout"),
        "nav": [_entry(_("Ontmoetingen"), "organiser.home"), *other_rooms()],
    }
