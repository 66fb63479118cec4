"""format.toml with everything that can be wrong in it: the line, the key, and the words that are known."""

import pytest

from tests.tables.folder import GOOD, Folder

FORMAT = GOOD["format.toml"]

CASES = [
    pytest.param(
        {"format.toml": FORMAT.replace("min = 2", "min = 4")},
        [
            "format.toml:2:size: a group cannot be min 4, target 3, max 3; min <= target <= max",
        ],
        id="size order",
    ),
    pytest.param(
        {"format.toml": FORMAT.replace("min = 2", "min = 0")},
        [
            "format.toml:3:size.min: '0' is not a whole number from 1 to 500; write for instance 5",
        ],
        id="size zero",
    ),
    pytest.param(
        {"format.toml": "[size]\nmax = 3\n"},
        [
            ("format.toml:1:size: a group cannot be min 5 (default), target 7 (default), max 3; min <= target <= max"),
        ],
        id="size default",
    ),
    pytest.param(
        {"format.toml": "name = tea\n"},
        [
            (
                "format.toml:1:-: is not TOML: Invalid value (at line 1, column 8); write key = value, texts "
                "between quotes"
            ),
        ],
        id="toml syntax",
    ),
    pytest.param(
        {"format.toml": b"# een\nname = 'caf\xe9'\n"},
        [
            "format.toml:2:-: is not UTF-8 text; save the format as UTF-8",
        ],
        id="toml latin",
    ),
    pytest.param(
        {
            "format.toml": (
                "goale = 'x'\n"
                "goal = 'bridgin'\n"
                "facilitator = 1\n"
                "skills = 'x'\n"
                "[size]\n"
                "mn = 3\n"
                "[series]\n"
                "kind = 'round'\n"
                "[bridgin]\n"
                "[bridging]\n"
                "agee = 1.0\n"
                "age = -1\n"
                "colour = nan\n"
            ),
        },
        [
            (
                "format.toml:1:goale: unknown key 'goale'; did you mean 'goal'? known: name, goal, "
                "facilitator, skills, size, series, bridging, rule, answers, bands"
            ),
            "format.toml:2:goal: 'bridgin' is not one of bridging, bonding; write for instance \"bridging\"",
            ("format.toml:3:facilitator: '1' is not one of required, optional, none; write for instance \"required\""),
            "format.toml:4:skills: 'x' is not a list of texts; write for instance [\"dialogue\"]",
            "format.toml:6:size.mn: unknown key 'mn'; did you mean 'min'? known: min, target, max, weight",
            ("format.toml:8:series.kind: 'round' is not one of single, same, rounds; write for instance \"single\""),
            (
                "format.toml:9:bridgin: unknown key 'bridgin'; did you mean 'bridging'? known: name, goal, "
                "facilitator, skills, size, series, bridging, rule, answers, bands"
            ),
            (
                "format.toml:11:bridging.agee: unknown dimension 'agee'; did you mean 'age'? known: age, "
                "colour (columns of people.csv)"
            ),
            "format.toml:12:bridging.age: '-1' is not a number of 0 or more; write for instance 0.5",
            "format.toml:13:bridging.colour: 'nan' is not a number of 0 or more; write for instance 0.5",
        ],
        id="toml unknown",
    ),
    pytest.param(
        {"format.toml": "size = 3\nseries = []\nbridging = 1\nrule = {}\n"},
        [
            "format.toml:1:size: '3' is not a table; a line [size] and its keys below it",
            "format.toml:2:series: '[]' is not a table; a line [series] and its keys below it",
            "format.toml:3:bridging: '1' is not a table; a line [bridging] and its keys below it",
            "format.toml:4:rule: is not a list of tables; a line [[rule]] and its keys below it",
        ],
        id="toml types",
    ),
    pytest.param(
        {"format.toml": "[series]\nkind = 'rounds'\n"},
        [
            "format.toml:1:series.count: rounds without their number; add count = the number of rounds",
        ],
        id="series",
    ),
    pytest.param(
        {"format.toml": "[series]\nkind = 'same'\ncount = 3\n"},
        [
            (
                "format.toml:3:series.count: a series of kind 'same' has no count; leave it out or write "
                'kind = "rounds"'
            ),
        ],
        id="series2",
    ),
]


@pytest.mark.parametrize(("files", "told"), CASES)
def test_every_fault_is_told(folder: Folder, files: dict[str, str | bytes], told: list[str]) -> None:
    assert folder.write(files).faults() == told
