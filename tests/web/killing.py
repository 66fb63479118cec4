"""Killing a worker between any two statements that have a consequence: a child that is a copy of this process.

What only writes a letter is left out: whoever dies there has changed as much as right before.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

WEB = Path(__file__).parents[2] / "web"
SENDING, FAILING = "services/outbox/delivery.py", "services/outbox/retries.py"
SMTP, MAILDIR = "channels/smtp.py", "channels/maildir.py"


def killed_at(statement: int, work: Callable[[], object], modules: Sequence[str]) -> bool:
    """Do some work in a child that is killed when it comes to so many new statements of these modules of ours.

    False if it was ready before that.
    """
    child = os.fork()
    if child == 0:
        _work(work, _Axe(statement, {str(WEB / module) for module in modules}))
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself; see what it printed"
    return os.WIFSIGNALED(status)


def _work(work: Callable[[], object], axe: _Axe) -> None:
    try:
        sys.settrace(axe.enter)
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(3)


class _Axe:
    """Falls before the n-th statement; one that is done again, in a loop, counts once."""

    def __init__(self, statement: int, files: set[str]) -> None:
        self.last, self.files = statement, files
        self.seen: set[tuple[str, int]] = set()

    def enter(self, frame: FrameType, event: str, told: object) -> Any:
        return self._strike if frame.f_code.co_filename in self.files else None

    def _strike(self, frame: FrameType, event: str, told: object) -> Any:
        if event == "line":
            self.seen.add((frame.f_code.co_filename, frame.f_lineno))
            if len(self.seen) > self.last:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._strike
