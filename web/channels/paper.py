"""A parcel as a sheet for a person: whom to call, text or visit, and what to say."""

from __future__ import annotations

from web.channels.parcel import Parcel


def sheet(parcel: Parcel) -> bytes:
    """Who, how, and the letter itself."""
    return f"{parcel.name}\n{parcel.address}\n\n{parcel.subject}\n\n{parcel.text}".encode()
