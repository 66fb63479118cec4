"""Many people without a seat: those of a kind are looked at once and hear the same as one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import matcher.explain as explaining
from matcher.bench.problems import evenings
from matcher.engine import match
from matcher.explain.causes import certain
from matcher.explain.joining import Joining
from matcher.explain.personal import Personal
from matcher.explain.room import stuck


@pytest.fixture(scope="module")
def crowded() -> tuple[Any, ...]:
    """What the engine explains where one group in three may open: model, board, staffing and places."""
    problem = evenings(60, 2, 1)
    few = replace(problem, sessions=tuple(replace(s, groups=max(1, s.groups // 3)) for s in problem.sessions))
    with pytest.MonkeyPatch.context() as patch:
        told: list[tuple[Any, ...]] = []
        known = explaining.explain
        patch.setattr("matcher.engine.explain", lambda *given: told.append(given) or known(*given))
        match(few, iterations=20_000)
    return told[0]


def joining_of(crowded: tuple[Any, ...]) -> Joining:
    model, board, staffing, place, *_ = crowded
    return Joining(Personal(model), board, staffing, place)


def able(joining: Joining) -> list[int]:
    """Units without a seat who could have one in some plan."""
    units = joining.model.units
    return [u for u in joining.waiting.tolist() if not any(certain(joining.personal, i) for i in units[u])]


def test_who_is_of_a_kind_hears_what_they_would_hear_alone(crowded: tuple[Any, ...]) -> None:
    joining = joining_of(crowded)
    causes = explaining._Causes(joining)
    waiting = able(joining)
    assert len(waiting) > 20
    assert [causes.of(u) for u in waiting] == [stuck(joining, u) for u in waiting]
    assert len(causes.kinds) <= len(waiting)


def test_beyond_some_kinds_nobody_is_looked_at_alone(crowded: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    joining, looked = joining_of(crowded), list[int]()
    monkeypatch.setattr(explaining, "KINDS", 3)
    monkeypatch.setattr(explaining, "stuck", lambda j, u: looked.append(u) or stuck(j, u))
    causes = explaining._Causes(joining)
    found = [causes.of(u) for u in able(joining)]
    crowds = {joining.crowd(u) for u in able(joining)}
    assert len(looked) <= 3 + len(crowds) < len(found)


def test_no_further_change_is_tried_once_it_is_late(crowded: tuple[Any, ...]) -> None:
    hurried = explaining.explain(*crowded[:5], late=lambda: True)
    assert not hurried["relaxations"]
    assert len(hurried["reasons"]) == len(explaining.explain(*crowded[:5])["reasons"]) > 20
