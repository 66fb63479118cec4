"""Logs in which nobody stands: no names, addresses, numbers or secrets, and no address of a page that is a secret.

What people typed gets into a log by way of errors, queries and what libraries are told. So an error is its kind and the
places in the code, without its words; and what libraries put in their sentences is left out, unless it is a number.
What is left, our own sentences, is searched for what looks like an address, a number or a secret.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from traceback import format_tb
from types import TracebackType
from typing import Any

OURS = ("web.", "alembic.runtime.migration")
"""Loggers whose sentences and words are written in this project."""
KNOWN = ("gunicorn.error", "huey", "huey.consumer", "flask-limiter", "web", __name__)
"""Loggers of which the sentences may be read, and not what they put in them."""
TALKATIVE = ("huey", "alembic")
"""They tell of every task, every minute, and of every look at the database."""
CUT = "…"
_Pattern = tuple[re.Pattern[str], str]
_SECRETS: tuple[_Pattern, ...] = (
    (re.compile(r"\[parameters: .*\]", re.DOTALL), "[parameters]"),
    (re.compile(r"://[^/\s@]*@"), "://[secret]@"),
    (re.compile(r"gAAAA[\w=-]+"), "[sealed]"),
    (re.compile(r"/(mijn|uitnodiging|tafel|plek|agenda|hoe-was-het|account|inloggen)/[^\s?#]+"), r"/\1/[secret]"),
    (re.compile(r"\?\S+"), "?[query]"),
    (re.compile(r"\S+@\S+"), "[address]"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}:?[0-9a-fA-F]{1,4}\b"), "[address]"),
    (re.compile(r"\b(?=\w*\d)(?=\w*[a-zA-Z])[\w=-]{16,}"), "[secret]"),
    (re.compile(r"(?<!\w)\+?\(?\d[\d\s()/.-]{6,}\d\b"), "[number]"),
)


def install(as_json: bool = False, level: int = logging.INFO) -> None:
    """Let all loggers of this process write to standard error, and nothing else that goes wrong write there."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if as_json else Plain())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    # A sentence that does not fit its words would be printed with them.
    logging.raiseExceptions = False
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, places: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger(__name__).critical("ended by an error", exc_info=(kind, error or kind(), places))


class Plain(logging.Formatter):
    """A line as people read it, and below it where an error was."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole of it."""
        line = f"{_when(record)} {record.levelname} {record.name}: {sentence(record)}"
        return "\n".join([line, *errors(record)])


class AsJson(logging.Formatter):
    """One JSON object on a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole of it."""
        told: dict[str, object] = {
            "time": _when(record),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": sentence(record),
        }
        if found := list(errors(record)):
            told["error"] = "\n".join(found)
        return json.dumps(told, ensure_ascii=False)


def sentence(record: logging.LogRecord) -> str:
    """What a record says, without people."""
    ours = record.name.startswith(OURS)
    if not isinstance(record.msg, str):
        return f"{type(record.msg).__name__} at {record.module}:{record.lineno}"
    if not ours and not record.args and record.name not in KNOWN:
        # Whoever made this sentence may have put anything in it.
        return f"at {record.module}:{record.lineno}"
    try:
        said = record.msg % _words(record.args, ours) if record.args else record.msg
    except (TypeError, ValueError, KeyError):
        said = record.msg
    return without_people(said)


def _words(given: Any, ours: bool) -> Any:
    if isinstance(given, Mapping):
        return {key: _word(value, ours) for key, value in given.items()}
    return tuple(_word(value, ours) for value in given)


def _word(value: object, ours: bool) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    return without_people(str(value)) if ours else CUT


def without_people(text: str) -> str:
    """A text without what looks like an address, a number or a secret. It cannot know a name: see above."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def errors(record: logging.LogRecord) -> Iterator[str]:
    """The kind of an error and where it was, and the same of those that it came from."""
    error = record.exc_info[1] if record.exc_info else None
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{type(error).__module__}.{type(error).__name__}"
        yield "".join(format_tb(error.__traceback__)).rstrip()
        error = error.__cause__ or error.__context__


def _when(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
