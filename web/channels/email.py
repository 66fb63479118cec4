"""A parcel as an e-mail, ready for a mail program or a server.

Written out here and not by `email.message`: that folds long names so that their quotes are lost, translates the line
ends of a calendar part, and takes a new boundary every time. The same parcel is the same bytes.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256

from config import Sender
from web.channels.faults import Never
from web.channels.parcel import CalendarPart, Parcel
from web.identity import addresses

_PLAIN = 60
"""Characters of a header that need no folding; longer ones are written as encoded words, which fold anywhere."""
# Control characters, ends of lines, halves of characters, and what turns the direction of the rest of a line.
_NOT_IN_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def message(parcel: Parcel, sender: Sender) -> bytes:
    """The e-mail as it is sent, with CRLF. Raises Never for an address that cannot be one.

    The same parcel has the same Message-ID, so that a mailbox shows it once.
    """
    key = sha256("\n".join((parcel.key, *parcel.beside)).encode()).hexdigest()[:32]
    headers = {
        "From": _mailbox(sender.name, ascii_address(parcel.from_address or sender.address)),
        "To": _mailbox(parcel.name, ascii_address(parcel.address)),
        "Subject": _encoded(parcel.subject),
        "Date": format_datetime(parcel.at),
        "Message-ID": f"<{key}@{ascii_address(sender.address).partition('@')[2]}>",
        "MIME-Version": "1.0",
        "Content-Language": _line(parcel.language),
        # So that nobody's 'I am on holiday' answers it (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if parcel.unsubscribe:
        headers["List-Unsubscribe"] = f"<{_line(parcel.unsubscribe)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return _lines(headers) + _content(parcel, key)


def ascii_address(address: str) -> str:
    """An address as every server takes it: the domain in ASCII. Raises Never for one that cannot be written so."""
    local, _, domain = address.rpartition("@")
    domain = addresses.ascii_domain(domain) or domain
    if len(local) > 64 or len(domain) > 253 or not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise Never("address")
    return f"{local}@{domain}"


def _content(parcel: Parcel, key: str) -> bytes:
    """The letter in its layout (calendar rule 3): the calendar is the last alternative, and once more a file.

    A mail has one part that programs act on (rule 4); the objects of other dates are files, each with one event.
    """
    alternatives = [_text("plain", parcel.text)]
    if parcel.html:
        alternatives.append(_text("html", parcel.html))
    if not parcel.calendars:
        return alternatives[0] if len(alternatives) == 1 else _parts("alternative", key, alternatives)
    first = parcel.calendars[0]
    alternatives.append(_base64(_calendar_type(first), first.content))
    files = [_file(number, part) for number, part in enumerate(parcel.calendars, 1)]
    return _parts("mixed", key, [_parts("alternative", key, alternatives), *files])


def _file(number: int, part: CalendarPart) -> bytes:
    name = "invite.ics" if number == 1 else f"invite-{number}.ics"
    return _base64(f'application/ics; name="{name}"', part.content, f'attachment; filename="{name}"')


def _calendar_type(part: CalendarPart) -> str:
    if part.method not in ("REQUEST", "CANCEL"):
        raise ValueError(f"no invitation has method {part.method!r}")
    return f"text/calendar; method={part.method}; charset=utf-8"


def _parts(kind: str, key: str, parts: list[bytes]) -> bytes:
    # '=_' cannot occur in what is quoted-printable or base64, so no part can hold the boundary.
    line = f"--=_{kind}_{key}"
    between = f"\r\n{line}\r\n".encode()
    head = _head({"Content-Type": f'multipart/{kind}; boundary="{line[2:]}"'})
    return head + between[2:] + between.join(parts) + f"\r\n{line}--\r\n".encode()


def _text(kind: str, text: str) -> bytes:
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    head = {"Content-Type": f"text/{kind}; charset=utf-8", "Content-Transfer-Encoding": "quoted-printable"}
    return _head(head) + b2a_qp(whole, istext=True).replace(b"\n", b"\r\n")


def _base64(kind: str, content: bytes, disposition: str = "") -> bytes:
    head = {"Content-Type": kind, "Content-Transfer-Encoding": "base64"}
    if disposition:
        head["Content-Disposition"] = disposition
    return _head(head) + encodebytes(content).replace(b"\n", b"\r\n")


def _head(headers: dict[str, str]) -> bytes:
    return _lines(headers) + b"\r\n"


def _lines(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value).encode("ascii")


def _mailbox(name: str, address: str) -> str:
    phrase = _line(name)
    if _is_plain(phrase):
        quoted = phrase.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>' if phrase else address
    return f"{_encoded(phrase)}\r\n <{address}>"


def _encoded(text: str) -> str:
    """The value of a header of words in any script (RFC 2047)."""
    line = _line(text)
    if _is_plain(line):
        return line
    return Header(line, "utf-8", maxlinelen=76, header_name="Subject").encode(linesep="\r\n")


def _is_plain(line: str) -> bool:
    return line.isascii() and len(line) <= _PLAIN and "=?" not in line


def _line(text: str) -> str:
    """On one line, whatever somebody put in their name."""
    return " ".join(_NOT_IN_LINE.sub(" ", text).split())
