"""Programs that tests need beside Python: where they are on this machine, and what to install where they are not."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass

import pytest

SERVERS = ("/usr/sbin", "/usr/local/sbin")
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
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""How Chromium is started for tests."""


def missing() -> list[Program]:
    """What is not here."""
    return [program for program in (CHROMIUM, DOVECOT, PDFTOTEXT) if not program.path()]


if __name__ == "__main__":
    # The packages, for who can install them; a sentence for each, for who cannot.
    if sys.argv[1:] == ["packages"]:
        print(*(program.package for program in missing()))
    else:
        sys.exit("\n".join(program.missing for program in missing()) or None)
