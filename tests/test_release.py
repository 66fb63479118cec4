"""One version: that of pyproject.toml is the newest in the changes, and the one that catalogues of software name."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")
CATALOGUE = (ROOT / "publiccode.yml").read_text("utf-8")


def test_the_newest_release_of_the_changes_is_this_version() -> None:
    titles = re.findall(r"^## (.+)$", CHANGES, re.MULTILINE)
    assert titles[0] == "Unreleased"
    assert titles[1].split(" - ")[0] == VERSION
    dates = [title.partition(" - ")[2] for title in titles[1:]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in dates) and dates == sorted(dates, reverse=True)


def test_catalogues_are_told_the_same_version_and_day() -> None:
    assert f'\nsoftwareVersion: "{VERSION}"\n' in CATALOGUE
    (day,) = re.findall(rf"^## {re.escape(VERSION)} - (\S+)$", CHANGES, re.MULTILINE)
    assert f'\nreleaseDate: "{day}"\n' in CATALOGUE


def test_what_a_catalogue_shows_is_there() -> None:
    pictures = re.findall(r"^ +- (\S+\.png)$", CATALOGUE, re.MULTILINE)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []
