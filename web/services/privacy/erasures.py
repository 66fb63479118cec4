"""Who was erased, so that a backup that is put back does not bring anybody back.

A backup holds people who had themselves erased later. So an erasure leaves a mark: a keyed hash of the random number of
the sign-up, which says nothing to whoever has no backup with that number in it. It stands in the database, written with
the erasure itself, and in a file beside it: a database that is lost or put back does not know what came after.
Forgetting at the end of the term leaves no mark: the next night does that again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.private_files import write_whole
from web.rows import Erasure, Signup
from web.services.privacy.erase import erase, mark_of

FILE = "erased.txt"
HEAD = "# Keyed hashes of sign-ups that were erased: a backup that is put back leaves these people out.\n"
KEPT = timedelta(days=365)
"""Longer than any backup may be kept."""


def known(instance: Path) -> set[str]:
    """The marks in the file."""
    path = instance / FILE
    lines = path.read_text("ascii").splitlines() if path.exists() else []
    return {line for line in lines if line and not line.startswith("#")}


def mirror(session: Session, instance: Path) -> int:
    """Write to the file what only the database knows; how many marks that were."""
    return add(instance, session.scalars(select(Erasure.mark)))


def add(instance: Path, marks: Iterable[str]) -> int:
    """Write marks to the file that are not there yet; how many."""
    fresh = sorted(set(marks) - known(instance))
    if fresh:
        path = instance / FILE
        head = "" if path.exists() else HEAD
        with path.open("a", encoding="ascii") as file:
            file.write(head + "".join(f"{mark}\n" for mark in fresh))
        path.chmod(0o600)
    return len(fresh)


def again(session: Session, vault: Vault, instance: Path, *, now: datetime) -> int:
    """Erase who is back although they were erased, each committed by itself; how many.

    Asked at every start, so that it also holds for a database that was put back by hand.
    """
    unheard = known(instance) - set(session.scalars(select(Erasure.mark)))
    back = []
    if unheard:
        for id, series, once in session.execute(select(Signup.id, Signup.series_id, Signup.once)).all():
            if mark_of(vault, series, once) in unheard:
                back.append(id)
    for id in back:
        if (signup := session.get(Signup, id)) is not None:
            unheard.discard(mark_of(vault, signup.series_id, signup.once))
            erase(session, signup, vault, now=now)
            session.commit()
    session.add_all(Erasure(mark=mark, at=now) for mark in sorted(unheard))
    session.commit()
    return len(back)


def forget_old(session: Session, instance: Path, now: datetime) -> None:
    """Throw away marks that no backup can need any more. Commits."""
    old = set(session.scalars(select(Erasure.mark).where(Erasure.at < now - KEPT)))
    if old:
        session.execute(delete(Erasure).where(Erasure.mark.in_(old)))
        session.commit()
        left = sorted(known(instance) - old)
        write_whole(instance / FILE, (HEAD + "".join(f"{mark}\n" for mark in left)).encode())
