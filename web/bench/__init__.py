"""Measures the site beside its targets: `run.py bench web`."""

from __future__ import annotations


def rows() -> None:
    """Print every case as a row of the table that matcher.bench.table has begun."""
    from matcher.bench import table
    from web.bench import accepting, crowd, dying, editing, many, posting, starting, visiting

    for family in (crowd, visiting, editing, many, posting, dying, accepting, starting):
        table.show_rows(family.cases())
