"""Every sentence that somebody may read: where it stands in the code, and what the catalogues make of it."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[2] / "web"
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
WORDS = {"_": None, "gettext": None, "later": None, "_l": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2)}
CALLS = frozenset(WORDS)
CARRIED = "security"
"""The catalogues of Flask-Security's own sentences, which stand in its code and not in ours."""

Said = str | tuple[str, ...]


@cache
def spoken() -> dict[Said, str]:
    """Every sentence that is translated -> the file that says it."""
    found: dict[Said, str] = {}
    for file, _line, said, _comments, _context in extract_from_dir(WEB, METHODS, keywords=WORDS):
        found.setdefault(said, file)
    for path, tree in _trees():
        for said in _sentences(tree):
            found.setdefault(said, path)
    return found


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(WEB.rglob("*.py")):
        yield str(path.relative_to(WEB)), ast.parse(path.read_text("utf-8"))


def _sentences(tree: ast.Module) -> Iterator[Said]:
    """What a Mishap says, and what goes to be translated under a name."""
    named = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    mishaps = {
        part.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant) and part.targets[0].id == "sentence"  # type: ignore[attr-defined]
    }
    yield from sorted(mishaps - {""})
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            known = tuple(named[arg.id] for arg in node.args if isinstance(arg, ast.Name) and arg.id in named)
            yield from [known[:2]] if node.func.id in ("ngettext", "_n") and len(known) > 1 else known


@cache
def constants() -> frozenset[str]:
    """Every text in our code, also one that is translated far from where it stands."""
    return frozenset(text for _, tree in _trees() for text in _texts(tree))


def _texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def said_by(*packages: str) -> Iterator[str]:
    """Every text in the code of installed packages."""
    for package in packages:
        spec = importlib.util.find_spec(package)
        for path in Path(str(spec.origin)).parent.rglob("*.py") if spec else ():
            yield from _texts(ast.parse(path.read_text("utf-8")))


def entries(language: str, carried: bool = False) -> Iterator[tuple[str, Message]]:
    """Every entry of every catalogue of a language, with its file."""
    for path in sorted(WEB.glob(f"**/translations/{language}/LC_MESSAGES/*.po")):
        if (CARRIED in path.parts) <= carried:
            with path.open("rb") as file:
                for message in read_po(file):
                    if message.id:
                        yield str(path.relative_to(WEB)), message


def texts(said: Said) -> tuple[str, ...]:
    """One text, or one and several."""
    return (said,) if isinstance(said, str) else tuple(said)
