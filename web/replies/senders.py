"""Who sent it: a program by itself (RFC 3834), or the owner of the address in From, by our own server's word."""

from __future__ import annotations

import re
from email.utils import getaddresses

from web.replies.mime import MailHeaders, readable
from web.replies.plain import line

_MARKS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-ms-exchange-inbox-rules-loop")
_SYSTEMS = ("mailer-daemon", "postmaster")
_ADDRESS = re.compile(r"[^\s<>()\",;:@]+@([^\s<>()\",;:@]+)")


def away(head: MailHeaders) -> bool:
    """Whether a mail says that a program answered for somebody (RFC 3834), who is on holiday, say.

    That others should not answer it automatically (X-Auto-Response-Suppress, List-Id, Precedence: list or bulk, ...)
    does not mean that nobody wrote it.
    """
    precedence = head.first("precedence").strip().lower()
    marks = [head.first(name).strip().lower() for name in _MARKS]
    return (
        _submitted(head) == "auto-replied"
        or precedence in ("auto_reply", "auto-reply")
        or any(mark not in ("", "no", "none") for mark in marks)
    )


def generated(head: MailHeaders) -> bool:
    """Whether a mail says that a program wrote it, of itself or as an answer."""
    return away(head) or _submitted(head) not in ("", "no")


def _submitted(head: MailHeaders) -> str:
    return re.split(r"[;\s(]", head.first("auto-submitted").strip().lower(), maxsplit=1)[0]


def from_server(head: MailHeaders, mail_from: str | None) -> bool:
    """Whether a mail server itself speaks: a sender of its own, or none on the envelope.

    An unknown sender of the envelope (None) is looked up in Return-Path.
    """
    paths = head.all("return-path")[:1] if mail_from is None else [mail_from]
    return any(path.strip() in ("", "<>") for path in paths) or from_system(head)


def from_system(head: MailHeaders) -> bool:
    """Whether From or a field of its own says that a mail server wrote this, whatever is on the envelope."""
    return sender(head).lower().partition("@")[0].strip('"') in _SYSTEMS or bool(head.first("x-failed-recipients"))


def sender(head: MailHeaders) -> str:
    """The address in From in lower case; what stands there on one line if it is none."""
    address = _only_address(head)
    return address or line(readable(head.first("from")), 320)


def _only_address(head: MailHeaders) -> str:
    """The address in From, if it is one address in one field."""
    fields = head.all("from")
    found = getaddresses(fields[:1]) if len(fields) == 1 else []
    address = found[0][1].lower() if len(found) == 1 else ""
    return address if len(address) <= 320 and _ADDRESS.fullmatch(address) else ""


def proven(head: MailHeaders, authserv: str) -> str:
    """The address in From if our own server says that DMARC passed for it, else an empty text (RFC 8601, 5).

    Only the topmost Authentication-Results counts, and only if our server (`authserv`) wrote it: it strips or goes
    above whatever a sender puts there.
    """
    address, results = _only_address(head), _results(head.first("authentication-results"))
    if not address or not authserv or results[0].lower() != authserv.strip().lower():
        return ""
    said = [result for result in results[1:] if re.match(r"dmarc\b", result)]
    passed = len(said) == 1 and re.match(r"dmarc(?:/\d+)?\s*=\s*pass(?:\s|$)", said[0])
    domains = re.findall(r"\bheader\.from\s*=\s*(\S+)", said[0]) if passed else []
    return address if [name.rpartition("@")[2] for name in domains] == [address.rpartition("@")[2]] else ""


def _results(value: str) -> list[str]:
    """Who says so, and each result, in lower case, without comments; what is quoted cannot look like a result."""
    kept, depth = [], 0
    for piece in re.findall(r'"(?:[^"\\]|\\.)*"|\\.|[()]|[^"\\()]+|["\\]', value):
        depth = max(0, depth + (piece == "(") - (piece == ")"))
        if depth == 0 and piece != ")":
            kept.append(re.sub(r"[\s;=]", "_", piece) if piece[0] == '"' else piece)
    first, *results = "".join(kept).lower().split(";")
    return [(first.split() or [""])[0].strip('"'), *(result.strip() for result in results)]
