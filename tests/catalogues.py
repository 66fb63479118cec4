"""The catalogues of the matcher as they are written, one entry after the other."""

from functools import cache
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from matcher.catalogues import MATCHER

LANGUAGES = sorted(path.name for path in MATCHER.iterdir())


@cache
def rooms(language: str) -> dict[str, Catalog]:
    """Every catalogue of a language by its name."""
    return {path.stem: read_po(path.open("rb"), locale=language) for path in sorted((MATCHER / language).glob("*.po"))}


@cache
def entries(language: str) -> dict[str, Message]:
    """Every entry of a language by its key."""
    return {key_of(entry): entry for room in rooms(language).values() for entry in room if entry.id}


def key_of(entry: Message) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def texts(entry: Message) -> list[str]:
    """Its text, or one for every plural."""
    return [entry.string] if isinstance(entry.string, str) else list(entry.string)


def keys() -> set[str]:
    return set(entries(LANGUAGES[0]))


def placeholders(text: str) -> set[str]:
    """The values that a text names; `{rule.title}` names the value `rule`."""
    return {field.partition(".")[0] for _, field, _, _ in Formatter().parse(text) if field is not None}
