"""Calendars to follow: of a resident, and of a facilitator."""
