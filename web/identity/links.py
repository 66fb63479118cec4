"""Links that people type over from paper or pull out of a message with what stood around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from web.identity.text import unseen_out

LONGEST = 500
"""Characters of a path; a longer one was typed by nobody."""
_SECRET = 32
_AROUND = re.compile(r"^[^\w-]+|[^\w-]+$")
_AS_DIGITS = str.maketrans("oil", "011")


def meant(path: str) -> Iterator[str]:
    """The paths that may be meant by one that does not exist, best first: each of them is the same when read again.

    Without spaces, and without signs around its parts; then in small letters, as every address of ours is; then with
    digits for letters in a secret of digits and a to f.
    """
    if len(path) > LONGEST or any(c < " " for c in path):
        return
    parts = [_part(part) for part in path.split("/")]
    # One slash to begin with: two would lead to another site.
    bare = "/".join(filter(None, parts))
    clean = f"/{bare}/" if bare and not parts[-1] else f"/{bare}"
    lower = clean.lower()
    as_secret = "/".join(_secret(part) for part in lower.split("/"))
    for one in dict.fromkeys((clean, lower, as_secret)):
        bare = one.rstrip("/")
        yield from (other for other in dict.fromkeys((one, f"{bare}/", bare)) if other and other != path)


def _part(part: str) -> str:
    for _ in range(2):  # sent on by a program that writes %20 as %2520
        part = unquote(part)
    return _AROUND.sub("", re.sub(r"\s+", "", unseen_out(part)))


def _secret(part: str) -> str:
    read = part.translate(_AS_DIGITS)
    return read if len(read) == _SECRET and re.fullmatch("[0-9a-f]+", read) else part
