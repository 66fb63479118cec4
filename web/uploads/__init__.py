"""Files of strangers, read in a process of their own: with little memory, little time, and none of our keys."""

from web.uploads.apart import image_apart, read_apart
from web.uploads.reading import ReadLimits, Unread, UploadedRow, UploadedRows
from web.uploads.shapes import ImageShape

__all__ = ["ImageShape", "ReadLimits", "Unread", "UploadedRow", "UploadedRows", "image_apart", "read_apart"]
