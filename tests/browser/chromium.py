"""Where Chromium is on this machine, and how it is started for tests."""

from __future__ import annotations

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "the browser tests need Chromium: install the package chromium, or name your browser in CHROMIUM"


def path() -> str:
    """The browser that CHROMIUM names, or else the first one that is installed; empty if there is none."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else NAMES
    return next((found for name in names if (found := shutil.which(name))), "")


if __name__ == "__main__":
    print(path() or sys.exit(f"{MISSING[0].upper()}{MISSING[1:]}."))
