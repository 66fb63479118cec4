"""Phone numbers: read from what people type, refused with a sentence, and one form for recognising and sending."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
    ValidationResult,
)

from web.identity import faults
from web.identity.text import one_line, unseen_out

COUNTRY = "NL"
DIGITS = 9
"""Of a Dutch number, its first 0 not counted."""
_ONLY_A_NUMBER = re.compile(r"[\d\s+().,;/\-‐‑‒–—−'’]+")
_RUN = re.compile(r"[+(]*\d[\d\s().,/\-‐‑‒–—−]*\d")
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?\s*e\s*\+?\s*\d{1,2}", re.IGNORECASE)
_CELL = re.compile(r"(\d+)[.,]0+")
"""A number as a spreadsheet may write it: 31612345678.0"""
_AROUND = " \t,;:/-–()[]"
_OWN = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.UAN,
}
_TEXTS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` as +31612345678; `texts`: it can take a text message; `note` is what was typed beside it."""

    number: str
    texts: bool
    note: str = ""

    def __str__(self) -> str:
        """As somebody would type it again, with its note."""
        return f"{self.number} {self.note}".strip()


def read(text: str, *, own: bool = True) -> Phone:
    """The one number in a text. Raises a subclass of NoPhone; an 0800 number is refused as somebody's `own`."""
    typed = one_line(unseen_out(text)).lstrip("'")
    if _EXPONENT.fullmatch(typed):
        raise faults.CutOff
    cell = _CELL.fullmatch(typed)
    number, note = _found(cell[1] if cell else typed)
    kind = phonenumbers.number_type(number)
    if own and kind not in _OWN:
        raise faults.ServiceNumber
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind in _TEXTS, note)


def canonical(text: str) -> str | None:
    """A number as +31612345678, or None for what is none: to look somebody up by."""
    try:
        return read(text).number
    except faults.NoPhone:
        return None


def read_bare(text: str) -> Phone:
    """A number that many people call, with nothing beside it. Raises NoPhone."""
    found = read(text, own=False)
    if found.note:
        raise faults.NoPhone
    return found


def read_for_texts(text: str) -> Phone:
    """The same for who wants text messages. Raises NoText too."""
    found = read(text)
    if not found.texts:
        raise faults.NoText
    return found


def _found(typed: str) -> tuple[PhoneNumber, str]:
    """A number that can be in use, and what stands beside it."""
    numbers_only = bool(_ONLY_A_NUMBER.fullmatch(typed))
    if numbers_only and (whole := _parsed(typed)) and phonenumbers.is_valid_number(whole):
        return whole, ""
    found = list(PhoneNumberMatcher(typed, COUNTRY))
    if len({(one.number.country_code, one.number.national_number) for one in found}) > 1:
        raise faults.TwoPhones
    if not found or (numbers_only and len(found) < 2):
        raise _why_not(typed)
    extension = f"ext. {found[0].number.extension}" if found[0].number.extension else ""
    beside = typed
    for one in reversed(found):
        beside = beside[: one.start] + " " + beside[one.end :]
    return found[0].number, " ".join(filter(None, (extension, one_line(beside.strip(_AROUND)))))


def _parsed(typed: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, COUNTRY)
    except NumberParseException:
        return None


def _why_not(typed: str) -> faults.NoPhone:
    """Of a text in which no number can be in use."""
    run = next(iter(_RUN.findall(typed)), "")
    if sum(c.isdigit() for c in run) < sum(c.isdigit() for c in typed) / 2:
        return faults.NoPhone()
    number = _parsed(run)
    if number is None:
        return faults.TooLong() if sum(c.isdigit() for c in run) > 15 else faults.NoPhone()
    length = phonenumbers.is_possible_number_with_reason(number)
    if number.country_code == phonenumbers.country_code_for_region(COUNTRY):
        digits = len(phonenumbers.national_significant_number(number))
        short, long = digits < DIGITS, digits > DIGITS
    else:
        short, long = length == ValidationResult.TOO_SHORT, length == ValidationResult.TOO_LONG
    return faults.TooShort() if short else faults.TooLong() if long else faults.NotInUse()
