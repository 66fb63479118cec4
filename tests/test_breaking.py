"""The list of promises that are broken on purpose can be carried out: every text, file and test in it is there."""

import re
from collections import Counter

import pytest

from tests.breaking import ROOT, main, mutants


def test_every_text_is_there_exactly_once() -> None:
    """Else a row breaks nothing, and says that it was noticed."""
    assert {one.title: (one.old, one.found()) for one in mutants() if one.found() != 1} == {}
    assert len(mutants()) >= 60


def test_every_row_breaks_one_line_of_the_product_and_names_tests_that_are_there() -> None:
    for one in mutants():
        assert one.old != one.new and "\n" not in one.old + one.new, one.title
        assert one.file.split("/")[0] in ("web", "config", "matcher"), one.title
        assert one.tests, one.title
        for test in one.tests:
            file, _, name = test.partition("::")
            assert re.search(rf"^def {name.partition('[')[0]}", (ROOT / file).read_text("utf-8"), re.MULTILINE), test


def test_no_row_is_there_twice() -> None:
    assert [row for row, count in Counter((one.file, one.old, one.new) for one in mutants()).items() if count > 1] == []


def test_a_text_that_is_gone_is_an_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tests.breaking.Mutant.found", lambda self: 0)
    assert main([]) == 2
    assert "not there exactly once" in capsys.readouterr().out
