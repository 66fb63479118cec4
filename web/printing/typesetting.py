"""A template and its data to PDF, by Typst, with the fonts that come along and no others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).parent


@cache
def fonts() -> typst.Fonts:
    """Noto Sans (Latin, Greek, Cyrillic), Noto Sans Arabic, and what Typst itself carries.

    Those of the machine are left out: the same list must look the same everywhere.
    """
    return typst.Fonts(include_system_fonts=False, font_paths=[str(HERE / "fonts")])


def typeset(template: str, data: Mapping[str, Any], form: Literal["pdf", "png", "svg"] = "pdf") -> Any:
    """A template of `templates/` with its data as JSON: what somebody typed is never read as Typst.

    One PDF; of the other forms one picture, or a list with one for every page.
    """
    if form == "pdf":
        try:
            return _compile(template, data, format=form, pdf_standards="ua-1")
        except typst.TypstError:
            # PDF/UA refuses a sign that no font has and an empty title; whoever waits for a list does not.
            return _compile(template, data, format=form)
    return _compile(template, data, format=form)


def _compile(template: str, data: Mapping[str, Any], **options: Any) -> Any:
    folder = HERE / "templates"
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    path = str(folder / f"{template}.typ")
    return typst.compile(path, root=str(folder), font_paths=fonts(), sys_inputs=inputs, **options)
