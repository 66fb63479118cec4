"""Which language a page is in, and the catalogues of every room, read from their .po files once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale

ROOT = Path(__file__).parent
COOKIE = "taal"
YEAR = 365 * 24 * 3600


class Catalogues(Domain):
    """All catalogues of one language as one; Dutch needs none, its sentences stand in the code."""

    def get_translations(self) -> Translations:
        """The catalogue of this request's language."""
        return _catalogue(str(get_locale() or "nl"))


@cache
def _catalogue(language: str) -> Translations:
    merged = Translations()
    for path in sorted(ROOT.glob(f"**/translations/{language}/LC_MESSAGES/*.po")):
        compiled = BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file))
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged


class Languages(Babel):
    """Flask-Babel with one Domain that lives as long as the process."""

    domain_instance = Catalogues()


def install(app: Flask, languages: list[str], zone: str) -> None:
    """Let every request choose: what it asks for now, what it chose before, whose page it is, what its browser says."""

    def choose() -> str:
        if not has_request_context():
            return languages[0]
        asked = (request.args.get(COOKIE), request.cookies.get(COOKIE), g.get("own_language"))
        chosen = next((code for code in asked if code in languages), None)
        return chosen or request.accept_languages.best_match(languages, languages[0])

    Languages(app, default_locale="nl", default_timezone=zone, locale_selector=choose)
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
    return str(get_locale() or "nl")


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
