"""Fingerprints of a problem and its format: equal whenever they mean the same, whatever their files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from matcher.domain import Format, Problem
from matcher.terms import Rule


def input_sha256(problem: Problem) -> str:
    """The fingerprint of everything but the format."""
    met = sorted((a, b, times) for (a, b), times in problem.met.items())
    return _sha256(_fields(problem) | {"format": None, "met": met})


def format_sha256(format: Format) -> str:
    """The fingerprint of a format with its rules."""
    return _sha256(format)


def _sha256(value: Any) -> str:
    text = json.dumps(value, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    """What JSON does not know by itself."""
    match value:
        case frozenset():
            return sorted(value)
        case Rule():
            return {"name": value.name} | _fields(value)
        case Mapping():
            return dict(value)
        case datetime():
            return value.isoformat()
    return _fields(value)


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
