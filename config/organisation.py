"""settings.toml: what every key may be, and what refers to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.support import Translations

from config.sending import TABLES, sending_in
from config.settings import Diet, Interest, Language, Limits, LinkHours, Need, OrientationLimits, Retention, Sender
from config.tables import DOMAIN, all_of, named, needed, pattern, prose, refer
from config.texts import texts_in
from matcher.catalogues import HOME
from matcher.messages import Message
from matcher.toml.document import Section
from matcher.toml.kinds import FLAG, TEXTS, ValueKind, for_instance, whole

_NAME = prose(60)
_CODE = pattern(Message.of("config.code"), "voorbeeld", r"[a-z0-9][a-z0-9-]{0,39}")
# No + or %: answers to such an organiser bounce at Outlook.com (calendar rule 6).
_MAIL = pattern(
    Message.of("config.plain_address"),
    "groepen@buurt.example",
    r"(?=.{1,64}@)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*@(?=.{1,180}$)" + DOMAIN,
)
_HEAD = {
    "product": _NAME,
    "theme": _CODE,
    # No figure may tell about fewer people than promise 11 allows; a larger cell may be chosen.
    "small_cell": whole(10, 1000),
    "round_to": whole(5, 100),
}
_SENDER = {"name": _NAME, "address": _MAIL}
# Shorter may be chosen, longer not: promise 14 promises this to residents.
_RETENTION = {"contact_weeks": whole(1, 8), "questionnaire_months": whole(1, 12)}
_ORIENTATION = {"groups": whole(1, 10), "people": whole(2, 100)}
_LINK = {"hours_before": whole(1, 48), "hours_after": whole(1, 48)}
_LIMITS = {
    "name_length": whole(20, 200),
    "contact_length": whole(100, 320),
    "note_length": whole(50, 2000),
    "import_people": whole(1, 100_000),
    "upload_bytes": ValueKind(
        Message.of("kind.whole_between", low=100_000, high=500_000_000),
        for_instance("50_000_000"),
        lambda v: type(v) is int and 100_000 <= v <= 500_000_000,
        int,
    ),
    "signups_per_address_per_hour": whole(10, 100_000),
    "links_per_address_per_hour": whole(1, 10_000),
    "logins_per_address_per_hour": whole(1, 10_000),
    "logins_per_account_per_hour": whole(1, 1000),
}
_TABLES = (
    "sender",
    "retention",
    "limits",
    "orientation",
    "facilitator_link",
    "conversation",
    "needs",
    "diets",
    "interests",
)


def languages_in(page: Section) -> tuple[str, ...]:
    """The languages of the screens; Dutch is always one of them."""
    chosen: Sequence[str] = [code for code in needed(page, "languages", TEXTS, (HOME,)) if _readable(page, code)]
    if HOME in chosen:
        return tuple(chosen)
    page.fault("languages", Message.of("config.no_home", home=HOME), Message.of("config.home", home=HOME))
    return (HOME, *chosen)


def _readable(page: Section, code: str) -> bool:
    """Whether dates, a name and a direction are known for a language; a fault if not."""
    try:
        return Locale.parse(code).language == code
    except (UnknownLocaleError, ValueError):
        page.fault("languages", Message.of("fault.unknown_language", value=code), Message.of("config.iso_code"))
        return False


def organisation_in(page: Section, languages: Mapping[str, Translations]) -> Mapping[str, Any]:
    """All of settings.toml, by field of `Settings`."""
    page.refuse_unknown((*_HEAD, "languages", "formats", *_TABLES, *TABLES))
    conversation = _conversation(page.inner("conversation"))
    return {
        **{key: needed(page, key, kind) for key, kind in _HEAD.items()},
        "languages": tuple(languages),
        "sender": Sender(**all_of(page.inner("sender"), _SENDER)),
        "retention": Retention(**all_of(page.inner("retention"), _RETENTION)),
        "limits": Limits(**all_of(page.inner("limits"), _LIMITS)),
        "orientation": OrientationLimits(**all_of(page.inner("orientation"), _ORIENTATION)),
        "facilitator_link": LinkHours(**all_of(page.inner("facilitator_link"), _LINK)),
        **sending_in(page),
        "conversation": conversation,
        "needs": tuple(_need(key, t, languages) for key, t in named(page.inner("needs"), Message.of("config.a_need"))),
        # A file of before there were diets has none: then only allergies are asked about a meal.
        "diets": tuple(_diet(key, t, languages) for key, t in named(page.inner("diets"), Message.of("config.a_diet"))),
        "interests": tuple(
            Interest(key, texts_in(t, languages))
            for key, t in named(page.inner("interests"), Message.of("config.an_interest"))
        ),
    }


def _conversation(table: Section) -> tuple[Language, ...]:
    for code in table.content:
        if not (2 <= len(code) <= 3 and code.isascii() and code.islower()):
            table.fault(code, Message.of("config.no_language", code=code), Message.of("config.language_code"))
    return tuple(Language(code, needed(table, code, _NAME, code)) for code in table.content)


def _need(key: str, table: Section, languages: Mapping[str, Translations]) -> Need:
    return Need(key, texts_in(table, languages, ("matching",)), needed(table, "matching", FLAG, False))


def _diet(key: str, table: Section, languages: Mapping[str, Translations]) -> Diet:
    return Diet(key, texts_in(table, languages, ("also",)), tuple(table.take("also", TEXTS, ())))


def formats_in(page: Section, known: Sequence[str]) -> Sequence[str]:
    """The formats on offer, in the order of the list; all of them if there is none."""
    chosen: Sequence[str] = page.take("formats", TEXTS, known)
    refer(page, "formats", chosen, known, Message.of("config.formats"))
    return [key for key in dict.fromkeys(chosen) if key in known]
