"""Tables as they should be: every column arrives, and what means the same is the same problem."""

import random
from datetime import datetime

import pandas as pd
import pytest

from matcher.domain import Facilitator, Lock, Participant, Session
from matcher.faults import BadInput
from matcher.tables.dataframes import problem_from_frames
from matcher.words import words
from tests.tables.folder import GOOD, Folder

PEOPLE = """\
id,age,sessions,prefers,languages,interpreters,needs,interests,buddies,apart,wishes,household,recruited_by,\
organisation,outspoken,priority,max_meetings
amina,old|wise,mon,mon,NL|ar,AR|nl,Wheelchair,music|Art,bart,chantal,bart|chantal,h1,key,org,1,2,3
bart,,,,,,,,,,,,,,,,
chantal,young,,tue | mon|tue,,,,,,,,,,,no,,
"""
SESSIONS = """\
id,groups,round,start,end,venue,mode,seats,access,languages,min,target,max
mon,2,1,2027-01-11 19:00|2027-01-18T19:00,2027-01-11T21:00|2027-01-18T21:00:00,hall,Online,12,wheelchair,nl|EN,1,3,4
tue,1,,,,,,,,,,,
"""
FORMAT = "[size]\nmin = 2\ntarget = 2\nmax = 3\n"


def test_every_column_arrives(folder: Folder) -> None:
    folder.write({"people.csv": PEOPLE, "sessions.csv": SESSIONS, "format.toml": FORMAT})
    folder.write({"facilitators.csv": "id,sessions,languages,skills,max_groups\nlea,mon,AR,Dialogue,3\nbart,,,,\n"})
    folder.write({"met.csv": "a,b,times\nbart,amina,2\namina,bart,\n", "locked.csv": "person,session,group\n,mon,\n"})
    folder.write({"population.csv": 'dimension,bubble,count\nage,old,"1234,5"\nage,ancient,0\n'})
    folder.write({"locked.csv": "person,session,group\nchantal,tue,\nbart,mon,2\n,tue,\n"})
    problem = folder.read().problem
    amina, bart, chantal = problem.people
    assert amina == Participant(
        id="amina",
        bubbles={"age": frozenset({"old", "wise"})},
        sessions=frozenset({"mon"}),
        prefers=frozenset({"mon"}),
        languages=frozenset({"nl", "ar"}),
        interpreters=frozenset({"nl", "ar"}),
        needs=frozenset({"wheelchair"}),
        interests=frozenset({"music", "Art"}),
        buddies=frozenset({"bart"}),
        apart=frozenset({"chantal"}),
        wishes=frozenset({"bart", "chantal"}),
        household="h1",
        recruited_by="key",
        organisation="org",
        outspoken=True,
        priority=2,
        max_meetings=3,
    )
    assert (bart, chantal.bubbles) == (Participant("bart"), {"age": frozenset({"young"})})
    assert chantal.prefers == ("tue", "mon")
    assert problem.sessions == (
        Session(
            id="mon",
            groups=2,
            starts=(datetime(2027, 1, 11, 19), datetime(2027, 1, 18, 19)),
            ends=(datetime(2027, 1, 11, 21), datetime(2027, 1, 18, 21)),
            venue="hall",
            mode="online",
            seats=12,
            access=frozenset({"wheelchair"}),
            languages=frozenset({"nl", "en"}),
            min=1,
            target=3,
            max=4,
        ),
        Session("tue", 1),
    )
    led = Facilitator("lea", frozenset({"mon"}), frozenset({"ar"}), frozenset({"dialogue"}), 3)
    assert problem.facilitators == (Facilitator("bart", person="bart"), led)
    assert problem.met == {("amina", "bart"): 3}
    assert problem.locks == (Lock("bart", "mon", 2), Lock(None, "tue"), Lock("chantal", "tue"))
    assert problem.population == {"age": {"old": 1234.5, "ancient": 0.0}}


def test_somebody_without_a_possible_session_is_no_fault(folder: Folder) -> None:
    folder.write({"people.csv": GOOD["people.csv"] + "els,old,red,tue,,\n"})
    folder.write({"facilitators.csv": "id,sessions\nlea,mon\n"})
    assert folder.faults() == []


