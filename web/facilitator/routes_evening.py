"""Routes of the evening itself: who is there, a tap each, sent one by one or in lots by a device that was offline."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import world
from web.facilitator.routes import blueprint, groups_of, inside
from web.form_checks import one_line, row_number
from web.rows import FacilitatorLink, Gathering, db
from web.rows.attendance import CAME
from web.services import audit
from web.services.attendance import devices, ending, sheet
from web.services.attendance.sheet import Sheet
from web.services.facilitators import access
from web.services.facilitators.print_list import place
from web.services.text.tokens import new_token
from web.transaction import transaction


@blueprint.get("/<secret>/avond")
def evening(secret: str) -> str | Response:
    """Who is there? For who is inside, on the day itself."""
    link = access.standing(db.session, secret, world.now())
    date = _date(link)
    if not inside(link) or date is None:
        return redirect(url_for("facilitator.own", secret=secret))
    audit.note(db.session, link.session, "list_seen", by=link.facilitator, now=world.now())
    found, listing = _sheet(link, date), groups_of(link)
    said = {person.signup.id: person.presence for person in found.people}
    shown = [person.id for group in listing.groups for person in group.people]
    return render_template(
        "facilitator/evening.html",
        secret=secret,
        date=date,
        listing=listing,
        place=place(link.session),
        project=link.session.round.series.project,
        said=said,
        guests={table.number: table.walk_ins for table in found.tables},
        ends=ending.of(db.session, date),
        here=sum(said[id] in CAME for id in shown) + found.walk_ins,
        all=len(shown) + found.walk_ins,
    )


def _date(link: FacilitatorLink) -> Gathering | None:
    """The date that it is now about: the last that began or is near."""
    return next(iter(devices.dates_open(link, world.now())), None)


def _sheet(link: FacilitatorLink, date: Gathering) -> Sheet:
    return sheet.of(db.session, date, led_by=link.facilitator_id)


@blueprint.post("/<secret>/avond")
def tap(secret: str) -> Response:
    """One tap of a page without a script."""
    link = access.standing(db.session, secret, world.now())
    date = _date(link)
    if inside(link) and date is not None:
        lot = [_tapped() | {"date": date.id}]
        with transaction(db.session):
            taken = devices.take(db.session, link, lot, world.now(), world.now())
        if taken.refused:
            flash(_("Dit ging niet. Deze persoon zit niet meer aan jouw tafel, of de naam was leeg."), "error")
    return redirect(url_for("facilitator.evening", secret=secret, _anchor=request.form.get("naar") or None))


def _tapped() -> dict[str, object]:
    who, walk_in, table = (request.form.get(key, "") for key in ("wie", "zomaar", "tafel"))
    said, entry = request.form.get("is", ""), new_token()
    told: dict[str, object] = {"id": entry, "presence": said, "at": world.now().timestamp() * 1000}
    if who:
        return told | {"who": row_number(who)}
    name = one_line(request.form.get("naam", ""))
    return told | {"walk_in": walk_in or entry, "name": "" if walk_in else name, "table": row_number(table)}


@blueprint.post("/<secret>/klaar")
def done(secret: str) -> Response:
    """A table is done: how many there were, a face, and whether to call."""
    link = access.standing(db.session, secret, world.now())
    date = _date(link)
    if not inside(link) or date is None:
        return redirect(url_for("facilitator.own", secret=secret))
    heads, number = request.form.get("mensen", "").strip(), row_number(request.form.get("tafel", ""))
    with transaction(db.session):
        ending.end(
            db.session,
            link,
            date,
            number,
            heads=row_number(heads) if heads.isdecimal() else None,
            mood=request.form.get("gezicht", ""),
            call_me="bel" in request.form,
            now=world.now(),
        )
    flash(_("Dank je wel. Je buurtwerker ziet het. Fijne avond nog!"), "success")
    return redirect(url_for("facilitator.evening", secret=secret))


@blueprint.post("/<secret>/tikken")
def taps(secret: str) -> Response:
    """A lot of taps of a device; what it need not send again, and how it stands now."""
    link = access.standing(db.session, secret, world.now())
    if not inside(link):
        return redirect(url_for("facilitator.own", secret=secret))
    now = world.now()
    lot = devices.read(request.form.get("tikken", ""))
    with transaction(db.session):
        taken = devices.take(db.session, link, lot, devices.moment(request.form.get("klok", "")), now)
    date = _date(link)
    found = _sheet(link, date) if date else None
    return jsonify(
        done=taken.done,
        refused=taken.refused,
        minutes_off=taken.minutes_off,
        said={person.signup.id: person.presence for person in found.people} if found else {},
        guests={mark.walk_in: mark.walk_in_name for table in found.tables for mark in table.walk_ins} if found else {},
    )
