"""run.py lottery: chances, a portfolio to publish, and a draw in public."""

import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.tables.folder import Folder

PEOPLE = "id,age,colour\na,old,red\nb,old,red\nc,old,blue\nd,young,blue\n=e,young,red\n"
QUOTAS = "dimension,bubble,min,max\nage,old,1,1\nage,young,1,1\n"
WORDS = ["lottery", "--people", "people.csv", "--quotas", "quotas.csv", "--places", "2", "--out", "out"]


@pytest.fixture(autouse=True)
def pool(folder: Folder) -> Folder:
    return folder.write({"people.csv": PEOPLE, "quotas.csv": QUOTAS})


def rows(name: str) -> list[dict[str, str]]:
    with open(Path("out", name), encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_chances_are_as_equal_as_the_quotas_allow(run: Run) -> None:
    answer = run(*WORDS)
    assert answer.exit_code == 0, answer.output
    chances = {row["person"]: float(row["probability"]) for row in rows("probabilities.csv")}
    assert chances == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3, "d": 1 / 2, "'=e": 1 / 2}, abs=1e-6)
    assert "the smallest chance is 33.33%, of at most 33.33%." in answer.stdout
    told = json.loads(Path("out/lottery.json").read_text("utf-8"))
    assert told["leximin_proven"] is True
    assert (told["people"], told["places"], told["draw"], told["seed"]) == (5, 2, None, 1)


def test_a_million_tickets_are_dealt(run: Run) -> None:
    run(*WORDS)
    panels = [row for row in rows("portfolio.csv") if row["first_ticket"]]
    bounds = [(int(row["first_ticket"]), int(row["last_ticket"])) for row in panels]
    assert (bounds[0][0], bounds[-1][1]) == (0, 999_999)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(bounds))
    assert sum(float(row["probability"]) for row in panels) == pytest.approx(1.0, abs=1e-5)


def test_the_ticket_decides(run: Run) -> None:
    run(*WORDS)
    last = rows("portfolio.csv")[-1]
    answer = run(*WORDS, "--draw", last["last_ticket"])
    assert answer.exit_code == 0, answer.output
    assert [row["person"].lstrip("'") for row in rows("selected.csv")] == last["people"].lstrip("'").split("|")
    run(*WORDS)
    assert not Path("out/selected.csv").exists()


def test_a_draw_is_from_the_portfolio_that_was_published(run: Run, pool: Folder) -> None:
    run(*WORDS)
    pool.write({"people.csv": PEOPLE + "f,old,red\n"})
    answer = run(*WORDS, "--draw", "5")
    assert answer.exit_code == 2
    assert answer.stderr.startswith("out/lottery.json:1:portfolio_sha256: another portfolio was published here; ")
    assert not Path("out/selected.csv").exists()


def test_a_draw_without_a_publication_is_noted(run: Run) -> None:
    answer = run(*WORDS, "--draw", "5")
    assert answer.exit_code == 0
    assert answer.stderr == "Note: out holds no lottery yet; publish the portfolio before the draw.\n"


def test_quotas_that_nobody_can_meet(run: Run, pool: Folder) -> None:
    pool.write({"quotas.csv": "dimension,bubble,min,max\nage,old,2,2\nage,young,2,2\n"})
    answer = run(*WORDS)
    assert answer.exit_code == 3
    assert answer.stdout.splitlines()[4] == "Nobody can be chosen within these quotas."
    assert json.loads(Path("out/lottery.json").read_text("utf-8"))["feasible"] is False
    assert rows("probabilities.csv") == []


def test_every_fault_is_told(run: Run, pool: Folder) -> None:
    quotas = ["ago,old,1,1", "age,odl,1,1", "age,old,3,2", "age,old,-1,x", "colour,,,"]
    pool.write({"quotas.csv": "\n".join(["dimension,bubble,min,max", *quotas])})
    pool.write({"people.csv": PEOPLE + "f,old|young,red\n"})
    answer = run(*WORDS[:-3], "7", "--out", "out")
    assert answer.exit_code == 2
    right = "whole numbers with 0 <= min <= max"
    assert answer.stderr.splitlines() == [
        "people.csv:7:age: 'old|young' are several bubbles; one bubble, for a quota counts a person once",
        "quotas.csv:2:dimension: unknown dimension 'ago'; did you mean 'age'? known: age, colour",
        "quotas.csv:3:bubble: nobody belongs to 'odl'; did you mean 'old'? known: old, young",
        f"quotas.csv:4:max: min 3 is above max 2; {right}",
        "quotas.csv:5:bubble: 'old' stands here twice; one row for every bubble",
        "quotas.csv:5:min: '-1' cannot be used; a whole number of 0 or more",
        "quotas.csv:5:max: 'x' cannot be used; a whole number of 0 or more",
        "quotas.csv:6:bubble: nobody belongs to ''; known: blue, red",
        f"quotas.csv:6:min: is empty; {right}",
        f"quotas.csv:6:max: is empty; {right}",
        "--places:1:-: 7 places for 6 people; fewer places than people, or no lottery at all",
    ]
