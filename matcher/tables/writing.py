"""Files out: all of them or none, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from os import replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from matcher.tables.table import escaped

Write = Callable[[Path], None]


def csv_of(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Write:
    """A CSV file in UTF-8; cells that a spreadsheet would take for a formula get a quote in front."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return lambda path: _put(path, text.getvalue())


def _cell(value: object) -> str:
    """On one line: a bare carriage return would end a row."""
    return escaped("".join(c if c >= " " else " " for c in str(value)))


def json_of(value: Mapping[str, Any]) -> Write:
    """A JSON file."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return lambda path: _put(path, text + "\n")


def _put(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", errors="backslashreplace", newline="\n")


def write_all(out: Path, files: Mapping[str, Write], absent: Iterable[str] = ()) -> list[Path]:
    """Write files into a folder, which is made if needed: first beside their places, then all into them.

    What goes wrong while they are being made leaves the folder as it was. `absent` are names that an earlier
    run may have left there. Raises OSError.
    """
    out.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=".writing-", dir=out))
    try:
        for name, write in files.items():
            write(beside / name)
        for name in files:
            replace(beside / name, out / name)
        for name in set(absent) - files.keys():
            (out / name).unlink(missing_ok=True)
    finally:
        rmtree(beside, ignore_errors=True)
    return [out / name for name in files]
