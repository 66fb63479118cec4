"""Under which names the site answers; a request for any other is refused before anything looks at it.

A name that a stranger chose would stand in redirects and links, and a page can be asked for under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?", re.IGNORECASE)
REFUSAL = (
    "Deze site heeft een andere naam. This site goes by another name.\n"
    "For who runs it: REBUBBELEN_URL names the site, REBUBBELEN_HOSTS further names, separated by commas.\n"
)


def named(site: str, more: Iterable[str] = ()) -> frozenset[str]:
    """The names of a site: that of its address, more of them, and always those of the machine itself."""
    return LOOPBACK | {name for text in (urlsplit(site).netloc, *more) if (name := _name(text))}


def is_ours(environ: WSGIEnvironment, names: frozenset[str]) -> bool:
    """Whether a request is for one of these names. One that names none is for where the server listens."""
    return "HTTP_HOST" not in environ or _name(environ["HTTP_HOST"]) in names


def refuse(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Say no, in words that go into no page."""
    headers = {"Cache-Control": "no-store, private", "X-Content-Type-Options": "nosniff"}
    return Response(REFUSAL, 400, headers, content_type="text/plain; charset=utf-8")(environ, start_response)


def _name(host: str) -> str:
    found = _HOST.fullmatch(host.strip())
    return found[1].lower().rstrip(".") if found else ""
