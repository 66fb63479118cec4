"""A problem in parts: the same plan wherever they are solved, nobody lost when a worker is, firm rules kept."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from matcher.bench.growing import grow
from matcher.checking import check
from matcher.cluster import Unreachable, match
from matcher.cutting import cut
from matcher.domain import Problem, Session
from matcher.engine import in_order
from matcher.model import Model
from matcher.outcome import Progress
from matcher.places import open_places
from matcher.tables.files import Files, read_inputs
from tests.builders import problem

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    """People of the example drawn again, who could come on several evenings."""
    folder = tmp_path_factory.mktemp("grown")
    grow(160, folder)
    names = ("people", "sessions", "facilitators")
    return read_inputs(Files(**{n: folder / f"{n}.csv" for n in names}, format=folder / "format.toml")).problem


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as found:
        yield found


def test_parts_share_nobody_and_no_session_and_are_the_whole(neighbours: Problem) -> None:
    model = Model(in_order(neighbours))
    parts = cut(model, open_places(model, 1), 40)
    assert len(parts) > 2
    people = [person.id for part in parts for person in part.people]
    sessions = [session.id for part in parts for session in part.sessions]
    assert sorted(people) == sorted(person.id for person in neighbours.people)
    assert sorted(sessions) == sorted(session.id for session in neighbours.sessions)
    for part in parts:
        here = {session.id for session in part.sessions}
        assert all(not person.sessions or person.sessions <= here for person in part.people)


def test_who_meets_often_is_never_cut_from_whom_they_may_meet_again() -> None:
    table = "id | sessions\n" + "\n".join(f"p{n} | {'s1 s2' if n < 6 else 's3 s4'}" for n in range(12))
    sessions = [Session(f"s{n}", 2, 2 - n % 2) for n in range(1, 5)]
    whole = problem(table, sessions=sessions, size=(2, 3, 3), series="rounds", rounds=2)
    model = Model(in_order(whole))
    parts = cut(model, open_places(model, 1), 2)
    assert [sorted(session.id for session in part.sessions) for part in parts] == [["s1", "s2"], ["s3", "s4"]]


def test_the_same_parts_give_the_same_plan_here_and_on_a_cluster_that_loses_a_worker(
    neighbours: Problem, cluster: LocalCluster
) -> None:
    alone = match(neighbours, people=40, iterations=60_000, workers=1)
    assert not [breach for breach in check(neighbours, alone.plan).breaches if breach.firm]
    assert alone.figures.placed > 0.9 * len(neighbours.people)
    victims = [worker.pid for worker in cluster.workers.values()]
    told: list[str] = []

    def kill(news: Progress) -> bool:
        told.append(news.phase)
        if victims:
            os.kill(victims.pop(), signal.SIGKILL)
            victims.clear()
        return False

    again = match(
        neighbours, scheduler=cluster.scheduler_address, people=40, iterations=60_000, workers=1, progress=kill
    )
    assert again.plan == alone.plan
    assert any(phase.startswith("parts") for phase in told)


def test_who_asks_to_stop_gets_what_is_there(neighbours: Problem) -> None:
    stopped = match(neighbours, people=40, iterations=60_000, workers=1, progress=lambda _: True)
    assert not [breach for breach in check(neighbours, stopped.plan).breaches if breach.firm]


def test_an_address_where_nobody_is_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.cluster.PATIENCE", 1)
    with pytest.raises(Unreachable):
        match(problem("id\nann\nbo"), scheduler="tcp://127.0.0.1:9", iterations=100)


def test_without_dask_nothing_else_misses_it() -> None:
    source = (Path(__file__).parent.parent / "matcher" / "cluster.py").read_text("utf-8")
    assert "\nfrom distributed" not in source and "\nimport dask" not in source
