"""A picture of a stranger, made anew: its pixels only, at the size at which it is shown."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from web.uploads.reading import Unread
from web.uploads.shapes import ImageShape

READ = ("PNG", "JPEG", "WEBP", "GIF")
"""What is opened at all; everything else, a drawing that is a program (SVG) too, is no picture here."""
QUALITY = 80


def image_within(data: bytes, shape: ImageShape) -> bytes:
    """The picture alone, no larger than `shape`; where and with what it was made is not in it. Raises Unread."""
    try:
        with Image.open(BytesIO(data), formats=READ) as opened:
            if opened.width * opened.height > shape.pixels:
                raise Unread("TooLarge")
            upright = ImageOps.exif_transpose(opened)
            image = upright.convert("RGBA" if shape.kind == "PNG" else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Unread("NoPicture") from None
    image.thumbnail((shape.width, shape.height), Image.Resampling.LANCZOS)
    made = BytesIO()
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    clean.save(made, shape.kind, optimize=True, quality=QUALITY)
    return made.getvalue()
