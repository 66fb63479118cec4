"""What is known of the time between a backup and now, from what is still there: letters that went out, people who came.

Read before anything is replaced, and kept in a file until the backup is in its place: whoever is killed meanwhile goes
on with what was seen then.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from web.private_files import write_whole
from web.rows import DueLetter, Erasure, Signup, sqlite_file
from web.rows.messages import LetterState
from web.services.continuity.backup import tell

OUT = (LetterState.SENT, LetterState.SENDING, LetterState.UNSURE)
"""A letter that went out, or perhaps."""
MAIL = Path("outbox/mail")


@dataclass
class Evidence:
    """`readable` is whether the database of now could be asked, and is of the same installation.

    `letters` are those that it has, by key: state and kind; `people` the sign-ups since, by series and random number.
    `mails` are the names of what lies in the folder for mail; `erased` the marks of who was erased.
    """

    readable: bool = False
    why: str = ""
    letters: dict[str, tuple[str, str]] = field(default_factory=dict)
    people: list[tuple[int, str]] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    replaced: str = ""

    def write(self, path: Path) -> None:
        """Keep it until all is done."""
        write_whole(path, json.dumps(asdict(self)).encode())


def read(path: Path) -> Evidence:
    """What was kept."""
    told = json.loads(path.read_text("utf-8"))
    letters = {key: (state, kind) for key, (state, kind) in told.pop("letters").items()}
    people = [(series, once) for series, once in told.pop("people")]
    return Evidence(letters=letters, people=people, **told)


def gather(engine: Engine, instance: Path, installation: str, since: datetime) -> Evidence:
    """Look at what is there now, before it is replaced."""
    found = Evidence(mails=[path.name for path in (instance / MAIL).glob("*/*") if path.parent.name != "tmp"])
    path = sqlite_file.path_of(engine)
    try:
        if path and not path.exists():
            found.why = "there is no database any more"
        elif path and (wrong := sqlite_file.fault(path)):
            found.why = f"the database of now: {wrong}"
        else:
            _ask(engine, found, installation, since)
    except SQLAlchemyError as error:
        found.why = f"the database of now cannot be read ({type(error).__name__})"
    finally:
        engine.dispose()
    return found


def _ask(engine: Engine, found: Evidence, installation: str, since: datetime) -> None:
    with engine.connect() as connection:
        if not installation or tell(connection).installation != installation:
            found.why = "the database of now is of another installation, or empty"
            return
    with Session(engine) as session:
        told = select(DueLetter.key, DueLetter.state, DueLetter.kind)
        found.letters = {key: (state, kind) for key, state, kind in session.execute(told)}
        newer = select(Signup.series_id, Signup.once).where(Signup.created_at >= since)
        found.people = [(series, once) for series, once in session.execute(newer)]
        found.erased = list(session.scalars(select(Erasure.mark)))
        found.readable = True
