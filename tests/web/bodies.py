"""What a form may be sent as, rightly and wrongly: urlencoded, in parts, as JSON, cut off, under another's name."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.web import oddities

URLENCODED = "application/x-www-form-urlencoded"
LONG = 2_000
"""Longer ones are cut: that a form may not be large is a test of its own."""
Sent = Sequence[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes, and what they are said to be."""

    kind: str
    content: bytes
    content_type: str


def urlencoded(dice: random.Random, sent: Sent) -> Body:
    """As a browser does."""
    return Body("urlencoded", urlencode(sent).encode(), URLENCODED)


def multipart(dice: random.Random, sent: Sent) -> Body:
    """In parts, of which some are files where text belongs, or text where a file belongs."""
    parts = []
    for name, value in sent:
        head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
        if dice.random() < 0.5:
            head += f'; filename="{_quoted(dice.choice(FILE_NAMES))}"'
            value = dice.choice([value, *oddities.small_files().values()])
        if dice.random() < 0.3:
            head += f"\r\nContent-Type: {dice.choice(PART_TYPES)}"
        parts.append(f"--grens\r\n{head}\r\n\r\n".encode() + _bytes(value) + b"\r\n")
    return Body("multipart", b"".join(parts) + b"--grens--\r\n", "multipart/form-data; boundary=grens")


def as_json(dice: random.Random, sent: Sent) -> Body:
    """As a program would: every value of any kind, now and then no object at all."""
    said = {name: dice.choice(JSON_VALUES) if dice.random() < 0.6 else _text(value) for name, value in sent}
    whole = dice.choice([said, said, said, said, *JSON_VALUES])
    text = json.dumps(whole)
    if dice.random() < 0.1:
        text = dice.choice(["{", "[" * 3000, '{"a":1e999}', '"\\ud83d"', "\ufeff{}", "", '{"a":1,"a":[2]}', "1" * 5000])
    return Body("json", text.encode(), dice.choice(["application/json"] * 4 + ["application/vnd.api+json"]))


def mistaken(dice: random.Random, sent: Sent) -> Body:
    """One kind under the name of another, without a boundary, or cut off half way."""
    body = dice.choice([urlencoded, multipart, as_json])(dice, sent)
    content = body.content
    if dice.random() < 0.5:
        content = content[: dice.randrange(len(content) + 1)]
    return Body("mistaken", content, dice.choice(MISTAKEN_TYPES))


KINDS: tuple[Callable[[random.Random, Sent], Body], ...] = (urlencoded, multipart, as_json, mistaken)
FILE_NAMES = ["x.csv", "", "../../x", "a\x00b.xlsx", "\u202ex"]
PART_TYPES = ["text/plain; charset=utf-16", "image/png", "multipart/mixed; boundary=b", "\xff", "application/json"]
JSON_VALUES: list[object] = [
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    float("nan"),
    float("inf"),
    "",
    "a\x00b",
    "\ud83d",
    [],
    ["x", 1, None],
    [[["diep"]]],
    {},
    {"a": {"b": [1]}},
    ["koken", "nl"],
]
MISTAKEN_TYPES = [
    "",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300,
    "multipart/form-data; boundary=grens",
    "multipart/mixed; boundary=grens",
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=x",
    f"{URLENCODED}; charset=utf-7",
    f"{URLENCODED}; charset=x",
    "text/plain",
    "text/xml",
    "\xff",
]


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
