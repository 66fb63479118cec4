"""A problem in parts: the same plan wherever they are solved, nobody lost when a worker is, firm rules kept."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from distributed import LocalCluster

from matcher.checking import check
from matcher.cluster import Solved, Unreachable, match, solve_part
from matcher.cutting import cut
from matcher.domain import Facilitator, Problem, Session
from matcher.engine import in_order
from matcher.model import Model
from matcher.outcome import Progress, Result
from matcher.places import open_places
from matcher.rules import KNOWN
from tests.builders import problem

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def neighbours() -> Problem:
    """96 people who could come on two of four evenings, each with room for 24 and three who lead."""
    rows = [f"p{n:02} | {'old' if n % 3 else 'young'} | s{n % 4} s{(n + 1) % 4}" for n in range(96)]
    return problem(
        "id | age | sessions\n" + "\n".join(rows),
        KNOWN["never_alone"](firm=True, dimension="age"),
        sessions=[Session(f"s{n}", 3) for n in range(4)],
        size=(6, 8, 8),
        facilitators=[Facilitator(f"f{n}") for n in range(12)],
        facilitator="required",
        bridging={"age": 1.0},
    )


@pytest.fixture(scope="module")
def alone(neighbours: Problem) -> Result:
    """The plan of one process, in parts."""
    return match(neighbours, people=48, iterations=20_000_000, workers=1)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as found:
        yield found


def test_parts_share_nobody_and_no_session_and_are_the_whole(neighbours: Problem) -> None:
    model = Model(in_order(neighbours))
    parts = cut(model, open_places(model, 1), 48)
    assert len(parts) == 2
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


@pytest.mark.parametrize("allowed", [3, 0], ids=["another solves it", "nobody else may, so it is solved here"])
def test_the_same_parts_give_the_same_plan_here_and_on_a_cluster_that_loses_a_worker(
    neighbours: Problem, alone: Result, cluster: LocalCluster, allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    here: list[int] = []

    def noted(*call: Any) -> Solved:
        here.append(os.getpid())  # what a worker appends stays with the worker
        return solve_part(*call)

    monkeypatch.setattr("matcher.cluster.solve_part", noted)
    cluster.scheduler.allowed_failures = allowed
    cluster.wait_for_workers(2)
    killed: list[int] = []

    def kill(_: Progress) -> None:
        busy = {at for at, worker in dict(cluster.scheduler.workers).items() if worker.processing}
        found = [worker.pid for worker in cluster.workers.values() if worker.worker_address in busy]
        if found and not killed:  # one with a part in its hands: of another nobody would miss anything
            killed.append(found[-1])
            os.kill(found[-1], signal.SIGKILL)

    address = cluster.scheduler_address
    again = match(neighbours, scheduler=address, people=48, iterations=20_000_000, workers=1, progress=kill)
    assert len(killed) == 1, "one was killed"
    assert (len(here) > 0) == (not allowed), "solved here only where nobody else may"
    assert again.plan == alone.plan


def test_no_firm_rule_is_broken_in_a_plan_of_parts(neighbours: Problem, alone: Result) -> None:
    assert not [breach for breach in check(neighbours, alone.plan).breaches if breach.firm]
    assert alone.figures.placed == len(neighbours.people) == alone.phases[0].placed


def test_who_asks_to_stop_gets_what_is_there_at_once(neighbours: Problem) -> None:
    stopped = match(neighbours, people=48, iterations=200_000_000, workers=1, progress=lambda _: True)
    assert stopped.iterations < 20_000_000
    assert stopped.figures.placed > 0
    assert not [breach for breach in check(neighbours, stopped.plan).breaches if breach.firm]


def test_an_address_where_nobody_is_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.cluster.PATIENCE", 1)
    with pytest.raises(Unreachable):
        match(problem("id\nann\nbo"), scheduler="tcp://127.0.0.1:9", iterations=100)


def test_without_the_extra_parts_are_solved_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    given = problem("id\nann\nbo\ncy\ndan", size=(2, 2, 2))
    assert match(given, people=2, iterations=1_000).figures.placed == 4
    with pytest.raises(ImportError):
        match(given, scheduler="tcp://127.0.0.1:9", iterations=100)
