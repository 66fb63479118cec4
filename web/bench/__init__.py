"""Measures the site beside its targets: `run.py bench web`."""

from __future__ import annotations


def rows() -> None:
    """Print every case as a row of the table that matcher.bench.table has begun."""
    from matcher.bench import table
    from web.bench import accepting, crowd, dying, editing, posting, starting, uploading, visiting

    for family in (crowd, visiting, editing, posting, dying, accepting, starting, uploading):
        table.show_rows(family.cases())
