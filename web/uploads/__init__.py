"""Files of strangers, read in a process of their own: with little memory, little time, and none of our keys."""

from web.uploads.apart import read_apart
from web.uploads.reading import ReadLimits, Unread, UploadedRow, UploadedRows

__all__ = ["ReadLimits", "Unread", "UploadedRow", "UploadedRows", "read_apart"]
