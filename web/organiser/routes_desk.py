"""Routes of desk."""

from __future__ import annotations
