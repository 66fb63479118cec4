"""A mail taken apart within limits: its head and its leaves; whatever the bytes are, the work is bounded.

The parser of the standard library has no limits: depth, parts and lines are whatever a sender likes. It is used here
for what is small: one head, one part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value

from web.replies.plain import LONGEST, decoded
from web.replies.verdict import MailLimits

HEAD_BYTES = 262_144
VALUE_CHARS = 4000
MOST_LINES = 10_000
"""Lines that look like a boundary of one multipart and are none: more of them is no mail."""


class MailHeaders:
    """The fields of a head in their order; lines that are no field are passed over."""

    def __init__(self, raw: bytes) -> None:
        text = decoded(re.sub(rb"\n[ \t]+", b" ", raw[:HEAD_BYTES].replace(b"\r", b"")))
        pairs = (line.partition(":") for line in text.split("\n"))
        self.fields = [(name.strip().lower(), value.strip()[:VALUE_CHARS]) for name, colon, value in pairs if colon]

    def all(self, name: str) -> list[str]:
        """Every value of a field, topmost first."""
        return [value for known, value in self.fields if known == name]

    def first(self, name: str) -> str:
        """The topmost value of a field, or an empty text."""
        return next(iter(self.all(name)), "")

    def readable(self, name: str) -> str:
        """A field with its encoded words (RFC 2047) as a person reads it."""
        return readable(self.first(name))


def readable(value: str) -> str:
    """Encoded words (RFC 2047) as text; what is broken stays as it is."""
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, LookupError, ValueError):
        return value


class Leaf:
    """A part without parts of its own: what it says it is, and its bytes when they are asked for."""

    def __init__(self, head: MailHeaders, kind: str, raw: bytes, span: tuple[int, int]) -> None:
        self.kind, self._raw, self._span = kind, raw, span
        self._encoding = head.first("content-transfer-encoding").split(";")[0].strip()
        self.charset = parameter(head, "charset")
        self.method = parameter(head, "method").upper()
        filename = parameter(head, "filename", "content-disposition") or parameter(head, "name")
        self.attached = head.first("content-disposition").lower().startswith("attachment")
        self.filename = readable(filename).strip().lower()

    def content(self, most: int) -> bytes | None:
        """What it holds, or None if that is more than `most` bytes."""
        start, end = self._span
        # Quoted-printable is three times as long at most, and both encodings have line ends of their own.
        if end - start > 4 * most + 1000:
            return None
        found = _unpacked(self._raw[start:end], self._encoding)
        return found if len(found) <= most else None

    def text(self) -> str:
        """The first of what it says."""
        start, end = self._span
        first = self._raw[start : min(end, start + LONGEST)]
        if end - start > LONGEST and self._encoding.lower() == "base64":
            # Cut off in the middle of four characters nothing of it can be read.
            first = b"".join(first.split())
            first = first[: len(first) // 4 * 4]
        return decoded(_unpacked(first, self._encoding), self.charset)


def _unpacked(body: bytes, encoding: str) -> bytes:
    begun = body.lstrip()[:8]
    if not encoding and begun == b"QkVHSU46":  # BEGIN: in base64, and nobody said so
        encoding = "base64"
    plain = encoding.lower() == "base64" and begun[:6].upper() == b"BEGIN:"
    if plain or encoding.lower() not in ("base64", "quoted-printable"):
        return body
    part = Message()
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(body.decode("ascii", "surrogateescape"))
    unpacked = part.get_payload(decode=True)
    return unpacked if isinstance(unpacked, bytes) else body


def parameter(head: MailHeaders, name: str, field: str = "content-type") -> str:
    """A parameter of a field, also in the continued and encoded forms of RFC 2231."""
    part = Message()
    part["Field"] = head.first(field)[:2000]
    try:
        return collapse_rfc2231_value(part.get_param(name, "", "field")).strip()
    except (LookupError, ValueError, TypeError):
        return ""


def kind_of(head: MailHeaders, default: str = "text/plain") -> str:
    """The media type in lower case."""
    found = re.match(r"\s*([\w.+-]+/[\w.+-]+)", head.first("content-type"))
    return found[1].lower() if found else default


class ParsedMail:
    """The head and the leaves of a mail. `over` is the limit that it breaks, if it does: then the leaves are not all.

    A mail within a mail (message/rfc822, as in a bounce) is a leaf, so that nothing in it is taken for an answer.
    """

    def __init__(self, raw: bytes, limits: MailLimits) -> None:
        # An empty line goes before: every boundary then follows a line end.
        self._raw = b"\n" + raw.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
        self._limits = limits
        self.leaves: list[Leaf] = []
        self.over = ""
        self._parts = 0
        self.head, _ = self._opened(1, len(self._raw))
        self.kind = kind_of(self.head)
        self._walk(1, len(self._raw), 1, "text/plain")

    def start(self, most: int) -> bytes:
        """The first of its bytes, with plain line ends."""
        return self._raw[1 : most + 1]

    def _opened(self, start: int, end: int) -> tuple[MailHeaders, int]:
        """The head of what begins at `start`, and where its body begins."""
        if self._raw.startswith(b"\n", start, end):
            return MailHeaders(b""), start + 1
        blank = self._raw.find(b"\n\n", start, end)
        stop = end if blank < 0 else blank
        return MailHeaders(self._raw[start : min(stop, start + HEAD_BYTES)]), min(stop + 2, end)

    def _walk(self, start: int, end: int, depth: int, default: str) -> None:
        self._parts += 1
        if self._parts > self._limits.parts:
            self.over = "too_many_parts"
            return
        head, body = self._opened(start, end)
        kind = kind_of(head, default)
        if not kind.startswith("multipart/"):
            self.leaves.append(Leaf(head, kind, self._raw, (body, end)))
        elif depth > self._limits.depth:
            self.over = "too_deep"
        else:
            inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            self._branch(head, (body, end), depth, inner)

    def _branch(self, head: MailHeaders, span: tuple[int, int], depth: int, default: str) -> None:
        spans = 0
        for start, end in self._spans(self._boundary(head, *span), *span):
            if self.over:
                return
            spans += 1
            self._walk(start, end, depth + 1, default)
        if not spans:
            self.leaves.append(Leaf(MailHeaders(b""), "text/plain", self._raw, span))

    def _boundary(self, head: MailHeaders, start: int, end: int) -> bytes:
        """What its head says, or else the first line that looks like one."""
        if boundary := parameter(head, "boundary"):
            return boundary[:200].encode("utf-8", "replace")
        guess = re.search(rb"\n--([^\n]{1,70})\n", self._raw[start - 1 : min(end, start + 4000)])
        return guess[1].rstrip() if guess else b""

    def _spans(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the parts between the boundaries are; one that is never closed ends with its multipart."""
        begun = 0
        for at, after, last in self._boundaries(boundary, start, end) if boundary else ():
            if begun:
                yield begun, max(at, begun)
            begun = 0 if last else after
            if last:
                break
        if begun and begun < end:
            yield begun, end

    def _boundaries(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        mark = b"\n--" + boundary
        at = self._raw.find(mark, start - 1, end)
        for _ in range(MOST_LINES):
            if at < 0:
                return
            stop = self._raw.find(b"\n", at + len(mark), end)
            stop = end if stop < 0 else stop
            tail = self._raw[at + len(mark) : min(stop, at + len(mark) + 100)].strip()
            if tail in (b"", b"--"):
                yield at, min(stop + 1, end), tail == b"--"
            at = self._raw.find(mark, stop, end)
        self.over = "too_many_parts"
