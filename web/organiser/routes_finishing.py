"""Routes of the end of a series: what was done with it, and telling that to everybody who was there."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from web import access, world
from web.organiser import message_words
from web.organiser.forms_finishing import StoryForm
from web.organiser.routes import blueprint, series_for_me
from web.rows import Series, db
from web.rows.meetings import SeriesState
from web.services.messages import by_hand
from web.services.schedule import closing, manage
from web.transaction import transaction

Answer = str | tuple[str, int] | Response


@blueprint.route("/<int:series_id>/afronden", methods=["GET", "POST"])
def finish(series_id: int) -> Answer:
    """Write, look at the letter, and send it; without a text there is no letter. Nothing goes out unseen."""
    series, form = series_for_me(series_id), StoryForm()
    try:
        _may(series)
        if not form.validate_on_submit():
            return _page(series, form)
        story = (form.story.data or "").strip()
        if form.seen.data != closing.mark_of(story):
            return _page(series, form, story)
        return _done(series, story)
    except manage.NotReady as wrong:
        flash(_(wrong.sentence), "error")
        return redirect(url_for(".series", series_id=series.id))


def _may(series: Series) -> None:
    """Raises NotReady; what was finished without a story can be told later."""
    if series.state != SeriesState.FINISHED:
        manage.can_finish(series, world.now())
    elif series.story:
        raise closing.StoryTold


def _page(series: Series, form: StoryForm, story: str | None = None) -> Answer:
    """The form; below it the letter and who gets it, once somebody wrote something, or nothing."""
    found, again = None, bool(form.seen.data)
    if story is not None:
        found = closing.preview(db.session, series, story, world.settings(), to=access.me().name)
        form.seen.data = found.mark
    ways = found.channels if found else {}
    page = render_template(
        "organiser/finish.html",
        series=series,
        form=form,
        preview=found,
        again=again,
        ways=message_words.WAYS,
        called=sum(ways.get(key, 0) for key in by_hand.spoken(world.settings())),
        on_paper=ways.get(by_hand.LETTER, 0),
    )
    return (page, 422) if form.errors else page


def _done(series: Series, story: str) -> Response:
    """What was looked at goes out."""
    act = closing.tell if series.state == SeriesState.FINISHED else closing.finish
    with transaction(db.session):
        many = act(db.session, series, story, by=access.me(), now=world.now())
    told = ngettext("Er gaat %(num)d bericht weg.", "Er gaan %(num)d berichten weg.", many) if many else ""
    flash(" ".join([_("Afgerond."), told]).strip(), "ok")
    return redirect(url_for(".series", series_id=series.id))
