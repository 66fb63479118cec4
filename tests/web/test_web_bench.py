"""The benches of the site measure what they say: on tiny towns, with everybody counted; how fast is not asserted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.programs import CHROMIUM
from web.bench import crowd, editing, many, rush, starting, visiting
from web.bench.crowd import Came
from web.bench.server import ROOT, Answered
from web.bench.town import Town, residents, sign_up_all, town
from web.rows import Series, db
from web.world import utc_now


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "run.py", "bench", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def here() -> Iterator[Town]:
    with town() as found:
        yield found


def test_help_names_the_family_of_the_site_beside_those_of_the_engine() -> None:
    told = bench("--help")
    assert told.returncode == 0
    assert {"peers", "scale", "web", "rush"} <= {line.split()[0] for line in told.stdout.splitlines() if line.strip()}


def test_the_family_of_the_site_takes_no_file() -> None:
    told = bench("web", "people.csv")
    assert told.returncode == 2
    assert "web takes no argument" in told.stderr


def test_who_is_lost_doubled_or_answered_with_a_fault_is_counted(here: Town) -> None:
    (series,) = crowd.opened(here, {"samen-koken": 1})
    with here.app.app_context():
        stored = db.session.query(Series).one()
        both = list(residents(2, stored.sessions)) * 2
        sign_up_all(db.session, stored, both, utc_now(), here.app.extensions["vault"])
    names = [resident.answers.name for resident in both[:2]]
    came = [Came(names[0], ("/a", "/a"), ()), Came(names[1], ("/b", "/c"), ()), Came("Nobody", ("",), ())]
    told = crowd.counted(here, series, came, [Answered(200, 0.1, 0.1, 0), Answered(500, 0.1, 0.1, 0)])
    assert told == "1 lost, 2 double, 2 with two links; 1 in, 3 waiting; 1 times 5xx"


@pytest.mark.slow
def test_a_small_crowd_is_counted_exactly_once_whoever_presses_twice_or_comes_last() -> None:
    speed, kept, race = crowd.cases(crowd.CrowdSize(people=10, at_once=5, capacity=6, last=2))
    assert "time of 102 answers" in speed[0]
    assert "2 press twice" in kept[0]
    assert kept[1] == "0 lost, 0 double, 0 with two links; 6 in, 4 waiting; 0 times 5xx"
    assert race[1].startswith("0 lost, 0 double, 0 with two links; 2 in, 3 waiting; 0 times 5xx; ")


@pytest.mark.slow
def test_a_small_neighbourhood_is_published_in_one_transaction_and_its_people_are_moved() -> None:
    publish, moves, page = editing.cases(editing.EditingSize(people=30, times=2, groups=3, moves=2, iterations=20_000))
    assert " s, 1 transaction; " in publish[1]
    assert int(publish[1].split()[-3]) > 20
    assert "30 people, 6 groups: a move and the board after it, 2 times" in moves[0]
    assert all("median" in row[1] for row in (moves, page))


@pytest.mark.slow
def test_every_page_with_many_people_is_opened_before_there_are_groups_and_after() -> None:
    rows = list(many.cases(many.ManySize(people=16, seated=14)))
    assert len(rows) == 22
    assert rows[2][0] == "16 sign-ups: list"
    assert rows[-1][0] == "16 sign-ups, 14 at a table: search by name"
    for case, measured, _target in rows:
        seconds, weight = measured.split(" s, ")
        assert float(seconds) >= 0, case
        assert int(weight.removesuffix(" kB")) > 3, case


@pytest.mark.slow
def test_the_demo_answers_and_ends() -> None:
    ((case, measured, _),) = starting.cases()
    assert case.startswith("run.py demo")
    assert float(measured.removesuffix(" s")) > 0


@pytest.mark.slow
def test_a_first_visit_is_weighed_and_goes_all_the_way_by_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "CHROMIUM", CHROMIUM.needed())
    with ThreadPoolExecutor(1) as beside:  # the browser of the other tests has this thread
        weight, slow, keys = beside.submit(lambda: list(visiting.cases())).result()
    assert 10 < float(weight[1].split()[0]) < 250
    assert "on the worst of 6 pages" in slow[1]
    assert 5 < int(keys[1].split()[0]) <= 12


@pytest.mark.servers
def test_a_small_rush_is_counted_to_the_last() -> None:
    ((case, measured, _),) = rush.cases(rush.RushSize(rate=5, seconds=2, series=2, at_once=4))
    assert case.startswith("10 residents press the last button, 5 a second")
    assert "; 0 lost, 0 double, 0 letters too few or too many, 0 other answers" in measured


def test_without_servers_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush, "NEEDED", ("no-such-server",))
    assert [measured for _, measured, _ in rush.cases()] == ["not measured: no no-such-server"]


def test_without_a_browser_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "CHROMIUM", "no-such-browser")
    assert {measured for _, measured, _ in visiting.cases()} == {"not measured: no Chromium"}
