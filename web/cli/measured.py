"""The site as `run.py serve --proxies 1` serves it, with a stopwatch on it: `run.py bench` starts this by itself."""

from __future__ import annotations

import sys
from pathlib import Path

from web.bench.server import HOST, Stopwatch
from web.cli import opening
from web.cli.serving import serve

WORKERS, PROXIES = 2, 1


def main(folder: str, port: str, times: str, demo: str) -> None:
    """Serve an installation; `times` is the file to write to, `demo` is empty for a real one."""
    app = opening.application(Path(folder), demo=bool(demo))
    app.wsgi_app = Stopwatch(app, Path(times))  # type: ignore[method-assign]
    serve(app, HOST, int(port), WORKERS, PROXIES, level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
