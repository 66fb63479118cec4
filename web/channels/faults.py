"""Why a parcel did not go out: try again later, never again, or somebody else has it; and what a channel is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from web.channels.parcel import Parcel

KINDS = (
    "connection",  # nobody answers, or the line was cut
    "name",  # the server's name is not known (DNS)
    "secure",  # no safe connection: certificate or TLS
    "login",  # the server does not accept our name or password
    "busy",  # 4xx: greylisting, too many at once, full for now
    "full",  # the mailbox of the receiver is full
    "unknown",  # there is no such address
    "refused",  # 5xx: the server does not want this letter
    "address",  # this cannot be an address
    "large",  # too large for the server
    "disk",  # our own disk
    "expired",  # it was tried for days, and given up
    "returned",  # it came back, and nothing says why
)
"""What went wrong, in words of the code; the pages have a sentence for each."""
GONE = ("unknown", "address")
"""Those that say: there is nobody at this address. After all others it is right to write there again."""


class DeliveryFault(Exception):
    """A parcel that did not go out. `code` is what the server said in digits, never its text: that may hold names."""

    def __init__(self, kind: str, code: str = "", *, whole: bool = False) -> None:
        super().__init__(kind, code)
        self.kind, self.code, self.whole = kind, code, whole

    def __str__(self) -> str:
        return f"{self.kind} {self.code}".strip()


class Later(DeliveryFault):
    """Try again later. `whole`: nothing else can go out by this channel now either."""


class Never(DeliveryFault):
    """This parcel will never go out like this."""


class Withdrawn(Exception):
    """At the last moment somebody else had it, or it was no longer to be sent: nothing was handed over."""


class Channel(Protocol):
    """A way to hand parcels over. It may keep a connection open between two parcels."""

    def send(self, parcel: Parcel, sure: Callable[[], bool]) -> None:
        """Hand a parcel over; `sure` is asked once, right before it cannot be taken back.

        Raises Later, Never, and Withdrawn when `sure` says no. After an error nothing was handed over, unless the
        line broke after `sure`: that raises ConnectionAbortedError, and nobody can know.
        """

    def holds(self, parcel: Parcel) -> bool | None:
        """Whether this parcel was handed over for certain; None when nobody can know."""

    def close(self) -> None:
        """End what is open."""
