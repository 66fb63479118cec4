"""How the kernels are compiled: pieces melt into one function, nothing is counted or allocated in its loops."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_SOURCES = [*sorted(Path(__file__).parent.glob("*.py")), Path(__file__).parents[1] / "board.py"]
_VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in _SOURCES)).hexdigest()[:16]
_FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "re-bubbelen" / _VERSION

# numba looks only at the file of a kernel, not at the pieces it is made of: a changed piece needs another folder.
if "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)

from numba import njit  # noqa: E402  (reads the folder when it is imported)


def prepared() -> bool:
    """Whether the kernels were compiled before, by this version and on this machine."""
    return any(Path(os.environ["NUMBA_CACHE_DIR"]).rglob("*.nbi"))


piece = njit(_nrt=False, inline="always")
"""Melts into the kernel that calls it. A board has some forty arrays: passing it to a function costs more than most
functions here, and so does counting references to them."""

kernel = njit(cache=True, nogil=True, _nrt=False)
"""Compiled once per installation and kept on disk; runs beside Python threads."""
