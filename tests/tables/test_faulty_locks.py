"""locked.csv with locks that cannot be kept."""

import pytest

from tests.tables.folder import GOOD, Folder

PEOPLE = GOOD["people.csv"]

CASES = [
    pytest.param(
        {"locked.csv": "person,session,group\nzoe,mon,1\nbart,sun,1\nbart,mon,9\nbart,,\n,mon,0\n"},
        [
            "locked.csv:2:person: unknown person 'zoe'; known: amina, bart, chantal, dirk",
            "locked.csv:3:session: unknown session 'sun'; known: mon, tue",
            "locked.csv:4:group: 'mon' has no group 9; a group from 1 to 2",
            "locked.csv:5:session: is empty; the session somebody is locked into",
            "locked.csv:6:group: '0' cannot be used; a whole number of 1 or more",
        ],
        id="locks unknown",
    ),
    pytest.param(
        {"locked.csv": "person,session,group\nbart,mon,1\nbart,mon,2\n"},
        [
            (
                "locked.csv:3:session: 'bart' in 'mon' group 2 contradicts 'bart' in 'mon' group 1; one "
                "place at a time, and one place for all buddies"
            ),
        ],
        id="locks two places",
    ),
    pytest.param(
        {
            "sessions.csv": (
                "id,groups,start,end\n"
                "mon,2,2027-01-11T19:00,2027-01-11T21:00\n"
                "tue,1,2027-01-11T20:00,2027-01-12T21:00\n"
            ),
            "locked.csv": "person,session\namina,mon\namina,tue\n",
        },
        [
            (
                "locked.csv:3:session: 'amina' in 'tue' contradicts 'amina' in 'mon'; one place at a time, "
                "and one place for all buddies"
            ),
            ("locked.csv:3:person: 'amina' is locked into a session too many; at most 1, or a higher max_meetings"),
        ],
        id="locks clash",
    ),
    pytest.param(
        {
            "locked.csv": "person,session,group\namina,tue,1\nchantal,tue,1\ndirk,tue,1\nels,tue,1\n",
            "people.csv": PEOPLE + "els,old,red,,,\n",
        },
        [
            "locked.csv:5:group: more than 3 people are locked into this group; fewer locks",
            "locked.csv:5:session: more than 3 people are locked into this session; fewer locks",
        ],
        id="locks full",
    ),
    pytest.param(
        {
            "locked.csv": "person,session\namina,tue\nchantal,tue\ndirk,tue\nels,tue\n",
            "people.csv": PEOPLE + "els,old,red,,,\n",
        },
        [
            "locked.csv:5:session: more than 3 people are locked into this session; fewer locks",
        ],
        id="locks full session",
    ),
    pytest.param(
        {"locked.csv": "person,session\ndirk,mon\n"},
        [
            "locked.csv:2:session: 'dirk' cannot come to 'mon'; a session they can come to: tue",
        ],
        id="lock impossible",
    ),
    pytest.param(
        {"locked.csv": "person,session\namina,mon\namina,tue\n"},
        [
            ("locked.csv:3:person: 'amina' is locked into a session too many; at most 1, or a higher max_meetings"),
        ],
        id="lock too many",
    ),
    pytest.param(
        {
            "locked.csv": "person,session,group\namina,tue,1\nels,tue,1\n",
            "people.csv": PEOPLE + "els,old,red,,,amina\n",
        },
        [
            "locked.csv:3:person: 'els' and 'amina' must stay apart; another group for one of them",
        ],
        id="lock apart",
    ),
    pytest.param(
        {
            "locked.csv": "person,session,group\namina,mon,1\nels,mon,2\n",
            "people.csv": PEOPLE + "els,old,red,,amina,\n",
        },
        [
            (
                "locked.csv:3:session: 'els' in 'mon' group 2 contradicts 'amina' in 'mon' group 1; one "
                "place at a time, and one place for all buddies"
            ),
        ],
        id="lock buddies",
    ),
    pytest.param(
        {"locked.csv": "person,session,group\namina,mon,1\n,mon,1\n"},
        [
            (
                "locked.csv:3:group: a fixed group of 1, but a group has at least 2 people; lock more people "
                "into it, or leave this row out"
            ),
        ],
        id="closed small",
    ),
]


@pytest.mark.parametrize(("files", "told"), CASES)
def test_every_fault_is_told(folder: Folder, files: dict[str, str | bytes], told: list[str]) -> None:
    assert folder.write(files).faults() == told
