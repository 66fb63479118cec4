"""The rules for the help, read from their files without loading them: numpy would double the wait."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

RULES = Path(__file__).parents[1] / "rules"

_HEAD = "RULES, each a [[rule]] of the format with firm = true or weight = the price of one breach"
_SOURCE = re.compile(r" \(P\d[^)]*\)")


@cache
def rulebook() -> str:
    """Every rule with its keys and what it says."""
    files = sorted(path for path in RULES.glob("*.py") if path.stem != "__init__")
    lines = [line for path in files for line in _told(path.stem, ast.parse(path.read_bytes()))]
    return "\n".join(["\b", _HEAD, *(f"  {line}" for line in lines), ""])


def _told(name: str, module: ast.Module) -> Iterator[str]:
    sentence = _SOURCE.sub("", (ast.get_docstring(module) or "").partition("\n")[0])
    keys = [key for rule in module.body if isinstance(rule, ast.ClassDef) for key in _keys(rule)]
    yield f"{name}  {'  '.join(keys)}".rstrip()
    yield f"    {sentence}"


def _keys(rule: ast.ClassDef) -> Iterator[str]:
    if any(isinstance(base, ast.Name) and base.id == "DimensionRule" for base in rule.bases):
        yield "dimension"
    for line in rule.body:
        if isinstance(line, ast.AnnAssign) and "ClassVar" not in ast.unparse(line.annotation):
            default = ast.unparse(line.value) if line.value else "..."
            yield ast.unparse(line.target) + f"={default}".replace("=None", "")
