"""run.py check: any plan against its problem."""

import json

from tests.cli.conftest import Run
from tests.tables.folder import Folder

VALID = "session,group,person,language\nmon,1,amina,nl\nmon,1,bart,nl\ntue,1,chantal,nl\ntue,1,dirk,nl\n"


def test_a_valid_plan(folder: Folder, run: Run) -> None:
    folder.write({"plan.csv": VALID})
    answer = run("check", "--plan", "plan.csv", *folder.arguments())
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.splitlines() == [
        "4 of 4 people placed, 4 seats.",
        "Bridging 4.00; the least mixed group reaches 1.00 a person.",
        "2 different pairs meet; 0 meetings are of people who met before.",
        "Valid.",
    ]


def test_every_breach_is_told(folder: Folder, run: Run) -> None:
    people = "session,group,person,language\nmon,1,amina,nl\nmon,1,dirk,nl\nmon,2,zoe,nl\nsun,1,bart,nl\n"
    folder.write({"plan.csv": people})
    rules = "[[rule]]\nname = 'never_alone'\ndimension = 'age'\nweight = 0.5\n"
    folder.write({"format.toml": (folder.path / "format.toml").read_text() + rules})
    answer = run("check", "--plan", "plan.csv", *folder.arguments())
    assert answer.exit_code == 1
    told = answer.stdout.splitlines()
    assert "  mon group 1: availability: dirk in mon (dirk) [firm]" in told
    assert "  mon group 2: people: unknown person zoe (zoe) [firm]" in told
    assert "  sun group 1: sessions: unknown session sun [firm]" in told
    assert "  mon group 1: never_alone: age: 1 of 2: old (amina) [costs 0.5]" in told
    assert told[-1] == f"Not valid: {sum(line.endswith('[firm]') for line in told)} breaches of firm rules."


def test_breaches_for_machines(folder: Folder, run: Run) -> None:
    folder.write({"plan.csv": "session,group,person,language\nmon,1,amina,nl\n"})
    answer = run("check", "--plan", "plan.csv", *folder.arguments(), "--json")
    told = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert (told["valid"], told["placed"], told["people"], told["groups"]) == (False, 1, 4, 1)
    assert [(breach["rule"], breach["firm"]) for breach in told["breaches"]] == [("size", True)]
    assert told["input_sha256"] == folder.read().input_sha256


def test_faults_of_plan_and_inputs_together(folder: Folder, run: Run) -> None:
    folder.write({"plan.csv": "session,person\nmon,amina\n", "people.csv": "id,age,colour\namina,,\namina,,\n"})
    answer = run("check", "--plan", "plan.csv", *folder.arguments())
    assert answer.exit_code == 2
    assert answer.stderr.splitlines() == [
        "people.csv:3:id: 'amina' stands here twice; every row needs an id of its own",
        "plan.csv:1:group: there is no column 'group'; a column of that name; the header is 'session, person'",
    ]


def test_what_was_read_as_something_else_is_told(folder: Folder, run: Run) -> None:
    folder.write(
        {"people.csv": "id,age,colour\na,old,red\nb,Old,-\n", "plan.csv": "session,group,person\nmon,1,a\nmon,1,b\n"}
    )
    answer = run("check", "--plan", "plan.csv", *folder.arguments(), "--json")
    assert answer.stderr.splitlines() == [
        "Note: people.csv: age: spellings that differ only in capitals, spaces or marks are one, 1 in all: 'Old' (also "
        "old (1))",
        "Note: people.csv: colour: read as not told, 1 in all: - (1)",
    ]
    assert json.loads(answer.stdout)["placed"] == 2
