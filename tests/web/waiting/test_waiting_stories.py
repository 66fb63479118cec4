"""Whatever happens in whatever order: never more than capacity, nobody overtaken, nobody silent, no place for nothing.

300 stories run here; REBUBBELEN_STORIES=20000 tells as many. A story that goes wrong says its seed and its steps.
"""

from __future__ import annotations

import os
import random

import pytest
from flask import Flask

from tests.web.cast import NOW, Cast
from tests.web.waiting_story import STEPS, Story
from web.rows import Erasure, Offer, Plan, Proposal, Series, Signup, db
from web.rows.meetings import SeriesState

pytestmark = pytest.mark.slow

STORIES = int(os.environ.get("REBUBBELEN_STORIES", "300"))
BATCHES = 10
LENGTH = 12


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_waiting_list_keeps_its_promises(app: Flask, cast: Cast, batch: int) -> None:
    happened = set()
    with app.app_context():
        for seed in range(batch, STORIES, BATCHES):
            happened |= _told(app, cast, seed)
    assert happened >= {"offer", "plan", "waited"} or STORIES < 100, "the stories are about something"


def _told(app: Flask, cast: Cast, seed: int) -> set[str]:
    dice = random.Random(seed)
    story, steps = Story(app, cast, dice), []
    for _ in range(4):
        story.signs_up()
    try:
        for _ in range(LENGTH):
            step = dice.choice(STEPS)
            steps.append(step.__name__)
            step(story)
            story.holds()
    except AssertionError as wrong:
        raise AssertionError(f"story {seed}: {', '.join(steps)}: {wrong}") from wrong
    happened = {
        key for key, kind in (("offer", Offer), ("plan", Plan), ("waited", Signup)) if db.session.query(kind).count()
    }
    _forget(app, cast)
    return happened


def _forget(app: Flask, cast: Cast) -> None:
    """The stage as it was, for the next story."""
    for kind in (Proposal, Plan, Signup, Erasure):
        db.session.query(kind).delete()
    series = db.session.get_one(Series, cast.series)
    series.state, series.counted = SeriesState.OPEN, 0
    db.session.commit()
    db.session.remove()
    app.extensions["clock"].now = NOW
