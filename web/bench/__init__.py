"""Measures the site beside its targets: `run.py bench web`."""

from __future__ import annotations


def rows() -> None:
    """Print every case as a row of the table that matcher.bench.table has begun."""
    from matcher.bench import table
    from web.bench import crowd, editing, starting, visiting

    for family in (crowd.cases, visiting.cases, editing.cases, starting.cases):
        table.show_rows(family())
