"""How far a series is: from a draft to the last evening, with figures that were counted, and tables seat by seat."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web import world
from web.rows import Invitation, Proposal, Series, db
from web.rows.groups import ProposalState
from web.rows.invitations import Partstat
from web.rows.meetings import SeriesState
from web.services.invitations.reconciling import reconcile
from web.services.messages.course import Course, Ring, Stage, course

pytestmark = pytest.mark.slow


def now_is(cast: Cast) -> Course:
    series = db.session.get_one(Series, cast.series)
    return course(db.session, series, world.settings(), world.now())


def test_a_series_goes_from_stage_to_stage_and_its_figures_follow(app: Flask, cast: Cast) -> None:
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup.id for name in ("Bart", "Els", "Gijs")]
        series = db.session.get_one(Series, cast.series)
        series.state = SeriesState.DRAFT
        assert now_is(cast).stage == Stage.DRAFT
        series.state = SeriesState.OPEN
        found = now_is(cast)
        assert (found.stage, found.accepted, found.days, found.rings) == (Stage.OPEN, None, 53, {})
        db.session.add(
            Proposal(
                organisation_id=cast.organisation, project_id=cast.project, series_id=cast.series,
                asked_at=NOW, seed=1, seconds=1.0, config_hash="x", status=ProposalState.DONE,
            )
        )  # fmt: skip
        assert now_is(cast).stage == Stage.COMPOSED
        casting.plan_of(cast, {(cast.sessions[0], 1): people})
        reconcile(db.session, series, NOW)
        said = db.session.query(Invitation).order_by(Invitation.id).all()
        said[0].partstat, said[1].partstat = Partstat.ACCEPTED, Partstat.DECLINED
        db.session.commit()
        found = now_is(cast)
        assert (found.stage, found.accepted) == (Stage.PUBLISHED, 1)
        assert found.rings == {cast.sessions[0]: [Ring(number=1, yes=1, open=1, no=1)]}
        app.extensions["clock"].now = series.sessions[0].starts + timedelta(minutes=1)
        assert now_is(cast).stage == Stage.EVENING
        series.state = SeriesState.FINISHED
        assert now_is(cast).stage == Stage.FINISHED


def test_places_are_its_own_limit_or_what_fits_at_its_tables(app: Flask, cast: Cast) -> None:
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        largest = world.settings().formats[series.format].format.size.max
        fits = sum(min(row.groups * largest, world.settings().orientation.people) for row in series.sessions)
        assert now_is(cast).places == fits
        series.capacity = 7
        assert now_is(cast).places == 7


def test_the_overview_shows_the_line_one_next_step_and_closing_among_the_facts(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup.id for name in ("Bart", "Els")]
        casting.plan_of(cast, {(cast.sessions[0], 1): people})
    for path in ("/werk/", f"/werk/{cast.series}"):
        page = amina.get(path).text
        assert re.search(r'<li class="now" aria-current="step"><span>Verstuurd<', page), path
        assert 'aria-label="Tafel 1: 0 komen, 2 zeiden nog niets"' in page or path == "/werk/"
        assert page.count("utrecht-button--primary-action") <= 1, path
    assert "wachtlijst open" in page and "aanmelding open" not in page
    assert page.index("Over deze ontmoeting") < page.index("Sluit de aanmelding")


def test_an_empty_organisation_sees_what_comes_first(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        db.session.delete(db.session.get_one(Series, cast.series))
        db.session.commit()
    page = amina.get("/werk/").text
    assert "Je eerste ontmoeting" in page and "maak je de tafels" in page and "Dit doe je vandaag" not in page
