"""Where a transaction ends: at the edge, so that a service says what has to be so, and never when it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session, scoped_session


@contextmanager
def transaction(session: Session | scoped_session[Session]) -> Iterator[None]:
    """What is done inside is kept as a whole at its end; whatever is raised takes back all of it, and goes on.

    A request is one by itself (web.app). A route needs its own when it goes on after it: to show what was refused, or
    to do what must not happen before the rows are safe, as waking the worker. Jobs and commands always do.
    """
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
