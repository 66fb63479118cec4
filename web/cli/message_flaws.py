"""What can be wrong with a translation: it is missing, doubtful, out of its room, or asks what is not given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from babel.messages.catalog import Catalog, Message

from matcher.catalogues import forms

LIBRARIES = "libraries"
"""The catalogue of what Flask-Security and WTForms say, by their English sentences; kept by hand."""
UNTRANSLATED = "is not translated"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with one text in the catalogue of a room."""

    room: str
    text: str
    what: str


def flaws(
    present: Mapping[str, Catalog], wanted: Mapping[str, Catalog], dutch: Mapping[str, Catalog]
) -> Iterator[Flaw]:
    """What is wrong with the catalogues of a language, room by room.

    `wanted` is what they should hold; `dutch` has the words of the rooms whose texts go by key.
    """
    homes = {key_of(m): room for room, template in wanted.items() for m in template if m.id}
    for room, catalogue in present.items():
        for message in (message for message in catalogue if message.id):
            home = homes.get(key_of(message))
            if home != room:
                yield Flaw(room, key_of(message), f"belongs in {home}.po" if home else "is said by nobody")
            elif what := _wrong(message, catalogue, room, dutch.get(room)):
                yield Flaw(room, key_of(message), what)
    there = {key_of(message) for catalogue in present.values() for message in catalogue}
    yield from (Flaw(room, key, UNTRANSLATED) for key, room in homes.items() if key not in there)


def key_of(message: Message) -> str:
    """The text or key of a message, behind its context if it has one."""
    text = forms(message.id)[0]
    return f"{message.context}: {text}" if message.context else text


def _wrong(message: Message, catalogue: Catalog, room: str, dutch: Catalog | None) -> str:
    translations = forms(message.string or "")
    if message.fuzzy:
        return "is doubtful (fuzzy)"
    if not all(text.strip() for text in translations):
        return UNTRANSLATED
    if errors := message.check(catalogue):
        return str(errors[0])
    if dutch and room != LIBRARIES:
        home = dutch.get(message.id, message.context)
        source, places = forms((home.string if home else "") or ""), braces
    else:
        source, places = forms(message.id), percents
    fewer = room == LIBRARIES or len(source) > 1
    return "has other places to fill in" if _differ(source[-1], translations, places, fewer) else ""


def _differ(
    source: str, translations: tuple[str, ...], places: Callable[[str], frozenset[str] | None], fewer: bool
) -> bool:
    """'One person' may leave its number out, and we may say less than a library; nothing is asked that is not given."""
    given = places(source)
    if given is None:
        return False
    asked = [places(text) for text in translations]
    return any(names is None or not (names <= given if fewer else names == given) for names in asked)


class _Asked(dict[str, int]):
    """Takes any name, and remembers it."""

    def __missing__(self, name: str) -> int:
        self[name] = 0
        return 0


def percents(text: str) -> frozenset[str] | None:
    """The names in a text with %(name)s; None for a text in which nothing can be filled in."""
    asked = _Asked()
    try:
        text % asked
    except (ValueError, TypeError):
        return None
    return frozenset(asked)


def braces(text: str) -> frozenset[str] | None:
    """The names in a text with {name} or {name.part}; None for a text in which nothing can be filled in."""
    try:
        return frozenset(name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return None
