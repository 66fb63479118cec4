"""A configuration with a mistake is refused: file, line, key, what is wrong and what would be right."""

from __future__ import annotations

import pytest

from config import load
from matcher.faults import BadInput
from tests.config.folder import Folder

DIALOOG = "formats/dialoog.toml"
DIMENSIONS = "dimensions.toml"
SETTINGS = "settings.toml"

# The file, what stands there, what is written instead, the key, what is wrong, what would be right.
MISTAKES = {
    "unknown key": (SETTINGS, "theme =", "themes =", "themes", "unknown key 'themes'", "did you mean 'theme'?"),
    "unknown limit": (SETTINGS, "note_length", "notes", "limits.notes", "unknown key", "known: name_length, contact"),
    "unknown table": (SETTINGS, "[retention]", "[retain]", "retain", "unknown key", "orientation, facilitator_link"),
    "kind": (SETTINGS, "= 60", '= "sixty"', "limits.name_length", "'sixty' is not a whole", "for instance 20"),
    "kept too long": (SETTINGS, "_weeks = 8", "_weeks = 9", "retention.contact_weeks", "'9' is not", "write for"),
    "cell too small": (SETTINGS, "cell = 10", "cell = 3", "small_cell", "whole number from 10", "for instance 10"),
    "address": (SETTINGS, "groepen@", "", "sender.address", "is not an e-mail address", "groepen@buurt.example"),
    "no language": (SETTINGS, '= ["nl", ', '= ["nl", "xx", ', "languages", "unknown language 'xx'", "ISO 639"),
    "with a country": (
        SETTINGS,
        '= ["nl", ',
        '= ["nl", "fr-BE", ',
        "languages",
        "unknown language 'fr-BE'",
        "ISO 639",
    ),
    "code of a language": (SETTINGS, "tr =", "Turks =", "conversation.Turks", "no code of a language", "tr ="),
    "format": (SETTINGS, '# formats = ["dialoog"]', 'formats = ["dialog"]', "formats", "unknown 'dialog'", "'dialoog'"),
    "need without a flag": (SETTINGS, "matching = true\n", "", "needs.step_free.matching", "missing", "true or false"),
    "meal": (DIALOOG, "may_override", 'meal = "ja"\nmay_override', "meal", "'ja' is not", "true or false"),
    "key of a meal": (DIALOOG, "may_override", "maal = true\nmay_override", "maal", "unknown key 'maal'", "meal"),
    "diet that matches": (SETTINGS, 'nl = "Ik eet halal"', "matching = true", "diets.halal.matching", "unknown", "nl"),
    "translation": (SETTINGS, 'nl = "Koken", ', "", "interests.koken.nl", "'nl' is missing", "add nl = a text"),
    "too many languages": (SETTINGS, 'en = "Music"', 'en = "M", fr = "M"', "interests.muziek.fr", "'fr'", "nl, en"),
    "key of an interest": (SETTINGS, "koken =", '"Koken!" =', "interests.Koken!", "cannot be the key", "write a-z"),
    "question": (DIMENSIONS, 'question.nl = "Hoe oud ben je?"\n', "", "age.question.nl", "missing", "add nl ="),
    "empty text": (DIMENSIONS, '"How old are you?"', '" "', "age.question.en", "' ' is not a text", "for instance"),
    "several": (DIMENSIONS, "several = false", 'several = "no"', "age.several", "'no' is not true", "true or false"),
    "key of a dimension": (DIMENSIONS, "protected = true", "protect = true", "age.protect", "unknown", "'protected'"),
    "free text": (DIMENSIONS, "several = false", "free = true\nseveral = false", "age.free", "unknown", "bubbles"),
    "no bubbles": (DIMENSIONS, "[age.bubbles]", "[age.bubble]", "age.bubble", "unknown key", "'bubbles'"),
    "taken": (DIMENSIONS, "[clubs]", "[interests]", "interests", "means something else", "another key"),
    "text of a format": (DIALOOG, "title =", "titel =", "text.nl.titel", "unknown key 'titel'", "'title'"),
    "language of a format": (DIALOOG, "[text.en]", "[text.fr]", "text.fr", "unknown language", "known: nl, en"),
    "override": (DIALOOG, "may_override = false", "may_overide = 1", "may_overide", "unknown key", "may_override"),
    "override kind": (
        DIALOOG,
        "may_override = false",
        "may_override = 1",
        "may_override",
        "'1' is not",
        "true or false",
    ),
    "protected": (
        DIALOOG,
        "# protected",
        'protected = ["agee"] #',
        "protected",
        "unknown 'agee'",
        "did you mean 'age'",
    ),
    "weighed dimension": (DIALOOG, "clubs = 0.5", "club = 0.5", "bridging.club", "'club'", "(dimensions.toml)"),
    "dimension of a rule": (
        DIALOOG,
        'dimension = "age"',
        'dimension = "a"',
        "rule.dimension",
        "'a'",
        "dimensions.toml",
    ),
    "rule": (
        DIALOOG,
        '"share_cap"',
        '"share_cup"',
        "rule.name",
        "unknown rule 'share_cup'",
        "did you mean 'share_cap'",
    ),
    "field of a rule": (DIALOOG, "bubbles = 3", "bubble = 3", "rule.bubble", "unknown key of", "bubbles"),
    "ground": (DIALOOG, '["interests"]', '["hobby"]', "rule.on", "unknown dimension 'hobby'", "interests, languages"),
    "size": (DIALOOG, "target = 7", "target = 9", "size", "a group cannot be", "min <= target <= max"),
    "not TOML": (DIALOOG, "firm = true", "firm = waar", "-", "is not TOML", "key = value"),
}
HEADS = {"need without a flag": -3, "question": -1, "no bubbles": 0, "not TOML": 0, "size": -2}
"""Lines from the change to the table that lacks something, or that is wrong as a whole."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_where_it_stands(folder: Folder, mistake: str) -> None:
    file, old, new, key, what, right = MISTAKES[mistake]
    line = folder.change(file, old, new)
    told = [fault for fault in folder.faults() if fault.column == key]
    assert told, [str(fault) for fault in folder.faults()]
    assert told[0].file == str(folder.path / file)
    assert told[0].row == line + HEADS.get(mistake, 0)
    assert what in told[0].what
    assert right in told[0].right


def test_everything_is_told_at_once_and_file_by_file(folder: Folder) -> None:
    folder.change(SETTINGS, "small_cell = 10", "small_cell = 1")
    folder.change(SETTINGS, 'theme = "voorbeeld"', "theme = 3")
    folder.change(DIMENSIONS, "several = false", "several = 0")
    folder.change(DIALOOG, 'goal = "bridging"', 'goal = "mixing"')
    faults = folder.faults()
    assert [fault.column for fault in faults] == ["theme", "small_cell", "age.several", "goal"]
    assert {fault.file for fault in faults} == {str(folder.path / name) for name in (SETTINGS, DIMENSIONS, DIALOOG)}


def test_what_is_missing_is_named(folder: Folder) -> None:
    folder.write(SETTINGS, 'languages = ["nl"]\n[conversation]\nnl = "Nederlands"\n')
    missing = {fault.column for fault in folder.faults() if fault.what.endswith("is missing")}
    assert {
        "product",
        "theme",
        "small_cell",
        "sender.address",
        "limits.upload_bytes",
        "retention.contact_weeks",
    } <= missing


def test_the_screens_always_speak_dutch(folder: Folder) -> None:
    folder.change(SETTINGS, '["nl", "en"', '["en"')
    assert "the screens have no nl" in folder.fault().what


def test_a_shipped_format_that_misses_a_dimension_says_so(folder: Folder) -> None:
    text = (folder.path / DIMENSIONS).read_text("utf-8")
    folder.write(DIMENSIONS, text[: text.index("[clubs]")])
    assert {(fault.column, "dimensions.toml" in fault.right) for fault in folder.faults()} == {("bridging.clubs", True)}


def test_a_file_that_nobody_reads_is_refused(folder: Folder) -> None:
    folder.write("setings.toml", "")
    assert "is read by nobody" in folder.fault().what
    assert "settings.toml" in folder.fault().right


def test_a_format_with_a_name_that_is_no_key_is_refused(folder: Folder) -> None:
    folder.write("formats/Samen Koken.toml", "")
    assert "'Samen Koken' cannot be the key of a format" in folder.fault().what


def test_a_dimension_has_at_least_two_bubbles(folder: Folder) -> None:
    text = (folder.path / DIMENSIONS).read_text("utf-8")
    folder.write(DIMENSIONS, text[: text.index("sports =")])
    assert [fault.what for fault in folder.faults()] == ["too few: 0"]


def test_files_that_are_not_toml_are_all_named(folder: Folder) -> None:
    for name in (SETTINGS, DIMENSIONS, DIALOOG):
        folder.write(name, "x = ")
    assert [fault.file for fault in folder.faults()] == [
        str(folder.path / name) for name in (SETTINGS, DIMENSIONS, DIALOOG)
    ]


def test_a_folder_that_is_not_there_is_refused(folder: Folder) -> None:
    with pytest.raises(BadInput, match="is no folder"):
        load(folder.path / "nowhere")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"product = ", b"x = " + b"[" * 3000], ids=["bytes", "half", "deep"])
@pytest.mark.parametrize("name", [SETTINGS, DIMENSIONS, DIALOOG])
def test_rubbish_is_refused(folder: Folder, name: str, data: bytes) -> None:
    (folder.path / name).write_bytes(data)
    assert folder.faults()[0].file == str(folder.path / name)


@pytest.mark.parametrize("name", [SETTINGS, DIMENSIONS, DIALOOG])
def test_wrong_kinds_everywhere_are_faults_and_no_crash(folder: Folder, name: str) -> None:
    """Every value of every line in turn becomes something that it cannot be."""
    path = folder.path / name
    lines = path.read_text("utf-8").splitlines()
    for row, line in enumerate(lines):
        if "=" in line and not line.startswith("#"):
            path.write_text("\n".join([*lines[:row], f"{line.partition('=')[0]}= [[3]]", *lines[row + 1 :]]), "utf-8")
            assert folder.faults(), line
