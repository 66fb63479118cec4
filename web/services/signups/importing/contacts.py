"""Addresses and numbers that stand in each other's column, or together in one: each goes where it belongs."""

from __future__ import annotations

import re

from web.identity import phones
from web.identity.faults import NoContact

_MAIL = re.compile(r"[^\s,;|/<>()]+@[^\s,;|/<>()]+\.[^\s,;|/<>()]+")
_NUMBER = re.compile(r"\+?\(?\d[\d\s().-]{6,}\d")


def contacts_in(text: str) -> tuple[str, str]:
    """The address and the number in a text, each empty if there is none."""
    mail = _MAIL.search(text)
    number = _NUMBER.search(_MAIL.sub(" ", text))
    return (mail[0] if mail else ""), (number[0] if number and _is_number(number[0]) else "")


def looks_like_contact(text: str) -> bool:
    """Whether this is about one person, and so no name of a column."""
    mail, number = contacts_in(text)
    return bool(mail or number)


def sorted_out(said: dict[str, str], reaches: frozenset[str], form: str) -> None:
    """Put addresses and numbers where they belong; `reaches` are the words that column knows, `form` what it says."""
    if said.get("reach") and form not in reaches:
        mail, number = contacts_in(said["reach"])
        if (mail and not said.get("email")) or (number and not said.get("phone")):
            del said["reach"]
            _fill(said, mail, number)
    mail, number = contacts_in(said.get("email", ""))
    if not mail and number and not said.get("phone"):
        said["phone"] = said.pop("email")
    elif mail and number:
        said["email"] = mail
        _fill(said, "", number)
    mail, _number = contacts_in(said.get("phone", ""))
    if mail and not said.get("email"):
        said["email"], rest = mail, contacts_in(said["phone"])[1]
        said.pop("phone")
        _fill(said, "", rest)


def _fill(said: dict[str, str], mail: str, number: str) -> None:
    for key, found in (("email", mail), ("phone", number)):
        if found and not said.get(key):
            said[key] = found


def _is_number(text: str) -> bool:
    try:
        phones.read(text)
    except NoContact:
        return False
    return True
