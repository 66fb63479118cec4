"""What comments cite stands in docs/promises.md, and every test that stands there is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROMISES = (ROOT / "docs" / "promises.md").read_text("utf-8")
SOURCES = {".py", ".html", ".toml", ".typ", ".css", ".js", ".txt"}
NUMBERS = r"(\d+(?:(?:-|, | and )\d+)*)"
KINDS = {
    "ideas": re.compile(r"\bP(\d{1,2})\b"),
    "promises": re.compile(rf"\b[Pp]romises? {NUMBERS}"),
    "rules": re.compile(rf"(?:\b[Cc]alendar |\()rules? {NUMBERS}"),
}
HEADINGS = {"ideas": "## Ideas", "promises": "## Promises", "rules": "## Calendar rules"}
# IMAP4 is a protocol, and the pages of what others wrote are theirs.
ELSEWHERE = {"imap.py", "connecting.py", "vendoring.py"}


def sources() -> list[Path]:
    """Whatever people write; not what others wrote, nor what these tests write to see them fail."""
    folders = (ROOT / name for name in ("matcher", "web", "config", "tests"))
    paths = (path for folder in folders for path in folder.rglob("*") if path.suffix in SOURCES)
    return [path for path in paths if "vendor" not in path.parts and path.name not in {*ELSEWHERE, Path(__file__).name}]


def spread(numbers: str) -> set[int]:
    """'39-42', '1, 2 and 4' as numbers."""
    found: set[int] = set()
    for part in re.split(r", | and ", numbers):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def cited(kind: str, text: str) -> set[int]:
    return set().union(*(spread(numbers) for numbers in KINDS[kind].findall(text)))


def rows(kind: str) -> dict[int, str]:
    """By number the row of the table under a heading."""
    section = PROMISES.partition(HEADINGS[kind])[2].partition("\n## ")[0]
    return {int(number): line for line in section.splitlines() for number in re.findall(r"^\| P?(\d+) \|", line)}


def test_numbers_are_read_as_people_write_them() -> None:
    assert cited("promises", "(promises 1, 2 and 4); promise 12") == {1, 2, 4, 12}
    assert cited("rules", "calendar rules 16-18, 40-42; (rule 32)") == {16, 17, 18, 32, 40, 41, 42}
    assert cited("ideas", "(P1, P13)") == {1, 13}


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_cited_stands_in_the_list(kind: str) -> None:
    known = rows(kind)
    missing = {path.name: gone for path in sources() if (gone := cited(kind, path.read_text("utf-8")) - known.keys())}
    assert (len(known) > 10, missing) == (True, {})


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_names_tests_that_are_there(kind: str) -> None:
    for number, line in rows(kind).items():
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", line)
        assert named, f"{kind} {number}"
        for file, test in named:
            assert f"def {test}" in (ROOT / file).read_text("utf-8"), f"{kind} {number}: {file} {test}"


def test_no_comment_cites_a_page_that_is_not_here() -> None:
    pages = {path.name for path in ROOT.glob("*.md")} | {path.name for path in (ROOT / "docs").glob("*.md")}
    named = {path.name: set(re.findall(r"\b([\w-]+\.md)\b", path.read_text("utf-8"))) for path in sources()}
    assert {name: gone for name, found in named.items() if (gone := found - pages)} == {}
