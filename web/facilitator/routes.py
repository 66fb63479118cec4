"""Routes of the facilitator's pages: the door, the list on screen, and the list to take along."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from web import stale_forms, world
from web.facilitator.forms import PinForm
from web.languages import language
from web.limits import limiter, per_hour
from web.printing import GroupList, group_list, group_list_csv, group_list_xlsx
from web.rows import FacilitatorLink, db
from web.services import audit, logins
from web.services.attendance import devices
from web.services.facilitators import access
from web.services.facilitators.print_list import paper, place
from web.services.invitations.feeds import feeding
from web.services.plans import table_list

blueprint = Blueprint("facilitator", __name__, url_prefix="/tafel", template_folder="templates")

INSIDE = "doors"
"""In the signed session: the secret of a login, by the id of the link."""

Write = Callable[[GroupList, str], bytes]
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: dict[str, tuple[Write, str]] = {
    "pdf": (group_list, "application/pdf"),
    "xlsx": (group_list_xlsx, SHEET),
    "csv": (group_list_csv, "text/csv; charset=utf-8"),
}


limiter.limit(per_hour("logins_per_address_per_hour"), methods=["POST"])(blueprint)


@blueprint.after_request
def hide(response: Response) -> Response:
    """No search engine keeps a secret link."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@blueprint.get("/<secret>/")
def own(secret: str) -> str:
    """The list, for who is inside; the door for everybody else."""
    link = access.standing(db.session, secret, world.now())
    return _list(link, secret) if inside(link) else _door(PinForm(), secret)


@blueprint.post("/<secret>/")
def enter(secret: str) -> Answer | tuple[str, int]:
    """Come in with the PIN."""
    access.standing(db.session, secret, world.now())
    form = PinForm()
    if not form.validate_on_submit():
        return _door(form, secret), 422
    try:
        link = access.enter(db.session, secret, form.pin.data, world.now(), world.vault())
    except access.WrongPin as wrong:
        return _door(form, secret, wrong.left), wrong.status
    session[INSIDE] = {**session.get(INSIDE, {}), str(link.id): logins.begin_at_table(db.session, link, world.now())}
    # Whoever had this browser before knows the token of its forms.
    session.pop(stale_forms.TOKEN, None)
    g.pop(stale_forms.TOKEN, None)
    return redirect(url_for("facilitator.own", secret=secret))


@blueprint.get("/<secret>/lijst.<any(pdf, xlsx, csv):kind>")
def take(secret: str, kind: str) -> Answer:
    """The list as a file."""
    link = access.standing(db.session, secret, world.now())
    if not inside(link):
        return redirect(url_for("facilitator.own", secret=secret))
    write, mime = FILES[kind]
    content = write(paper(groups_of(link), world.now()), language())
    audit.note(db.session, link.session, f"list_{kind}", by=link.facilitator, now=world.now())
    name = f"tafels-{world.local(link.session.starts):%Y-%m-%d}.{kind}"
    return Response(content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.post("/<secret>/agenda")
def follow(secret: str) -> Answer:
    """A calendar with all the own groups to follow, at a new address; or none any more."""
    link = access.standing(db.session, secret, world.now())
    if inside(link):
        change = feeding.stop if request.form.get("wish") == "stop" else feeding.renew
        change(db.session, link.facilitator, world.now(), by=link.facilitator)
    return redirect(url_for("facilitator.own", secret=secret, _anchor="agenda"))


@blueprint.post("/<secret>/uit")
def leave(secret: str) -> Answer:
    """Close the door behind you."""
    link = access.standing(db.session, secret, world.now())
    logins.end_at_table(db.session, link, _login(link))
    session[INSIDE] = {id: login for id, login in session.get(INSIDE, {}).items() if id != str(link.id)}
    return redirect(url_for("facilitator.own", secret=secret))


def inside(link: FacilitatorLink) -> bool:
    """Whether this browser came in by the PIN of this link."""
    return logins.is_at_table(db.session, link, _login(link), world.now())


def _login(link: FacilitatorLink) -> str:
    return str(session.get(INSIDE, {}).get(str(link.id), ""))


def groups_of(link: FacilitatorLink) -> table_list.Listing:
    """The groups behind the door, for the page as for paper."""
    return table_list.groups_of(db.session, link, world.settings(), language())


def _list(link: FacilitatorLink, secret: str) -> str:
    found = groups_of(link)
    audit.note(db.session, link.session, "list_seen", by=link.facilitator, now=world.now())
    feed = feeding.of(db.session, link.facilitator)
    return render_template(
        "facilitator/list.html",
        listing=found,
        link=link,
        secret=secret,
        place=place(found.session),
        tonight=bool(devices.dates_open(link, world.now())),
        address=url_for("public.feed", secret=feed.secret, _external=True) if feed else "",
    )


def _door(form: PinForm, secret: str, left: int | None = None) -> str:
    if left is not None:
        form.pin.data = ""
        form.pin.errors = [
            ngettext(
                "Deze pincode klopt niet. Je kunt het nog %(num)s keer proberen.",
                "Deze pincode klopt niet. Je kunt het nog %(num)s keer proberen.",
                left,
            )
        ]
    return render_template("facilitator/door.html", form=form, secret=secret)
