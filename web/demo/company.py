"""Two processes that live and die together: when one ends, or whoever started them, so do the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from threading import Thread

PATIENCE = 20.0
"""Seconds to end in."""


class Company:
    """The processes that were started."""

    def __init__(self, processes: list[tuple[BaseProcess, int]]) -> None:
        self._processes = processes

    def ended(self, seconds: float) -> str:
        """Wait at most so long; the name of a process that ended by itself, or nothing."""
        wait([process.sentinel for process, _ in self._processes], seconds)
        return next((process.name for process, _ in self._processes if not process.is_alive()), "")

    def stop(self) -> None:
        """Ask everybody to end, each by its own signal; who does not is made to."""
        for process, number in self._processes:
            if process.is_alive() and process.pid:
                os.kill(process.pid, number)
        for process, _ in self._processes:
            process.join(PATIENCE)
            if process.is_alive():
                process.kill()


@contextmanager
def company(tasks: dict[str, tuple[Callable[[], object], int]]) -> Iterator[Company]:
    """Run tasks, each name with the signal that ends it well, until the block is left."""
    fork = multiprocessing.get_context("fork")
    alive, held = os.pipe()
    processes: list[tuple[BaseProcess, int]] = []
    for name, (task, number) in tasks.items():
        process = fork.Process(target=_member, args=(task, alive, held), name=name)
        process.start()
        processes.append((process, number))
    os.close(alive)
    started = Company(processes)
    try:
        yield started
    finally:
        started.stop()
        os.close(held)


def _member(task: Callable[[], object], alive: int, held: int) -> None:
    # A group of its own: Ctrl-C reaches whoever started us, and that ends us in good order.
    os.setpgrp()
    os.close(held)
    Thread(target=_end_with_the_starter, args=(alive,), daemon=True).start()
    task()


def _end_with_the_starter(alive: int) -> None:
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)
