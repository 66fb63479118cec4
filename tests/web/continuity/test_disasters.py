"""A server that is killed while people sign up loses nobody it said yes to, nor does a backup from between."""

from __future__ import annotations

from random import Random

import pytest

from web.bench import disasters, killed_server, scenes
from web.bench.scenes import DisasterSize

pytestmark = pytest.mark.slow

SMALL = DisasterSize(kills=1, people=4, rows=5)


def test_whoever_was_told_that_they_are_in_is_in_once_whatever_is_killed() -> None:
    ends, told = killed_server.signing_up(SMALL, Random(3))
    assert (ends.lost, ends.double, ends.bricked) == (0, 0, 0)
    assert ends.kills == 1
    assert told.startswith("backup taken between two kills: 0 of ")


def test_an_import_that_is_killed_is_done_once() -> None:
    with scenes.importing_rows(SMALL) as scene:
        ends = disasters.killed(scene, SMALL.kills, Random(3))
    assert (ends.lost, ends.double, ends.bricked) == (0, 0, 0)
