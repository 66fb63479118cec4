"""Columns with a meaning as people fill them in: words for nothing, lists with commas, languages by their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from matcher.faults import several, written
from matcher.messages import Key, Message
from matcher.tables.columns import SHOWN, Columns
from matcher.tables.languages import codes, is_code
from matcher.tables.silence import is_nothing, is_silence
from matcher.tables.spelling import folded, parts
from matcher.tables.table import Table

_SPOKEN = ("languages", "interpreters")
_LISTS = Key("note.lists")


def of_people(columns: Columns, ids: Collection[str], sessions: Collection[str] | None) -> None:
    """Rewrite the columns of people.csv; `sessions` None: they could not be read, and no reference is looked into."""
    for column in ("needs", "interests", "languages", "interpreters", "buddies", "apart", "wishes"):
        _leave_out(columns, column, ids)
    for column in ("household", "recruited_by", "organisation", "priority", "max_meetings", "outspoken", "name"):
        _leave_out(columns, column, single=True)
    _list(columns, "needs", "interests")
    _speak(columns)
    _speak(columns, "interpreters")
    _refer(columns, ids, "buddies", "apart", "wishes")
    _refer(columns, sessions, "sessions", "prefers")
    columns.spell("interests")
    for column in ("household", "recruited_by", "organisation"):
        columns.spell(column, single=True)


def of_sessions(table: Table | None) -> tuple[Table | None, list[Message]]:
    """sessions.csv rewritten, and its notes."""
    if table is None:
        return None, []
    columns = Columns([table])
    for column in ("access", "languages"):
        _leave_out(columns, column)
    for column in ("round", "start", "end", "venue", "mode", "seats", "min", "target", "max"):
        _leave_out(columns, column, single=True)
    _list(columns, "access")
    _speak(columns)
    return columns.tables[0], [*table.notes, *columns.notes]


def of_facilitators(table: Table | None, sessions: Collection[str] | None) -> tuple[Table | None, list[Message]]:
    """facilitators.csv rewritten, and its notes."""
    if table is None:
        return None, []
    columns = Columns([table])
    for column in ("languages", "skills"):
        _leave_out(columns, column)
    for column in ("max_groups", "name"):
        _leave_out(columns, column, single=True)
    _list(columns, "skills")
    _speak(columns)
    _refer(columns, sessions, "sessions")
    return columns.tables[0], [*table.notes, *columns.notes]


def _leave_out(columns: Columns, column: str, ids: Collection[str] = (), *, single: bool = False) -> None:
    """Words for nothing are nothing; `no` is yet the code of Norwegian, an answer to yes or no, and may be an id."""

    def change(value: str) -> Iterable[str]:
        if column in ("outspoken", "name"):
            return () if is_silence(value) else (value,)
        known = value in ids or (column in _SPOKEN and is_code(folded(value)))
        return (value,) if known or not is_nothing(value) else ()

    columns.tell(Key("note.nothing"), column, columns.rewrite(column, change, single=single))


def _list(columns: Columns, *names: str) -> None:
    for column in names:
        columns.tell(_LISTS, column, columns.rewrite(column, lambda value: parts(value, ",;")))


def _refer(columns: Columns, known: Collection[str] | None, *names: str) -> None:
    """Ids that stand in one value, if all of them are known."""
    for column in names if known is not None else ():
        columns.tell(_LISTS, column, columns.rewrite(column, lambda value: _known_ids(value, known or ())))


def _known_ids(value: str, known: Collection[str]) -> list[str]:
    if value in known:
        return [value]
    ways = (parts(value, ",;/&+"), re.split(r"\s+(?:en|and|&)\s+|\s*[,;/]\s*", value), value.split())
    return next((ids for ids in ways if len(ids) > 1 and all(id in known for id in ids)), [value])


def _speak(columns: Columns, column: str = "languages") -> None:
    """Languages by their codes; a note on those with a name, and on words that are no language we know."""
    told = columns.rewrite(column, codes)
    names = sorted((old, new, n) for (old, new), n in told.items() if old.casefold() != new)
    if names:
        same = several((f"{written(old)} = {new.replace('|', ' + ')} ({n})" for old, new, n in names), SHOWN)
        n = sum(n for _, _, n in names)
        columns.notes.append(Message.of("note.languages", file=columns.file, n=n, same=same))
    strange = {(word, word): n for word, n in columns.values(column).items() if not is_code(word)}
    columns.tell(Key("note.strange_language"), column, strange)
