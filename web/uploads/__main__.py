"""The process that reads one file: `python -m web.uploads`, the file at its input, the rows at its output.

It takes its own limits before it reads a byte, so that a file can make it end and nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import sys

from web.uploads.reading import ReadLimits, Unread, rows_within

POLITE = 5
"""How far it stands back for who answers visitors (nice)."""


def main() -> None:
    """Read, and say what was found."""
    limits = ReadLimits(**json.loads(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(POLITE)
    try:
        rows = rows_within(sys.stdin.buffer.read(), limits)
        said = json.dumps({"rows": [(row.number, row.cells, row.faults) for row in rows], "leaf": rows.leaf})
    except Unread as error:
        said = json.dumps({"kind": error.kind, "row": error.row})
    except (MemoryError, RecursionError):
        said = json.dumps({"kind": "TooLarge", "row": 0})
    sys.stdout.write(said)


if __name__ == "__main__":
    main()
