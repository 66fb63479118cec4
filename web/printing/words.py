"""The sentences on paper in one language; they stand in `texts/*.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from matcher.report.words import Words

TEXTS = Path(__file__).parent / "texts"


@cache
def words(lang: str) -> Words:
    """The texts of a language.

    Raises ValueError for a language without texts.
    """
    known = sorted(path.stem for path in TEXTS.glob("*.toml"))
    if lang not in known:
        raise ValueError(f"unknown language {lang!r}; known: {', '.join(known)}")
    return Words(lang, tomllib.loads((TEXTS / f"{lang}.toml").read_text("utf-8")))
