"""Short addresses made from names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

LONGEST = 40


def free(name: str, taken: Collection[str], otherwise: str) -> str:
    """A short address of a name that is not `taken`; `otherwise` if nothing of it can stand in an address."""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    wanted = re.sub(r"[^a-z0-9]+", "-", ascii_)[:LONGEST].strip("-") or otherwise
    tries = (wanted if k == 1 else f"{wanted}-{k}" for k in range(1, len(taken) + 2))
    return next(slug for slug in tries if slug not in taken)
