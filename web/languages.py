"""Which language a page is in, and what its catalogues make of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from babel import Locale
from babel.support import Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale

from matcher.catalogues import HOME, MATCHER, catalogue
from matcher.words import Words

TRANSLATIONS = Path(__file__).parent / "translations"
"""One folder per language, one catalogue per room."""
FOLDERS = "catalogues"
COOKIE = "taal"
YEAR = 365 * 24 * 3600


class Catalogues(Domain):
    """All catalogues of one language as one; Dutch sentences stand in the code."""

    def get_translations(self) -> Translations:
        """The catalogue of this request's language."""
        return catalogue(language(), *current_app.extensions.get(FOLDERS, (TRANSLATIONS,)))


class Languages(Babel):
    """Flask-Babel with one Domain that lives as long as the process."""

    domain_instance = Catalogues()


def install(app: Flask, languages: list[str], zone: str, folders: Sequence[Path] = (TRANSLATIONS,)) -> None:
    """Let every request choose: what it asks for now, what it chose before, whose page it is, what its browser says.

    `folders` hold the catalogues, a folder per language in each.
    """

    def choose() -> str:
        if not has_request_context():
            return languages[0]
        asked = (request.args.get(COOKIE), request.cookies.get(COOKIE), g.get("own_language"))
        chosen = next((code for code in asked if code in languages), None)
        return chosen or request.accept_languages.best_match(languages, languages[0])

    app.extensions[FOLDERS] = tuple(folders)
    Languages(app, default_locale=HOME, default_timezone=zone, locale_selector=choose)
    app.after_request(_remember(languages))


def _remember(languages: list[str]) -> Callable[..., object]:
    def keep(response):  # type: ignore[no-untyped-def]
        asked = request.args.get(COOKIE)
        if asked in languages:
            response.set_cookie(COOKIE, asked, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
        return response

    return keep


def language() -> str:
    """The code of this request's language."""
    return str(get_locale() or HOME)


def words_in(code: str) -> Words:
    """The words that go by key, those of the engine too, in a language; what it lacks is said in Dutch."""
    return Words(code, catalogue(code, MATCHER, TRANSLATIONS))


def direction(code: str) -> str:
    """rtl or ltr."""
    return Locale.parse(code).text_direction


def switch(languages: dict[str, str]) -> list[tuple[str, str, str, str, bool]]:
    """The language links of this page: code, name in its own script, direction, address, whether it is shown now."""
    keep = [(key, value) for key, value in request.args.items(multi=True) if key != COOKIE]
    now = language()
    return [
        (code, name, direction(code), _address([*keep, (COOKIE, code)]), code == now)
        for code, name in languages.items()
    ]


def _address(arguments: list[tuple[str, str]]) -> str:
    return f"{request.path}?{urlencode(arguments)}"
