"""Programs that tests need beside Python: where they are on this machine, and what to install where they are not."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from glob import glob

import pytest

SERVERS = ("/usr/sbin", "/usr/local/sbin", *glob("/usr/lib/postgresql/*/bin"))
"""Where servers are installed; the PATH of most accounts does not lead there."""


@dataclass(frozen=True)
class Program:
    """Something of the machine, by the names it may have; `variable` of the environment may name another one."""

    names: tuple[str, ...]
    package: str
    missing: str
    variable: str = ""

    def path(self) -> str:
        """The one that the environment names, or else the first that is installed; empty if there is none."""
        named = os.environ.get(self.variable) if self.variable else None
        places = os.pathsep.join([os.environ.get("PATH", os.defpath), *SERVERS])
        found = (shutil.which(name, path=places) for name in ([named] if named else self.names))
        return next(filter(None, found), "")

    def needed(self) -> str:
        """Where it is; a test without it fails, and says what to install."""
        return self.path() or pytest.fail(self.missing, pytrace=False)


CHROMIUM = Program(
    names=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    package="chromium",
    missing="The tests in a browser need Chromium: install the package chromium, or name your browser in CHROMIUM.",
    variable="CHROMIUM",
)
DOVECOT = Program(
    names=("dovecot",),
    package="dovecot-imapd",
    missing="The tests of answers by mail need a mailbox: install the package dovecot-imapd; it need not run.",
)
PDFTOTEXT = Program(
    names=("pdftotext",),
    package="poppler-utils",
    missing="The tests of what is printed need a reader of PDF files: install the package poppler-utils.",
)
POSTGRES = Program(
    names=("postgres",),
    package="postgresql",
    missing="The tests on PostgreSQL need its server: install the package postgresql; it need not run.",
)
REDIS = Program(
    names=("redis-server",),
    package="redis-server",
    missing="The tests on Redis need its server: install the package redis-server; it need not run.",
)
SETS = {"programs": (CHROMIUM, DOVECOT, PDFTOTEXT), "servers": (POSTGRES, REDIS)}
"""What every run of the tests needs, and what `make test-postgres` needs beside it."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""How Chromium is started for tests."""


def missing(programs: Iterable[Program]) -> list[Program]:
    """What is not here."""
    return [program for program in programs if not program.path()]


if __name__ == "__main__":
    # The packages, for who can install them; a sentence for each, for who cannot.
    wanted, what = SETS[sys.argv[1]], sys.argv[2:]
    if what == ["packages"]:
        print(*(program.package for program in missing(wanted)))
    else:
        sys.exit("\n".join(program.missing for program in missing(wanted)) or None)
