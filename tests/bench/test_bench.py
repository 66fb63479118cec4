"""The benches measure what they say: by hand on tiny cases, and through their files."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from matcher.bench import golfer, mdgp, metrics
from matcher.cli import door
from matcher.faults import BadInput

ANSWERS = {"a": ("x",), "b": ("x",), "c": ("y",), "d": ("y",)}
MIXED = [[["a", "c"], ["b", "d"]]]
APART = [[["a", "b"], ["c", "d"]]]


def test_hamming_is_full_when_every_pair_differs() -> None:
    assert metrics.hamming_percent(ANSWERS, MIXED) == 100
    assert metrics.hamming_percent(ANSWERS, APART) == 0


def test_repeats_count_every_meeting_but_the_first() -> None:
    assert metrics.repeats(MIXED + APART) == 0
    assert metrics.repeats(MIXED * 3) == 4


def test_lone_members_are_counted_for_small_bubbles_only() -> None:
    assert metrics.lone_minority(ANSWERS, MIXED, below=0.6) == 4
    assert metrics.lone_minority(ANSWERS, MIXED, below=0.5) == 0
    assert metrics.lone_minority(ANSWERS, APART, below=0.6) == 0


TINY = "6 2 ds 2 4 2 4\n" + "\n".join(f"{i} {j} {abs(i - j)}.5" for i in range(6) for j in range(i + 1, 6)) + "\n"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.txt"
    path.write_text(TINY, encoding="utf-8")
    return path


def test_mdgp_finds_the_best_of_a_tiny_instance(tiny: Path) -> None:
    instance = mdgp.read(tiny)
    groupings = np.array([[mask >> i & 1 for i in range(6)] for mask in range(64)])
    allowed = [g for g in groupings if 2 <= g.sum() <= 4]
    best = max(mdgp.value(instance, g) for g in allowed)
    assert mdgp.value(instance, mdgp.solve(instance, 0.3)) == pytest.approx(best)


def test_mdgp_prints_the_objective_last_and_writes_the_groups(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "groups.txt"
    told = CliRunner().invoke(door, ["bench", "mdgp", str(tiny), "--seconds", "0.2", "--assignment", str(out)])
    groups = np.array([int(line) for line in out.read_text().split()])
    assert told.exit_code == 0
    assert told.output.splitlines()[-1] == f"objective {mdgp.value(mdgp.read(tiny), groups):.3f}".removesuffix(".000")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no head"),
        ("6 2 ds 1 2\n", "no head"),
        ("6 2 ds 1 2 1 2\n", "cannot hold 6"),
        ("2 1 ss 2 2\n0 5 1\n", "0 5 1"),
        ("2 1 ss 2 2\n0 1 far\n", "far"),
    ],
)
def test_a_broken_instance_says_which_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "broken.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        mdgp.read(path)
    assert says in str(raised.value)


def test_golfers_sit_once_a_round_in_groups_of_the_right_size() -> None:
    found = golfer.solve(4, 3, 4, 1.0)
    assert found.shape == (4, 12)
    assert all(np.bincount(row, minlength=4).tolist() == [3] * 4 for row in found)
    assert golfer.distinct(found) == golfer.most(4, 3, 4) == 48


def test_golfer_prints_the_pairs_last_and_writes_the_schedule(tmp_path: Path) -> None:
    out = tmp_path / "schedule.csv"
    arguments = ["bench", "golfer", "3", "2", "2", "--seconds", "0.3", "--schedule", str(out)]
    told = CliRunner().invoke(door, arguments)
    assert told.output.splitlines()[-1] == "distinct 6 of 6"
    assert out.read_text().splitlines()[0] == "round,group,person"
    assert len(out.read_text().splitlines()) == 13
