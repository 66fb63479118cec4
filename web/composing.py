"""Groups composed in a process of its own, with a limit to its memory: what is too much ends there, and not the worker.

The process is a copy of one that has the solver ready (a fork server), so nobody waits for that a second time.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Lock
from traceback import format_tb
from typing import Any

import web
from matcher import Plan, Problem, Progress, Result
from web.services.groups.proposals import OutOfMemory, Solve

READY = ["web.composing_ready", "web.composing", "web.cli"]
"""What the fork server imports before it copies itself: the solver with its kernels, and all that we are made of."""
MEGABYTES = 3_000
"""Memory that one proposal may use; the most people that a proposal is asked for (`web.services.groups.proposals`) need
half of it."""
_ROOT = str(Path(web.__file__).parents[1])
_beginning = Lock()
_MEMORY = frozenset({-signal.SIGABRT, -signal.SIGBUS, -signal.SIGKILL, -signal.SIGSEGV})
"""How a process ends that got no memory: by the hand of C++, or of the system."""


class Crashed(Exception):
    """The process that composed ended, or failed, for another reason; with where that was."""


def get_ready() -> None:
    """Let the solver be loaded while nobody waits for it."""
    _context()


def solvers(megabytes: int = MEGABYTES) -> tuple[Solve, Solve]:
    """matcher.match and matcher.repair, each in a process of its own."""
    return partial(_apart, "match", megabytes), partial(_apart, "repair", megabytes)


def _context() -> ForkServerContext:
    """The fork server, begun if there is none."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(READY)
    # It begins with the paths of a bare Python: who starts us from another folder would load the solver every time.
    with _beginning:
        before = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (_ROOT, before)))
        try:
            forkserver.ensure_running()
        finally:
            del os.environ["PYTHONPATH"]
            if before is not None:
                os.environ["PYTHONPATH"] = before
    return context


def _apart(
    verb: str,
    megabytes: int,
    problem: Problem,
    plan: Plan | None = None,
    *,
    progress: Callable[[Progress], object],
    **budget: Any,
) -> Result:
    """The groups. Raises OutOfMemory or Crashed."""
    here, there = _context().Pipe()
    work = (problem,) if plan is None else (problem, plan)
    process = _context().Process(target=_compose, args=(there, verb, megabytes, work, budget), daemon=True)
    process.start()
    # Only the other process holds that end now: when it is gone, so is the line.
    there.close()
    try:
        while True:
            kind, said = here.recv()
            if kind == "result":
                found: Result = said
                return found
            if kind == "failed":
                raise said
            here.send(bool(progress(said)))
    except (EOFError, ConnectionError):
        process.join()
        raise (OutOfMemory if process.exitcode in _MEMORY else Crashed)(process.exitcode) from None
    finally:
        here.close()
        process.kill()
        process.join()


def _compose(line: Connection, verb: str, megabytes: int, work: tuple[Any, ...], budget: dict[str, Any]) -> None:
    # Who stops the worker stops us through the line; a proposal is given back then, not spoilt.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def watch(progress: Progress) -> bool:
        line.send(("progress", progress))
        return bool(line.recv())

    try:
        import matcher

        said: tuple[str, object] = "result", getattr(matcher, verb)(*work, progress=watch, **budget)
    except MemoryError:
        said = "failed", OutOfMemory()
    except (EOFError, ConnectionError):
        return  # the worker is gone
    except Exception as error:
        # Where it was, without its text: that may hold what somebody typed.
        said = "failed", Crashed(f"{type(error).__name__}\n{''.join(format_tb(error.__traceback__))}")
    line.send(said)
