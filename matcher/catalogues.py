"""Words in every language: gettext catalogues, read from their .po files once."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    merged = Translations()
    for path in (path for folder in folders for path in sorted((folder / language).glob("*.po"))):
        compiled = BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=language))
        compiled.seek(0)
        merged.merge(Translations(compiled))
    if language != HOME:
        merged.add_fallback(catalogue(HOME, *folders))
    return merged
