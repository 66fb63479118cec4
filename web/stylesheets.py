"""Our style sheets: a file per component, joined in a fixed order and served as one file."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from flask import Flask, Response, send_file

STATIC = Path(__file__).parent / "static"
PARTS = {
    "site.css": (
        "site/tokens.css",
        "site/dark.css",
        "site/ground.css",
        "site/frame.css",
        "site/layout.css",
        "site/rhythm.css",
        "site/facts.css",
        "site/rows.css",
        "site/bubbles.css",
        "site/meeting.css",
        "site/place.css",
        "site/line.css",
        "site/seats.css",
        "site/calls.css",
        "site/evening.css",
        "site/card.css",
        "site/progress.css",
        "site/table.css",
        "site/form.css",
        "site/contrast.css",
        "site/print.css",
        "site/signup.css",
        "site/faces.css",
        "site/people.css",
        "site/choices.css",
    ),
    "editor.css": (
        "editor/board.css",
        "editor/bar.css",
        "editor/table.css",
        "editor/people.css",
        "editor/rules.css",
        "editor/dragging.css",
        "editor/print.css",
    ),
}
"""Sheet -> its files, in the order of the cascade: of two rules that weigh the same the later one counts."""


def install(app: Flask) -> None:
    """Answer the address of a sheet with its files joined: a page still asks for one file."""

    def static(filename: str) -> Response:
        return _sheet(filename) if filename in PARTS else app.send_static_file(filename)

    app.view_functions["static"] = static


@cache
def joined(sheet: str) -> bytes:
    """The whole of a sheet named in PARTS. Read once: a change on disk needs a restart."""
    return b"\n".join((STATIC / part).read_bytes() for part in PARTS[sheet])


@cache
def digest(filename: str) -> str:
    """Eight hexadecimal digits of the content of a file of ours, joined or not; nothing for one that is not there."""
    path = STATIC / filename
    if filename not in PARTS and not path.is_file():
        return ""
    return sha256(joined(filename) if filename in PARTS else path.read_bytes()).hexdigest()[:8]


def _sheet(filename: str) -> Response:
    return send_file(BytesIO(joined(filename)), mimetype="text/css", etag=digest(filename))
