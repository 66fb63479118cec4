"""Dates as calendars read them: iCalendar objects to invite, call off, download and follow (RFC 5545, 5546)."""

from web.calendars.event import Event, Party
from web.calendars.objects import cancel, download, etag, feed, request

__all__ = ["Event", "Party", "cancel", "download", "etag", "feed", "request"]
