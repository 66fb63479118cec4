"""sessions.csv, facilitators.csv, met.csv and population.csv with everything that can be wrong in them."""

import pytest

from tests.tables.folder import GOOD, Folder

FORMAT = GOOD["format.toml"]

CASES = [
    pytest.param(
        {"sessions.csv": "id,groups\n"},
        [
            "sessions.csv:1:-: a header without sessions; at least one row below it",
        ],
        id="sessions header only",
    ),
    pytest.param(
        {"sessions.csv": "id,groups,seats\nmon,2,1\ntue,1,9\n"},
        [
            (
                "sessions.csv:2:seats: room for 1 in a group, but a group has at least 2 people; more seats, "
                "or a smaller min in the format"
            ),
        ],
        id="few seats",
    ),
    pytest.param(
        {"sessions.csv": "id,groups,min,target,max\nmon,2,4,,\ntue,1,,5,4\nwed,1,0,,501\nthu,1,2,2,2\nfri,1,,,2\n"},
        [
            (
                "sessions.csv:2:min: a group cannot be min 4, target 3 (of the format), max 3 (of the format); "
                "min <= target <= max"
            ),
            "sessions.csv:3:target: a group cannot be min 2 (of the format), target 5, max 4; min <= target <= max",
            "sessions.csv:4:min: '0' cannot be used; a whole number from 1 to 500",
            "sessions.csv:4:max: '501' cannot be used; a whole number from 1 to 500",
        ],
        id="own sizes",
    ),
    pytest.param(
        {
            "sessions.csv": "id,groups,mode\nmon,2,online\ntue,1,here\n",
            "format.toml": FORMAT.replace("min = 2", "min = 7")
            .replace("target = 3", "target = 7")
            .replace("max = 3", "max = 7"),
        },
        [
            (
                "sessions.csv:2:mode: room for 6 in a group, but a group has at least 7 people; more seats, "
                "or a smaller min in the format"
            ),
        ],
        id="online",
    ),
    pytest.param(
        {"format.toml": 'facilitator = "required"\n' + FORMAT},
        [
            (
                "format.toml:1:facilitator: every group needs a facilitator, and there is none; give a "
                'facilitators file with at least one row, or write facilitator = "none"'
            ),
        ],
        id="zero facilitators",
    ),
    pytest.param(
        {"format.toml": 'facilitator = "required"\n' + FORMAT, "facilitators.csv": "id,sessions\n"},
        [
            (
                "format.toml:1:facilitator: every group needs a facilitator, and there is none; give a "
                'facilitators file with at least one row, or write facilitator = "none"'
            ),
        ],
        id="facilitators header",
    ),
    pytest.param(
        {"facilitators.csv": "id,sessions,max_groups,shoe\nlea,wed,-1,\nlea,mon,x,\n"},
        [
            (
                "facilitators.csv:1:shoe: unknown column 'shoe'; known: id, name, sessions, languages, skills, "
                "max_groups"
            ),
            "facilitators.csv:2:sessions: unknown session 'wed'; known: mon, tue",
            "facilitators.csv:2:max_groups: '-1' cannot be used; a whole number of 0 or more",
            "facilitators.csv:3:id: 'lea' stands here twice; every row needs an id of its own",
            "facilitators.csv:3:max_groups: 'x' cannot be used; a whole number of 0 or more",
        ],
        id="facilitators bad",
    ),
    pytest.param(
        {"sessions.csv": "id,groups,round,seats\nmon,NaN,-1,inf\ntue,2.5,1e3,x\nwed,,1,\n"},
        [
            "sessions.csv:2:groups: 'NaN' cannot be used; a whole number from 1 to 10000",
            "sessions.csv:2:round: '-1' cannot be used; a whole number of 1 or more",
            "sessions.csv:2:seats: 'inf' cannot be used; a whole number of 1 or more",
            "sessions.csv:3:groups: '2.5' cannot be used; a whole number from 1 to 10000",
            "sessions.csv:3:round: '1e3' cannot be used; a whole number of 1 or more",
            "sessions.csv:3:seats: 'x' cannot be used; a whole number of 1 or more",
            "sessions.csv:4:groups: is empty; how many groups there can be at most",
        ],
        id="bad numbers",
    ),
    pytest.param(
        {
            "sessions.csv": (
                "id,groups,start,end\n"
                "mon,1,11-1-2027,2027-01-11T21:00\n"
                "tue,1,2027-01-11T19:00,2027-01-11T18:00\n"
                "wed,1,2027-01-11T19:00,\n"
                "thu,1,2027-01-11T19:00+01:00,2027-01-11T20:00+01:00\n"
                "fri,1,2027-02-30T19:00,2027-02-30T20:00\n"
            ),
        },
        [
            "sessions.csv:2:start: '11-1-2027' is not a date; a local date and time like 2027-01-11T19:00",
            ("sessions.csv:3:end: 2027-01-11T18:00:00 is not after 2027-01-11T19:00:00; an end after its start"),
            "sessions.csv:4:end: 1 starts and 0 ends; one end for every start",
            (
                "sessions.csv:5:start: '2027-01-11T19:00+01:00' names a time zone; a local date and time "
                "like 2027-01-11T19:00"
            ),
            (
                "sessions.csv:5:end: '2027-01-11T20:00+01:00' names a time zone; a local date and time like "
                "2027-01-11T19:00"
            ),
            ("sessions.csv:6:start: '2027-02-30T19:00' is not a date; a local date and time like 2027-01-11T19:00"),
            ("sessions.csv:6:end: '2027-02-30T20:00' is not a date; a local date and time like 2027-01-11T19:00"),
        ],
        id="bad dates",
    ),
    pytest.param(
        {"sessions.csv": "id,groups,mode\nmon,1,onlne\ntue,1,\n"},
        [
            "sessions.csv:2:mode: unknown mode 'onlne'; did you mean 'online'? known: here, online",
        ],
        id="bad mode",
    ),
    pytest.param(
        {"sessions.csv": "id,groups,romm\nmon,1,x\ntue,1,\n"},
        [
            (
                "sessions.csv:1:romm: unknown column 'romm'; known: id, groups, round, start, end, venue, "
                "mode, seats, access, languages, min, target, max"
            ),
        ],
        id="unknown session column",
    ),
    pytest.param(
        {
            "format.toml": FORMAT + "[series]\nkind = 'rounds'\ncount = 2\n",
            "sessions.csv": "id,groups,round\nmon,1,3\ntue,1,1\n",
        },
        [
            "sessions.csv:2:round: round 3 of a series of 2; a round from 1 to 2",
            "sessions.csv:2:round: no session has round 2; a session for every round from 1 to 2",
        ],
        id="rounds",
    ),
    pytest.param(
        {"met.csv": "a,b,times\namina,amina,1\namina,bart,-2\nbart,,1\nbart,dirk,nan\n"},
        [
            "met.csv:2:b: 'amina' met themselves; two people",
            "met.csv:3:times: '-2' cannot be used; a whole number of 0 or more",
            "met.csv:4:b: is empty; write an id",
            "met.csv:5:times: 'nan' cannot be used; a whole number of 0 or more",
        ],
        id="met",
    ),
    pytest.param(
        {"met.csv": "a,b\nx,y\n"},
        [
            "met.csv:2:a: nobody here is known; ids as in people.csv",
        ],
        id="met unknown",
    ),
    pytest.param(
        {"population.csv": "dimension,bubble,count\nage,old,-5\nage,old,inf\nshoe,x,1\ncolour,,NaN\n"},
        [
            "population.csv:2:count: '-5' cannot be used; a number of 0 or more, like 1200 or 12.5",
            "population.csv:3:bubble: 'old' stands here twice; one row for every bubble",
            "population.csv:3:count: 'inf' cannot be used; a number of 0 or more, like 1200 or 12.5",
            "population.csv:4:dimension: unknown dimension 'shoe'; known: age, colour",
            "population.csv:5:bubble: is empty; a dimension, one of its bubbles and a count",
            "population.csv:5:count: 'NaN' cannot be used; a number of 0 or more, like 1200 or 12.5",
        ],
        id="population",
    ),
    pytest.param(
        {"population.csv": "dimension,bubble,count\nage,old,0\nage,young,0\n"},
        [
            "population.csv:2:count: nobody lives in 'age'; counts above 0",
        ],
        id="population zero",
    ),
    pytest.param(
        {"population.csv": "dimension,bubble,number\nage,old,0\n"},
        [
            (
                "population.csv:1:count: there is no column 'count'; a column of that name; the header is "
                "'dimension, bubble, number'"
            ),
            "population.csv:1:number: unknown column 'number'; known: dimension, bubble, count",
        ],
        id="population unknown column",
    ),
]


@pytest.mark.parametrize(("files", "told"), CASES)
def test_every_fault_is_told(folder: Folder, files: dict[str, str | bytes], told: list[str]) -> None:
    assert folder.write(files).faults() == told
