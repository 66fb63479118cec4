"""Words in every language: gettext catalogues, read from their .po files once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from babel.support import Translations

HOME = "nl"
"""The language that every text has, and that stands in for one that is missing."""

MATCHER = Path(__file__).parent / "translations"
"""One folder per language, one catalogue per room."""


def languages(*folders: Path) -> list[str]:
    """The languages that have a folder of catalogues in any of these."""
    return sorted({path.parent.name for folder in folders for path in folder.glob("*/*.po")})


@cache
def catalogue(language: str, *folders: Path) -> Translations:
    """All catalogues of one language in these folders (`folder/language/*.po`) as one; later folders win.

    What is not there, or fuzzy, or empty, is looked up in the catalogues of HOME.
    """
    # Here, for whoever only asks the command line for help reads no catalogue.
    from babel.support import Translations

    merged = Translations()
    for path in (path for folder in folders for path in sorted((folder / language).glob("*.po"))):
        one = _compiled(written(path, language))
        merged.merge(one)
        # `merge` leaves the rule of the plural behind.
        merged.plural = one.plural
    if language != HOME:
        merged.add_fallback(catalogue(HOME, *folders))
    return merged


def written(path: Path, language: str) -> Catalog:
    """One file of a language as it stands."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, locale=language)


def _compiled(read: Catalog) -> Translations:
    from babel.messages.mofile import write_mo
    from babel.support import Translations

    for message in list(read):
        if message.id and not any(forms(message.string or "")):
            read.delete(message.id, message.context)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """The one form of a text, or those of a singular and its plurals."""
    return (text,) if isinstance(text, str) else tuple(text)
