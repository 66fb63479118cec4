"""The process that reads one file: `python -m web.uploads table`, the file at its input, the rows at its output.

With `image` in place of `table` it makes a picture anew.

It takes its own limits before it reads a byte, so that a file can make it end and nothing else.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

from web.uploads.reading import ReadLimits, Unread, rows_within
from web.uploads.shapes import ImageShape

POLITE = 5
"""How far it stands back for who answers visitors (nice)."""


def main() -> None:
    """Read, and say what was found."""
    task, written = sys.argv[1:]
    take, limits = _table(written) if task == "table" else _image(written)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(POLITE)
    try:
        said = json.dumps(take(sys.stdin.buffer.read()))
    except Unread as error:
        said = json.dumps({"kind": error.kind, "row": error.row})
    except (MemoryError, RecursionError):
        said = json.dumps({"kind": "TooLarge", "row": 0})
    sys.stdout.write(said)


def _table(written: str) -> tuple[Callable[[bytes], dict[str, Any]], ReadLimits]:
    limits = ReadLimits(**json.loads(written))

    def take(data: bytes) -> dict[str, Any]:
        rows = rows_within(data, limits)
        return {"rows": [(row.number, row.cells, row.faults) for row in rows], "leaf": rows.leaf}

    return take, limits


def _image(written: str) -> tuple[Callable[[bytes], dict[str, Any]], ImageShape]:
    # Who reads a table does not load what opens pictures.
    from web.uploads.images import image_within

    shape = ImageShape(**json.loads(written))
    return lambda data: {"image": base64.b64encode(image_within(data, shape)).decode()}, shape


if __name__ == "__main__":
    main()
