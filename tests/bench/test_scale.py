"""Thousands of people for the bench: the same files for a seed, readable, and powers by hand."""

from pathlib import Path

import pytest

from matcher.bench.growing import grow
from matcher.bench.scale import power
from matcher.tables.files import Files, read_inputs


def test_people_grow_with_sessions_and_facilitators_in_proportion(tmp_path: Path) -> None:
    for name in ("one", "two"):
        grow(400, tmp_path / name)
    names = ("people", "sessions", "facilitators")
    files = {name: tmp_path / "one" / f"{name}.csv" for name in names}
    assert all(path.read_bytes() == (tmp_path / "two" / path.name).read_bytes() for path in files.values())
    problem = read_inputs(Files(**files, format=tmp_path / "one" / "format.toml")).problem
    assert len(problem.people) == 400
    seats = 8 * sum(session.groups for session in problem.sessions)
    assert 0.9 < 400 / seats < 1
    assert 3 * len(problem.facilitators) > sum(session.groups for session in problem.sessions)


def test_a_power_is_the_slope_of_the_logarithms() -> None:
    assert power([(10, 5.0), (100, 50.0), (1000, 500.0)]) == pytest.approx(1)
    assert power([(10, 1.0), (100, 100.0)]) == pytest.approx(2)
