"""The schedule of a series: its sessions and dates, moving them, closing it."""
