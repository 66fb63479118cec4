"""people.csv as people make it: everything wrong is told, with row, column and what would be right."""

import pytest

from tests.tables.folder import GOOD, Folder

PEOPLE = GOOD["people.csv"]
HEADER = PEOPLE.partition("\n")[0] + "\n"

CASES = [
    pytest.param(
        {"people.csv": ""},
        [
            "people.csv:1:-: the file is empty; a header row with id, and rows below it",
        ],
        id="empty people",
    ),
    pytest.param(
        {"people.csv": " \n\n,,\n"},
        [
            "people.csv:1:-: the file is empty; a header row with id, and rows below it",
        ],
        id="blank people",
    ),
    pytest.param(
        {"people.csv": HEADER},
        [
            "people.csv:1:-: a header without people; at least one row below it",
        ],
        id="header only",
    ),
    pytest.param(
        {"people.csv": "", "sessions.csv": "", "format.toml": ""},
        [
            "people.csv:1:-: the file is empty; a header row with id, and rows below it",
            "sessions.csv:1:-: the file is empty; a header row with id, groups, and rows below it",
        ],
        id="all empty",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "bart,old,red,,,\n"},
        [
            "people.csv:6:id: 'bart' stands here twice; every row needs an id of its own",
        ],
        id="dup id",
    ),
    pytest.param(
        {"people.csv": PEOPLE + ",old,red,,,\n"},
        [
            "people.csv:6:id: is empty; write an id",
        ],
        id="empty id",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "x|y,old,red,,,\n"},
        [
            "people.csv:6:id: 'x|y' is a list; an id without '|'",
        ],
        id="list id",
    ),
    pytest.param(
        {"people.csv": "name,age\nx,old\n"},
        [
            "people.csv:1:id: there is no column 'id'; a column of that name; the header is 'name, age'",
        ],
        id="no id column",
    ),
    pytest.param(
        {"people.csv": "id,age,age\namina,old,old\n"},
        [
            "people.csv:1:age: the column stands here twice; leave one of them out or rename it",
            ("format.toml:8:bridging.colour: unknown dimension 'colour'; known: age (columns of people.csv)"),
        ],
        id="column twice",
    ),
    pytest.param(
        {"people.csv": "id,Sessions,sessions,age,colour\namina,,,,\n"},
        [
            "people.csv:1:sessions: the column stands here twice; leave one of them out or rename it",
        ],
        id="reserved twice",
    ),
    pytest.param(
        {"people.csv": "id,age,colour,\namina,old,red,extra\n"},
        [
            "people.csv:2:-: 'extra' stands under no name; name every column in the header",
        ],
        id="nameless",
    ),
    pytest.param(
        {"people.csv": "id,age,colour\namina,old,red,extra\n"},
        [
            ("people.csv:2:-: 4 values under 3 columns; put a value that holds a separator between double quotes"),
        ],
        id="too many values",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "els,old,red,mun,,\n"},
        [
            "people.csv:6:sessions: unknown session 'mun'; did you mean 'mon'? known: mon, tue",
        ],
        id="unknown session",
    ),
    pytest.param(
        {"people.csv": "id,age,colour,prefers\namina,old,red,wed\n"},
        [
            "people.csv:2:prefers: unknown session 'wed'; known: mon, tue",
        ],
        id="unknown prefers",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "els,old,red,,barth,zoe\n"},
        [
            (
                "people.csv:6:buddies: unknown person 'barth'; did you mean 'bart'? known: amina, bart, "
                "chantal, dirk, els"
            ),
            "people.csv:6:apart: unknown person 'zoe'; known: amina, bart, chantal, dirk, els",
        ],
        id="unknown buddy",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "els,old,red,,els,els\n"},
        [
            "people.csv:6:buddies: 'els' names themselves; the ids of others",
            "people.csv:6:apart: 'els' names themselves; the ids of others",
        ],
        id="self",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "els,old,red,,bart,bart\n"},
        [
            "people.csv:6:apart: bart is a buddy too; either a buddy or apart",
        ],
        id="buddy apart",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "els,old,red,,bart,\nfin,old,red,,,els\ngus,old,red,,fin|bart,\n"},
        [
            (
                "people.csv:3:buddies: 4 buddies in one chain (bart, els, fin, gus), but a group has at most "
                "3; fewer buddies, so that the chain falls apart"
            ),
            ("people.csv:7:apart: 'els' is apart, but also a buddy or a buddy's buddy; either buddies or apart"),
        ],
        id="buddy apart other",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "els,old,red,,bart,\nfin,old,red,,els,\ngus,old,red,,fin,\n"},
        [
            (
                "people.csv:3:buddies: 4 buddies in one chain (bart, els, fin, gus), but a group has at most "
                "3; fewer buddies, so that the chain falls apart"
            ),
        ],
        id="chain",
    ),
    pytest.param(
        {
            "people.csv": (
                "id,age,colour,priority,max_meetings,outspoken\na,o,r,-1,0,maybe\nb,o,r,1e3,inf,1\nc,o,r,1001,1,ja\n"
            ),
        },
        [
            "people.csv:2:outspoken: 'maybe' is neither yes nor no; yes or no, as 1 or 0, ja or nee, x or empty",
            "people.csv:2:priority: '-1' cannot be used; a whole number from 0 to 1000",
            "people.csv:2:max_meetings: '0' cannot be used; a whole number of 1 or more",
            "people.csv:3:priority: '1e3' cannot be used; a whole number from 0 to 1000",
            "people.csv:3:max_meetings: 'inf' cannot be used; a whole number of 1 or more",
            "people.csv:4:priority: '1001' cannot be used; a whole number from 0 to 1000",
        ],
        id="bad people numbers",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "els," + "x" * 201 + ",red,,,\n"},
        [
            (
                "people.csv:6:age: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' is too "
                "long; at most 200 characters a value"
            ),
        ],
        id="overlong",
    ),
    pytest.param(
        {"people.csv": PEOPLE + "e\x00ls,old,red,,,\n" + 'fin,"o\nld",red,,,\n'},
        [
            ("people.csv:6:id: the control character U+0000 in 'e\\x00ls'; remove it, and close every double quote"),
            "people.csv:7:age: a line break in 'o\\nld'; remove it, and close every double quote",
        ],
        id="control",
    ),
    pytest.param(
        {"people.csv": PEOPLE + 'els,"old,red,,,\n' + "x" * 300 + "\n"},
        [
            (
                "people.csv:6:age: 'old,red,,,\\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' is too "
                "long; at most 200 characters a value"
            ),
            (
                "people.csv:6:age: a line break in "
                "'old,red,,,\\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'; remove it, and close every "
                "double quote"
            ),
        ],
        id="open quote",
    ),
]


@pytest.mark.parametrize(("files", "told"), CASES)
def test_every_fault_is_told(folder: Folder, files: dict[str, str | bytes], told: list[str]) -> None:
    assert folder.write(files).faults() == told
