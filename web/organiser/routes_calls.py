"""Routes of the call list and of letters on paper: whatever a person has to bring over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from web import access, languages, printing, world
from web.errors import Mishap, Missing
from web.jobs import worldly
from web.organiser import call_words, message_words
from web.organiser.routes import blueprint
from web.printing import PrintedLetter
from web.rows import DueLetter, Signup, db
from web.rows.invitations import ANSWERS, Partstat
from web.services.messages import by_hand, by_post, calling, talking
from web.services.messages.by_hand import MessageByHand
from web.services.outbox.context import Worldly
from web.services.text.called import called, callers
from web.transaction import transaction

EVERYBODY = by_hand.MOST
"""On one page, for who asks for all of them."""


def _world() -> Worldly:
    return worldly(current_app)


def _marked() -> dict[str, DueLetter]:
    """The letters that this form is about, of this account."""
    wanted = access.owned(DueLetter, access.me())
    return by_hand.marked(db.session, wanted, request.form.getlist("brief"))


@blueprint.get("/bellijst")
def calls() -> str:
    """Everybody who waits for a person, soonest first, with what to say."""
    account, now, chosen = access.me(), world.now(), call_words.chosen(request.args)
    wanted = access.owned(DueLetter, account)
    most = EVERYBODY if "alles" in request.args else calling.SHOWN
    found = calling.calls(db.session, wanted, now, _world(), by=account, chosen=chosen, most=most)
    return render_template(
        "organiser/calls.html",
        list=found,
        names=callers(call.who for call in found.calls),
        letters=calling.on_paper(db.session, wanted, now),
        choices=call_words.choices(found, chosen, now),
        chosen=chosen,
        now=now,
        words=message_words,
        calls=call_words,
    )


@blueprint.post("/bellijst")
def call() -> AnyResponse:
    """How a call went."""
    talk = talking.Talk(db.session, _marked(), access.me(), world.now(), _world())
    try:
        with transaction(db.session):
            done = _done(talk, request.form.get("do", ""))
    except Missing:
        raise
    except Mishap as mishap:
        flash(message_words.too_late(mishap), "error")
    else:
        flash(*done)
    return redirect(call_words.address(call_words.chosen(request.args)))


def _done(talk: talking.Talk, do: str) -> tuple[str, str]:
    verb, _colon, number = do.partition(":")
    if verb == "missed":
        talk.missed()
        return _("Genoteerd: niet bereikt."), "ok"
    said = _("Genoteerd: bereikt.")
    if verb in ANSWERS:
        many, said = talk.reached_all(verb), _answer(verb)
    elif verb in ("yes", "no") and number.isascii() and number.isdecimal():
        many = talk.offered(int(number), verb == "yes")
        said = _("Genoteerd: komt.") if verb == "yes" else _("Genoteerd: komt niet.")
    elif verb == "reached":
        many = talk.reached(_answers())
    else:
        raise Missing
    if many < len(talk.letters):
        return _("Dit bericht was al gebracht, of het is veranderd. Kijk wat er nu in de lijst staat."), "warning"
    return said, "ok"


def _answer(verb: str) -> str:
    return {Partstat.ACCEPTED: _("Genoteerd: komt."), Partstat.DECLINED: _("Genoteerd: komt niet.")}.get(
        Partstat(verb), _("Genoteerd: komt misschien.")
    )


def _answers() -> dict[int, str]:
    """What was ticked, by invitation."""
    typed = {name.removeprefix("komt-"): value for name, value in request.form.items() if name.startswith("komt-")}
    return {int(id): said for id, said in typed.items() if said in ANSWERS and id.isascii() and id.isdecimal()}


@blueprint.get("/brieven")
def letters() -> str:
    """The letters that wait for paper."""
    found = _letters()
    sheets = by_post.sheets(found)
    return render_template(
        "organiser/letters.html", letters=found, sheets=sheets, names=_names(found), words=message_words
    )


def _names(messages: Sequence[MessageByHand]) -> dict[int, str]:
    """What to call whom a letter is for, by letter: two namesakes may both fetch theirs at the desk."""
    found = {one.letter.id: db.session.get(Signup, one.letter.signup_id or 0) for one in messages}
    names = called({one.id: one for one in found.values() if one is not None}.values())
    return {letter: names[one.id] for letter, one in found.items() if one is not None}


def _letters() -> list[MessageByHand]:
    account = access.me()
    found = by_post.letters(db.session, access.owned(DueLetter, account), world.now(), _world())
    by_post.note(db.session, [message.letter for message in found], "read letters", account, world.now())
    return found


@blueprint.post("/brieven.pdf")
def letters_file() -> Response:
    """These letters, to print."""
    told: dict[str, Any] = {"by": access.me(), "now": world.now(), "world": _world()}
    # Kept before the file is made, for which nobody who signs up should have to wait.
    with transaction(db.session):
        printed = by_post.to_print(db.session, _marked(), **told)
        names = _names(printed)
        pages = tuple(_printed(one, names.get(one.letter.id, one.parcel.name)) for one in by_post.sheets(printed))
    sender = world.settings().sender.name
    data = printing.letters(printing.Letters(sender, pages), languages.language())
    headers = {"Content-Disposition": 'attachment; filename="brieven.pdf"'}
    return Response(data, content_type="application/pdf", headers=headers)


def _printed(message: MessageByHand, name: str) -> PrintedLetter:
    parcel = message.parcel
    greeting, news, *rest = message.paragraphs
    # The subject heads the sheet, and the news is the beginning of it.
    said = [greeting, *rest] if parcel.subject.startswith(news[0]) else message.paragraphs
    paragraphs = tuple(tuple(lines) for lines in said)
    return PrintedLetter(name, parcel.address, parcel.subject, paragraphs, parcel.language)


@blueprint.post("/brieven/verstuurd")
def letters_posted() -> AnyResponse:
    """Exactly these are on their way."""
    marked = _marked()
    try:
        with transaction(db.session):
            many = by_post.posted(db.session, marked, by=access.me(), now=world.now(), world=_world())
    except by_post.NotPrinted as early:
        flash(_(early.sentence), "error")
        return redirect(url_for(".letters"))
    flash(ngettext("%(num)d brief is verstuurd.", "%(num)d brieven zijn verstuurd.", many), "ok")
    if many < len(marked):
        flash(_("Een brief is al verstuurd, of intussen veranderd. Kijk wat er nu in de lijst staat."), "warning")
    return redirect(url_for(".letters"))
