"""The fair lottery for a series with too few places: quotas in, equal chances and a public draw out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from matcher.lottery.draw import TICKETS, Lottery, Panel, TicketError, pick
from matcher.lottery.quotas import Quota, QuotaError

if TYPE_CHECKING:
    from matcher.lottery.engine import lottery

__all__ = ["TICKETS", "Lottery", "Panel", "Quota", "QuotaError", "TicketError", "lottery", "pick"]


def __getattr__(name: str) -> Any:
    """Load the solver at the first lottery: whoever only picks from a finished one waits for nothing."""
    if name == "lottery":
        return import_module("matcher.lottery.engine").lottery
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
