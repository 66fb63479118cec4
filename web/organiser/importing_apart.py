"""The work on a file beside the requests: whoever sent it waits a second for it, and then sees how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Semaphore, Thread
from traceback import format_tb
from typing import Any, Generic, TypeVar

from flask import copy_current_request_context, current_app
from flask_babel import gettext as _

from web import world
from web.errors import Mishap
from web.services.signups.importing import ImportStore, ImportWork, Meanwhile
from web.services.signups.importing.faults import Busy

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that somebody waits for a page before they want to see that something happens."""
_places = Semaphore(4)
"""So many files does one process have in hand; each may be as large as an upload."""
Made = TypeVar("Made")


@dataclass
class Outcome(Generic[Made]):
    """What came of the work, once it is over."""

    made: Made | None = None
    error: Exception | None = None

    def result(self) -> Made:
        """What was made. Raises what went wrong."""
        if self.error is not None:
            raise self.error
        assert self.made is not None
        return self.made


def begun(
    desk: ImportStore,
    token: str,
    what: str,
    work: Callable[[Callable[[int, int], None]], Made],
    ended: Callable[[Made], dict[str, Any]],
) -> Outcome[Made] | None:
    """Begin the work on a file; what came of it, or None while it goes on and its page says how far it is.

    `work` is told how to say so, and `ended` puts what it made in words that can be kept. Raises Busy.
    """
    if not _places.acquire(blocking=False):
        raise Busy
    outcome: Outcome[Made] = Outcome()
    desk.note(token, ImportWork(what), world.now())

    @copy_current_request_context
    def run() -> None:
        try:
            outcome.made = work(lambda done, of: desk.note(token, ImportWork(what, done, of), world.now()))
            end = ended(outcome.made)
        except Exception as error:
            outcome.error = error
            end = _said(error)
        finally:
            _places.release()
        desk.note(token, ImportWork(what, end=end), world.now())

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(current_app.config.get("IMPORT_PATIENCE", PATIENCE))
    return None if thread.is_alive() else outcome


def _said(error: Exception) -> dict[str, Any]:
    if isinstance(error, Meanwhile):
        return {"rows": error.rows}
    if isinstance(error, Mishap):
        return {"sentence": _(error.sentence) % error.values, "status": error.status}
    log.error("an import failed: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
    return {"sentence": _("Er ging iets mis. Er is niemand toegevoegd. Probeer het nog een keer."), "status": 500}
