"""The sections of settings.toml about letters and answers: what every key may be, and what goes together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from config.messages import Inbox, MailServer, Offers, Reminders, TextMessages
from config.tables import DOMAIN, pattern
from matcher.messages import Message
from matcher.toml.document import Section
from matcher.toml.kinds import ValueKind, for_instance, one_of, whole

_Made = TypeVar("_Made")

_HERE = ("localhost", "127.0.0.1", "::1")
_HOST = pattern(Message.of("config.server"), "post.buurt.example", r"[A-Za-z0-9.:_-]{0,253}")
_SECURITY = one_of("starttls", "tls", "none")
_USER = pattern(Message.of("config.user"), "groepen@buurt.example", r"[\x20-\x7e]{0,200}")
_FOLDER = pattern(Message.of("config.mail_folder"), "INBOX", r"[^\x00-\x1f\x7f\"\\]{1,200}")
_MAIL = {"host": _HOST, "port": whole(1, 65_535), "security": _SECURITY, "user": _USER, "timeout": whole(1, 120)}
_INBOX = {key: _MAIL[key] for key in ("host", "port", "security", "user")} | {"folder": _FOLDER, "authserv": _HOST}
_PLACE = r"(:[0-9]{1,4}|:[1-5][0-9]{4})?([/?][A-Za-z0-9/?=&%._~:+,;-]{0,400})?"
_TEXT_MESSAGES = {
    "kind": ValueKind(
        Message.of("config.mail_or_http"), for_instance('"mail"'), lambda v: v in ("", "mail", "http"), str
    ),
    "address": pattern(
        Message.of("config.number_address"),
        "{number}@sms.aanbieder.example",
        r"|[A-Za-z0-9._-]{0,30}\{number\}[A-Za-z0-9._-]{0,30}@" + DOMAIN,
    ),
    # What is sent there opens people's pages, and the token is worth money: never in the open.
    "url": pattern(
        Message.of("config.https"),
        "https://sms.aanbieder.example/send",
        rf"|https://{DOMAIN}{_PLACE}|http://(localhost|127\.0\.0\.1|\[::1\]){_PLACE}",
    ),
    "sender": pattern(Message.of("config.text_sender"), "Rebubbelen", r"|[A-Za-z0-9 ]{1,11}|\+?[0-9]{3,15}"),
    "length": whole(160, 1530),
}
_OFFERS = {"hours": whole(1, 168), "last_hours": whole(0, 72)}
_DAYS = ValueKind(
    Message.of("config.days"),
    for_instance("[7, 1]"),
    lambda v: isinstance(v, list) and len(v) <= 4 and all(type(day) is int and 1 <= day <= 30 for day in v),
    lambda v: tuple(sorted(set(v), reverse=True)),
)
# Bounds that keep it out of the night whatever is chosen.
_REMINDERS = {"days": _DAYS, "from_hour": whole(7, 12), "to_hour": whole(13, 21)}

TABLES = ("mail", "inbox", "text_messages", "offers", "reminders")


def sending_in(page: Section) -> Mapping[str, Any]:
    """These sections, by field of `Settings`; a section or key that is not there is as by default."""
    tables = {key: page.inner(key) for key in TABLES}
    mail = _read(tables["mail"], _MAIL, MailServer)
    inbox = _read(tables["inbox"], _INBOX, Inbox)
    texts = _read(tables["text_messages"], _TEXT_MESSAGES, TextMessages)
    _no_open_password(tables["mail"], mail)
    _no_open_password(tables["inbox"], inbox)
    _reachable(tables["text_messages"], texts)
    return {
        "mail": mail,
        "inbox": inbox,
        "text_messages": texts,
        "offers": _read(tables["offers"], _OFFERS, Offers),
        "reminders": _read(tables["reminders"], _REMINDERS, Reminders),
    }


def _read(table: Section, kinds: Mapping[str, ValueKind], make: type[_Made]) -> _Made:
    table.refuse_unknown(kinds)
    usual = make()
    return make(**{key: table.take(key, kind, getattr(usual, key)) for key, kind in kinds.items()})


def _no_open_password(table: Section, server: MailServer | Inbox) -> None:
    if server.user and server.security == "none" and server.host not in _HERE:
        table.fault("security", Message.of("config.open_password"), Message.of("config.security"))


def _reachable(table: Section, texts: TextMessages) -> None:
    for kind, key in (("mail", "address"), ("http", "url")):
        if texts.kind == kind and not table.content.get(key):
            what = Message.of("config.text_messages", kind=kind, key=key)
            table.fault("kind", what, Message.of("config.add_example", key=key, example=_TEXT_MESSAGES[key].example))
