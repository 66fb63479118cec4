"""run.py repair: who left and who joined, to a problem and a plan for the engine."""

import json
from pathlib import Path

import pytest

from matcher.domain import Group, Plan
from tests.cli.conftest import Engine, Run
from tests.tables.folder import GOOD, Folder

PLAN = "session,group,person,language\nmon,1,amina,nl\nmon,1,bart,nl\nmon,1,chantal,nl\n"


@pytest.fixture
def published(folder: Folder) -> Folder:
    return folder.write({"plan.csv": PLAN})


def test_the_engine_gets_who_is_left(published: Folder, run: Run, engine: Engine) -> None:
    published.write({"people.csv": GOOD["people.csv"] + "els,old,red,mon,bart,\n"})
    published.write({"added.csv": "id,colour,buddies\nfin,red,els\n"})
    published.write({"met.csv": "a,b\nbart,amina\nels,amina\n"})
    published.write({"format.toml": GOOD["format.toml"].replace("max = 3", "max = 4")})
    words = ["--cancelled", " bart, dirk", "--added", "added.csv", "--keep", "7"]
    answer = run("repair", "--plan", "plan.csv", *published.arguments(), *words, "--out", "out")
    assert answer.exit_code == 0, answer.output
    problem = engine.asked["problem"]
    assert {p.id: p.buddies for p in problem.people} == {
        "amina": frozenset(),
        "chantal": frozenset(),
        "els": frozenset(),
        "fin": frozenset({"els"}),
    }
    assert problem.met == {("amina", "els"): 1}
    assert engine.asked["plan"] == Plan((Group("mon", 1, ("amina", "bart", "chantal"), "nl"),))
    assert (engine.asked["keep"], engine.asked["seconds"], engine.asked["workers"]) == (7.0, 4.0, 2)
    assert answer.stdout.splitlines()[:4] == [
        "1 person cancelled: bart",
        "0 people moved",
        "0 people lost their place",
        "2 people joined: els, fin",
    ]
    told = json.loads(Path("out/report.json").read_text("utf-8"))
    assert told["repair"] == {
        "cancelled": ["bart"],
        "absent": [],
        "moved": [],
        "lost": [],
        "joined": ["els", "fin"],
        "keep": 7.0,
    }


@pytest.mark.parametrize(
    "text",
    [
        "bart|dirk",
        "bart\ndirk\n",
        "id\nbart\n\ndirk\n",
        "person;why\nbart;ill\ndirk;\n",
        "why,id\n,bart\n,dirk",
    ],
)
def test_who_cancelled_can_be_written_in_many_ways(published: Folder, run: Run, engine: Engine, text: str) -> None:
    word = text if "\n" not in text else "gone.csv"
    published.write({"gone.csv": text})
    answer = run("repair", "--plan", "plan.csv", *published.arguments(), "--cancelled", word, "--out", "out")
    assert answer.exit_code in (0, 3), answer.output
    assert [p.id for p in engine.asked["problem"].people] == ["amina", "chantal"]


def test_the_locks_of_who_left_are_gone(published: Folder, run: Run, engine: Engine) -> None:
    published.write({"locked.csv": "person,session,group\nbart,mon,1\nbart,mon,2\namina,mon,1\n"})
    answer = run("repair", "--plan", "plan.csv", *published.arguments(), "--cancelled", "bart", "--out", "out")
    assert answer.exit_code == 0, answer.output
    assert [lock.person for lock in engine.asked["problem"].locks] == ["amina"]


def test_without_changes_there_is_still_a_repair(published: Folder, run: Run, engine: Engine) -> None:
    answer = run("repair", "--plan", "plan.csv", *published.arguments(), "--out", "out")
    assert (answer.exit_code, len(engine.asked["problem"].people)) == (0, 4)


def test_unknown_names_are_faults(published: Folder, run: Run, engine: Engine) -> None:
    published.write({"gone.txt": "zoe\nbart\n", "plan.csv": PLAN + "sun,1,yara,nl\n"})
    published.write({"added.csv": "id,colour,shoe\namina,red,42\nfin,red,41\n"})
    words = ["--cancelled", "gone.txt", "--added", "added.csv", "--out", "out"]
    answer = run("repair", "--plan", "plan.csv", *published.arguments(), *words)
    assert answer.exit_code == 2
    assert sorted(answer.stderr.splitlines()) == [
        "added.csv:1:shoe: unknown dimension 'shoe'; known: age, colour",
        "added.csv:2:id: 'amina' stands here twice; every row needs an id of its own",
        "gone.txt:1:id: unknown person 'zoe'; known: amina, bart, chantal, dirk, fin",
    ]
    published.write({"gone.txt": "bart\n", "added.csv": "id\nfin\n"})
    answer = run("repair", "--plan", "plan.csv", *published.arguments(), *words)
    assert answer.stderr.splitlines() == [
        "plan.csv:5:person: unknown person 'yara'; known: amina, bart, chantal, dirk, fin",
        "plan.csv:5:session: unknown session 'sun'; known: mon, tue",
    ]
    assert engine.asked == {}


def test_the_published_plan_is_not_written_over_by_accident(published: Folder, run: Run, engine: Engine) -> None:
    words = ["repair", "--plan", "plan.csv", *published.arguments(), "--cancelled", "bart", "--out", "."]
    answer = run(*words)
    assert answer.stderr.startswith(".:1:--out: holds a plan already; ")
    assert (answer.exit_code, engine.asked, Path("plan.csv").read_text("utf-8")) == (2, {}, PLAN)
    assert run(*words, "--force").exit_code == 0
    assert Path("plan.csv").read_text("utf-8") != PLAN
