"""Whatever a file holds, it is read or refused line by line, without an unexpected exception."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tables.folder import GOOD, Folder

DIRTY = ["#N/A", "#REF!", "-", "geen", "A\u200b", "\u00a0", "a; b", "nl en ar", "Nederlands", "10-dec", "sep=;", "İ"]
CELLS = st.sampled_from(
    ["", "id", "a", "b", "a|b", "mon", "-1", "nan", "1e309", '"', "=1", "\x00", "\ud800", "é", "|", "'=a", *DIRTY]
)
LINES = st.lists(st.lists(CELLS, max_size=6).map(",".join), max_size=6).map("\n".join)
TEXTS = LINES.map(lambda text: text.encode("utf-8", "surrogatepass"))
COLUMNS = {
    "people.csv": b"id,age,sessions,prefers,buddies,apart,priority,max_meetings,outspoken\n",
    "sessions.csv": b"id,groups,round,start,end,mode,seats\n",
    "facilitators.csv": b"id,sessions,max_groups\n",
    "met.csv": b"a,b,times\n",
    "locked.csv": b"person,session,group\n",
    "population.csv": b"dimension,bubble,count\n",
}
QUICKLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def read(name: str, data: bytes) -> None:
    """Fails with whatever is raised that is not `BadInput`."""
    with TemporaryDirectory() as path:
        lines = Folder(Path(path)).write({name: data}).faults()
        assert all(": " in line and "; " in line for line in lines)


@pytest.fixture(autouse=True)
def _come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folders of these tests vanish while they are the current one."""
    monkeypatch.chdir(Path(__file__).parent)


@pytest.mark.parametrize("name", [*COLUMNS, "format.toml"])
@QUICKLY
@given(data=st.binary(max_size=200) | TEXTS)
def test_any_bytes(name: str, data: bytes) -> None:
    read(name, data)


@pytest.mark.parametrize("name", COLUMNS)
@QUICKLY
@given(data=TEXTS)
def test_any_rows_under_the_right_header(name: str, data: bytes) -> None:
    read(name, COLUMNS[name] + data)


VALUES = st.sampled_from(
    [
        "1",
        "-1",
        "nan",
        "inf",
        "9" * 400,
        "true",
        "'age'",
        "'*'",
        "[]",
        "['age']",
        "[1, 5]",
        "{}",
        "{a = 1}",
        "2027-01-01",
        "''",
    ]
)
KEYS = st.sampled_from(
    [
        "name",
        "goal",
        "size",
        "size.min",
        "series.kind",
        "bridging.age",
        "firm",
        "weight",
        "dimension",
        "x",
        "share",
        "age",
        "told",
    ]
)
HEADS = st.sampled_from(
    ["[size]", "[series]", "[bridging]", "[bands]", "[answers]", "[[rule]]", "[rule]", "[[rule]]\nname = 'share_cap'"]
)
ENTRY = st.tuples(KEYS, VALUES).map(" = ".join)


@QUICKLY
@given(lines=st.lists(ENTRY | HEADS, max_size=12))
def test_any_keys_and_values_of_a_format(lines: list[str]) -> None:
    read("format.toml", "\n".join(lines).encode())


def test_the_good_files_are_good(folder: Folder) -> None:
    assert folder.write(GOOD).faults() == []
