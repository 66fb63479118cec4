"""`make messages`: what the sources say, merged room by room into the catalogues of every language, and checked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

import config
from matcher.catalogues import HOME, MATCHER, forms, languages, written
from web.cli.message_flaws import UNTRANSLATED, Flaw, flaws
from web.languages import TRANSLATIONS

WEB = TRANSLATIONS.parent
PYTHON = [("**.py", "python")]
METHODS = [*PYTHON, ("**.html", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "later": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
KEYS = {"Key": None, "of": None, "private": None}
"""What a key of the engine stands in (matcher.messages)."""
COMMON = "common"
"""The catalogue of what several rooms say: it is translated once."""
SETTINGS = "config"
"""The catalogue of the texts in the files of config, for a language in which they are not written there."""
LOOSE = "site"
NEW = "engine"
"""The catalogue of a key of the engine that is like no other."""
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


def by_key(folder: Path, keys: Iterable[str] = ()) -> Rooms:
    """The Dutch catalogues: their words go by key, and every other language has the same keys.

    One of `keys` that stands in none comes, without words, in the room of those that begin with the same word.
    """
    rooms = {path.stem: written(path, HOME) for path in sorted((folder / HOME).glob("*.po"))}
    beginnings = {_beginning(forms(m.id)[0]): room for room, rest in rooms.items() for m in rest if m.id}
    for key in sorted(keys):
        if not any(key in rest for rest in rooms.values()):
            rooms[beginnings.get(_beginning(key), NEW)].add(key)
    return rooms


def _beginning(key: str) -> str:
    return key.partition(".")[0]


def engine_keys() -> frozenset[str]:
    """The keys of the messages of the engine, which the site makes too: unlike other words they have a point."""
    found = (extract_from_dir(folder, PYTHON, keywords=KEYS) for folder in (MATCHER.parent, WEB))
    return frozenset(key for each in found for _file, _line, text, *_ in each if "." in (key := forms(text)[0]))


def wanted(said: Rooms, dutch: Rooms, language: str) -> Rooms:
    """What the catalogues of a language should hold, untranslated: sentences of the sources, and the Dutch by key."""
    keyed = {room: _bare(catalogue) for room, catalogue in dutch.items()}
    if language == HOME or not said:
        return keyed
    settings = _settings(language, {forms(m.id)[0] for template in said.values() for m in template if m.id})
    return {**said, **keyed, **({SETTINGS: settings} if len(settings) else {})}


def _settings(language: str, said: Container[str]) -> Catalog:
    """The texts that config has not in a language, and that nobody else says."""
    texts = Catalog()
    for text in config.load().texts():
        if language not in text.languages and text[HOME] not in said:
            texts.add(text[HOME])
    return texts


def merged(own: Path, said: Rooms, dutch: Rooms) -> Mapping[Path, str]:
    """Every file of a folder that is named after its language: what was translated stays, wherever it stood."""
    known = _known(own)
    return {
        (path := own / f"{room}.po"): _heading(path) + _text(known, template, sort=room not in dutch)
        for room, template in wanted(said, dutch, own.name).items()
    }


def wrong(own: Path, said: Rooms, dutch: Rooms) -> list[Flaw]:
    """Everything that is wrong with the catalogues in the folder of a language."""
    present = {path.stem: written(path, own.name) for path in sorted(own.glob("*.po"))}
    found = list(flaws(present, wanted(said, dutch, own.name), dutch))
    for path, text in merged(own, said, dutch).items():
        if path.exists() and path.read_text("utf-8") != text:
            found.append(Flaw(path.stem, "", "is not as `make messages` writes it"))
    return found


def folders(site: Path = TRANSLATIONS) -> Iterator[tuple[Path, Rooms, Rooms]]:
    """The folder of every language, what it says in sentences and what it says by key.

    A language that the engine has no folder for keeps the words of the engine beside those of the site.
    """
    said, ours, engine = spoken(), by_key(site), by_key(MATCHER, engine_keys())
    for language in languages(site):
        alone = not (MATCHER / language).exists()
        yield site / language, said, {**ours, **_beside(ours, engine)} if alone else ours
    for language in languages(MATCHER):
        yield MATCHER / language, {}, engine


def _beside(ours: Rooms, engine: Rooms) -> Rooms:
    """The rooms of the engine without the keys for which the site has words of its own."""
    rooms: dict[str, Catalog] = {}
    for room, catalogue in engine.items():
        rooms[room] = Catalog(locale=HOME)
        for message in catalogue:
            if message.id and not any(message.id in own for own in ours.values()):
                rooms[room][message.id] = message
    return rooms


def _bare(catalogue: Catalog) -> Catalog:
    """Keys and remarks without the words."""
    template = Catalog()
    for m in (message for message in catalogue if message.id):
        template.add(m.id, None, (), m.flags - {"fuzzy"}, m.auto_comments, m.user_comments, context=m.context)
    return template


def _known(own: Path) -> Catalog:
    """All that a language has translated; what is empty gives way to what is not."""
    known = Catalog(locale=own.name)
    for path in sorted(own.glob("*.po")):
        for m in (message for message in written(path, own.name) if message.id):
            old = known.get(m.id, m.context)
            if not (old and any(forms(old.string or ""))):
                known.add(m.id, m.string, (), m.flags & {"fuzzy"}, (), m.user_comments, context=m.context)
    return known


def _heading(path: Path) -> str:
    """What a translator's program needs to know; a remark above it stays."""
    language = path.parent.name
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
    for own, said, dutch in folders():
        files = merged(own, said, dutch)
        for path in set(own.glob("*.po")) - files.keys():
            path.unlink()
        for path, text in files.items():
            path.write_text(text, "utf-8")
        found = wrong(own, said, dutch)
        todo = [flaw for flaw in found if flaw.what == UNTRANSLATED]
        click.echo(f"{own.relative_to(WEB.parent)}: {len(files)} catalogues, {len(todo)} texts to translate")
        for flaw in found:
            if flaw.what != UNTRANSLATED:
                click.echo(f"  {flaw.room}.po: {flaw.text!r} {flaw.what}")


if __name__ == "__main__":
    command()
