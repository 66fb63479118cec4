"""Routes of figures."""

from __future__ import annotations
