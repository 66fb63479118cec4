"""`load`: a folder of settings, file by file over the shipped one, with everything that is wrong told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from babel.support import Translations

from config.dimensions import Dimension, dimensions_in
from config.meetings import MeetingFormat, meeting_in
from config.organisation import formats_in, languages_in, organisation_in
from config.settings import Settings
from config.tables import KEY_MEANS, is_key
from matcher.catalogues import catalogue
from matcher.faults import FaultList, several, written
from matcher.messages import Message
from matcher.toml.document import Document, Section, read_document

SHIPPED = Path(__file__).parent
_FILES = ("settings.toml", "dimensions.toml")


def load(folder: Path | None = None, catalogues: Sequence[Path] = ()) -> Settings:
    """The settings in a folder; a file that it lacks is the shipped one. Raises `BadInput` with every fault.

    `catalogues` are folders in which a text is looked up by its Dutch for a language that the files give none in.
    """
    faults = FaultList()
    files = _files(folder or SHIPPED, faults)
    recipes = {name: recipe for name, path in files.items() if (recipe := read_document(path, faults))}
    if not recipes.keys() >= set(_FILES):
        # Without one of the two there is nothing that the other files could be held against.
        faults.stop()
    page, questions = (Section.whole(recipes[name], faults) for name in _FILES)
    languages = {code: catalogue(code, *catalogues) for code in languages_in(page)}
    organisation = organisation_in(page, languages)
    dimensions = dimensions_in(questions, languages)
    formats = _formats(recipes, page, dimensions, languages)
    faults.stop()
    return Settings(**organisation, dimensions=dimensions, formats=formats, sha256=_hash(files))


def _files(folder: Path, faults: FaultList) -> Mapping[str, Path]:
    """Name within a folder -> the file that holds."""
    if not folder.is_dir():
        faults.add(
            str(folder), 1, "-", Message.of("config.no_folder"), Message.of("config.folder", files=several(_FILES))
        )
        faults.stop()
    files = {name: SHIPPED / name for name in _FILES}
    files |= {f"formats/{path.name}": path for path in sorted((SHIPPED / "formats").glob("*.toml"))}
    for path in sorted([*folder.glob("*.toml"), *folder.glob("*/*.toml")]):
        name = path.relative_to(folder).as_posix()
        if name not in _FILES and not name.startswith("formats/"):
            right = Message.of("config.files", files=several(_FILES))
            faults.add(str(path), 1, "-", Message.of("config.unread"), right)
        elif not is_key(path.stem):
            what = Message.of("config.no_key", key=written(path.stem), what=Message.of("config.a_format"))
            faults.add(str(path), 1, "-", what, KEY_MEANS)
        else:
            files[name] = path
    return files


def _formats(
    recipes: Mapping[str, Document],
    page: Section,
    dimensions: Sequence[Dimension],
    languages: Mapping[str, Translations],
) -> Mapping[str, MeetingFormat]:
    known = {PurePosixPath(name).stem: recipe for name, recipe in sorted(recipes.items()) if name not in _FILES}
    chosen = formats_in(page, list(known))
    return MappingProxyType({key: meeting_in(key, known[key], dimensions, languages, page.faults) for key in chosen})


def _hash(files: Mapping[str, Path]) -> str:
    """Over the names and contents of all files, in the order of their names."""
    each = (f"{name} {sha256(path.read_bytes()).hexdigest()}\n" for name, path in sorted(files.items()))
    return sha256("".join(each).encode()).hexdigest()
