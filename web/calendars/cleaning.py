"""What people typed, without what breaks a calendar: control characters, half characters, quotes in a name."""

from __future__ import annotations

import re

MOST, HEAD, TAIL = 8000, 6900, 1000
LONGEST_LINE = 200
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls; halves of a pair, which UTF-8 does not know; the byte order mark; and what is no character at all.
BARRED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd-\uffff]")
# Readers differ in the escapes of a quoted name (RFC 6868 or a backslash), so a name holds none.
ESCAPES = str.maketrans({'"': "'", "\\": "/", "^": None})


def paragraphs(text: str) -> str:
    """Plain text of 8000 characters at most. What is cut is in the middle: at the end stands the link to answer."""
    text = re.sub(" +\n", "\n", _clean(text)).strip()
    return text if len(text) <= MOST else f"{text[:HEAD]}\n…\n{text[-TAIL:]}"


def line(text: str) -> str:
    """On one line, as long as it is."""
    return " ".join(_clean(text).split())


def short_line(text: str) -> str:
    """On one line that fits a calendar's box."""
    text = line(text)
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"


def name(text: str) -> str:
    """What can stand between double quotes, and means the same to every reader."""
    return " ".join(line(text).translate(ESCAPES).split())


def _clean(text: str) -> str:
    text = BARRED.sub("", BREAKS.sub("\n", text)).replace("\t", " ")
    # icalendar, and with it khal, takes a backslash and an N that somebody typed for a line break.
    # Google shows tags in a text as HTML, also whoever's link.
    return re.sub(r"<(?=[a-zA-Z/!])", "< ", text.replace("\\N", "/N"))