def shuffled(text: str, seed: int) -> str:
    """The same table with its rows and columns in another order."""
    rows = [line.split(",") for line in text.splitlines()]
    order = random.Random(seed).sample(range(len(rows[0])), len(rows[0]))
    header, *others = [",".join(row[i] for i in order) for row in rows]
    return "\n".join([header, *random.Random(seed).sample(others, len(others))])


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_and_columns_says_nothing(folder: Folder, seed: int) -> None:
    folder.write({"locked.csv": "person,session,group\nbart,mon,2\n,tue,\namina,mon,1\n"})
    folder.write({"met.csv": "a,b,times\namina,bart,1\nbart,dirk,2\n"})
    before = folder.read()
    for name in ("people.csv", "sessions.csv", "locked.csv", "met.csv"):
        text = (folder.path / name).read_text("utf-8")
        folder.write({name: shuffled(text, seed).replace(",", ";").encode("utf-16")})
    after = folder.read()
    assert after.input_sha256 == before.input_sha256
    # Dimensions keep the order of their columns, and so does the format; figures do not depend on it.
    assert after.problem.people == before.problem.people
    assert after.problem.sessions == before.problem.sessions


def test_other_input_has_another_fingerprint(folder: Folder) -> None:
    before = folder.read()
    changed = folder.write({"people.csv": GOOD["people.csv"].replace("amina,old", "amina,young")}).read()
    assert changed.input_sha256 != before.input_sha256
    assert changed.format_sha256 == before.format_sha256
    reformed = folder.write({"format.toml": GOOD["format.toml"] + "[[rule]]\nname = 'met_before'\n"}).read()
    assert reformed.format_sha256 != before.format_sha256


def test_sessions_come_in_the_order_of_the_calendar(folder: Folder) -> None:
    rows = "s10,1,,\ns9,1,,\nb,1,2027-01-02,2027-01-03\na,1,2027-01-03,2027-01-04\n"
    folder.write({"sessions.csv": f"id,groups,start,end\n{rows}", "people.csv": "id,age,colour\nx,,\n"})
    assert [session.id for session in folder.read().problem.sessions] == ["b", "a", "s9", "s10"]


FRAMES = {"size": {"min": 2, "target": 2, "max": 3}, "bridging": {"age": 1}}


def test_frames_are_read_as_files_are(folder: Folder) -> None:
    people = pd.DataFrame(
        {
            "id": [1, 2, 3],
            "age": [["old", "wise"], None, "young|wild"],
            "buddies": [{2}, None, float("nan")],
            "priority": [1.0, float("nan"), 0.0],
            "outspoken": [True, False, pd.NA],
        }
    )
    starts = pd.to_datetime(["2027-01-11T19:00", None])
    ends = pd.to_datetime(["2027-01-11T21:00", None])
    sessions = pd.DataFrame({"id": ["mon", "tue"], "groups": [2, 1], "start": starts, "end": ends})
    locked = pd.DataFrame({"person": ["3"], "session": ["mon"], "group": [1]})
    problem = problem_from_frames(people, sessions, locked=locked, format=FRAMES)
    csv = "id,age,buddies,priority,outspoken\n1,old|wise,2,1,1\n2,,,,\n3,young|wild,,,\n"
    folder.write({"people.csv": csv, "locked.csv": "person,session,group\n3,mon,1\n"})
    folder.write({"sessions.csv": "id,groups,start,end\nmon,2,2027-01-11T19:00,2027-01-11T21:00\ntue,1,,\n"})
    folder.write({"format.toml": "[size]\nmin = 2\ntarget = 2\nmax = 3\n[bridging]\nage = 1\n"})
    assert problem == folder.read().problem


def test_faults_in_frames_are_told_as_those_in_files() -> None:
    people = pd.DataFrame({"id": ["a", "a"], "sessions": ["mon", "sun"]})
    sessions = pd.DataFrame({"id": ["mon"], "groups": [0]})
    with pytest.raises(BadInput) as error:
        problem_from_frames(people, sessions, format={"gaol": 1})
    assert str(error.value).splitlines() == [
        "people:3:id: 'a' stands here twice; every row needs an id of its own",
        "sessions:2:groups: '0' cannot be used; a whole number from 1 to 10000",
        "format:1:gaol: unknown key 'gaol'; did you mean 'goal'?"
        " known: name, goal, facilitator, skills, size, series, bridging, rule, answers, bands",
    ]


def test_a_rule_about_what_nobody_told_is_noted(folder: Folder) -> None:
    text = "[size]\nmin = 2\ntarget = 2\nmax = 2\n[bridging]\nage = 1\ncolour = 1\n"
    rules = "[[rule]]\nname = 'count'\ndimension = 'colour'\nbubble = 'gren'\nmin = 1\nfirm = true\n"
    rules += "[[rule]]\nname = 'even_mean'\ndimension = 'age'\nweight = 1\n"
    people = GOOD["people.csv"].replace("old", "64").replace(",young,red", ',"31,5",red')
    notes = folder.write({"people.csv": people, "format.toml": text + rules}).read().notes
    assert [words("en").say(note) for note in notes] == [
        "format.toml: nobody has gren on colour, so the rule count asks nothing",
        "format.toml: age does not always hold a number (1); for the rule even_mean these people count as the mean",
    ]
