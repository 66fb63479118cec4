"""`make messages`: what the sources say, merged room by room into the catalogues of every language, and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

import config
from matcher.catalogues import HOME, forms, languages, written
from web.cli.message_flaws import UNTRANSLATED, Flaw, flaws
from web.languages import TRANSLATIONS

WEB = TRANSLATIONS.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "later": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
COMMON = "common"
"""The catalogue of what several rooms say: it is translated once."""
SETTINGS = "config"
"""The catalogue of the texts in the files of config, for a language in which they are not written there."""
LOOSE = "site"
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"

"""

Rooms = Mapping[str, Catalog]
"""Catalogues by the name of their room."""


def room_of(file: str) -> str:
    """The room of a source below web/: its first folder; below services its wing, and in templates what it is for."""
    first, *rest = Path(file).parts[:-1] or (LOOSE,)
    if first == "templates":
        return "accounts" if rest else LOOSE
    return rest[0] if first == "services" and rest else first


def spoken() -> Rooms:
    """The Dutch sentences of every room of the site. What several rooms say stands in COMMON."""
    ids: dict[tuple[str, str | None], str | tuple[str, ...]] = {}
    rooms: dict[tuple[str, str | None], set[str]] = {}
    for file, _line, said, _comments, context in extract_from_dir(WEB, METHODS, keywords=KEYWORDS):
        key = (forms(said)[0], context)
        if isinstance(said, tuple) or key not in ids:
            ids[key] = said
        rooms.setdefault(key, set()).add(room_of(file))
    templates: dict[str, Catalog] = {}
    for key, said in ids.items():
        room = min(rooms[key]) if len(rooms[key]) == 1 else COMMON
        templates.setdefault(room, Catalog()).add(said, context=key[1])
    return templates


def by_key(folder: Path) -> Rooms:
    """The Dutch catalogues: their words go by key, and every other language has the same keys."""
    return {path.stem: written(path, HOME) for path in sorted((folder / HOME).glob("*.po"))}


def wanted(folder: Path, said: Rooms, language: str) -> Rooms:
    """What the catalogues of a language should hold, untranslated; `said` are the sentences of the sources."""
    keyed = {room: _bare(catalogue) for room, catalogue in by_key(folder).items()}
    if language == HOME:
        return keyed
    settings = _settings(language, {forms(m.id)[0] for template in said.values() for m in template if m.id})
    return {**said, **keyed, **({SETTINGS: settings} if len(settings) else {})}


def _settings(language: str, said: Iterable[str]) -> Catalog:
    """The texts that config has not in a language, and that nobody else says."""
    texts = Catalog()
    for text in config.load().texts():
        if language not in text.languages and text[HOME] not in said:
            texts.add(text[HOME])
    return texts


def merged(folder: Path, said: Rooms, language: str) -> Mapping[Path, str]:
    """Every file that a language should have, with its content: what was translated stays, wherever it stood."""
    own, keyed = folder / language, by_key(folder)
    known = _known(own, language)
    return {
        (path := own / f"{room}.po"): _heading(path, language) + _text(known, template, sort=room not in keyed)
        for room, template in wanted(folder, said, language).items()
    }


def wrong(folder: Path, said: Rooms, language: str) -> list[Flaw]:
    """Everything that is wrong with the catalogues of a language."""
    present = {path.stem: written(path, language) for path in sorted((folder / language).glob("*.po"))}
    found = list(flaws(present, wanted(folder, said, language), by_key(folder)))
    for path, text in merged(folder, said, language).items():
        if path.exists() and path.read_text("utf-8") != text:
            found.append(Flaw(path.stem, "", "is not as `make messages` writes it"))
    return found


def _bare(catalogue: Catalog) -> Catalog:
    """Keys and remarks without the words."""
    template = Catalog()
    for m in (message for message in catalogue if message.id):
        template.add(m.id, None, (), m.flags - {"fuzzy"}, m.auto_comments, m.user_comments, context=m.context)
    return template


def _known(own: Path, language: str) -> Catalog:
    """All that a language has translated; what is empty gives way to what is not."""
    known = Catalog(locale=language)
    for path in sorted(own.glob("*.po")):
        for m in (message for message in written(path, language) if message.id):
            old = known.get(m.id, m.context)
            if not (old and any(forms(old.string or ""))):
                known.add(m.id, m.string, (), m.flags & {"fuzzy"}, (), m.user_comments, context=m.context)
    return known


def _heading(path: Path, language: str) -> str:
    """What a translator's program needs to know; a remark above it stays."""
    remark = written(path, language).header_comment if path.exists() else ""
    kept = f"{remark}\n" if remark and remark != Catalog().header_comment else ""
    return kept + HEADER.format(language=language, plural=Catalog(locale=language).plural_forms)


def _text(known: Catalog, template: Catalog, sort: bool) -> str:
    catalogue = Catalog(locale=known.locale)
    for message in template:
        if message.id and (old := known.get(message.id, message.context)):
            catalogue[old.id] = old.clone()
    catalogue.update(template, no_fuzzy_matching=True)
    out = BytesIO()
    write_po(out, catalogue, width=0, no_location=True, omit_header=True, sort_output=sort, ignore_obsolete=True)
    return out.getvalue().decode().rstrip("\n") + "\n"


@click.command()
def command() -> None:
    """Merge what the sources say into the catalogues of every language, and say what is wrong with them."""
    said = spoken()
    for language in languages(TRANSLATIONS):
        files = merged(TRANSLATIONS, said, language)
        for path in set((TRANSLATIONS / language).glob("*.po")) - files.keys():
            path.unlink()
        for path, text in files.items():
            path.write_text(text, "utf-8")
        found = wrong(TRANSLATIONS, said, language)
        todo = [flaw for flaw in found if flaw.what == UNTRANSLATED]
        click.echo(f"{language}: {len(files)} catalogues, {len(todo)} texts to translate")
        for flaw in found:
            if flaw.what != UNTRANSLATED:
                click.echo(f"  {flaw.room}.po: {flaw.text!r} {flaw.what}")


if __name__ == "__main__":
    command()
