"""How large a picture may be, before and after: known to who waits for it too, who never opens one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageShape:
    """The most pixels that a picture has afterwards, and as what it is kept: PNG, or JPEG for a photo.

    `pixels` is the most that is opened at all; `memory` is in bytes, `cpu` in seconds of a processor, `wall` in seconds
    of the clock.
    """

    width: int
    height: int
    kind: str
    pixels: int = 40_000_000
    memory: int = 1024 << 20
    cpu: int = 10
    wall: int = 20
