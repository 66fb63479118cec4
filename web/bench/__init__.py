"""Measures the site beside its targets: `run.py bench web`, `rush` and `kills`."""

from __future__ import annotations


def rows(family: str | None) -> None:
    """Print every case of a family, or of all, as a row of the table that matcher.bench.table has begun."""
    from matcher.bench import table
    from web.bench import accepting, crowd, disasters, dying, editing, many, posting, rush, starting, visiting

    families = {
        "web": (crowd, visiting, editing, many, posting, dying, accepting, starting),
        "rush": (rush,),
        "kills": (disasters,),
    }
    for module in families[family] if family else sum(families.values(), ()):
        table.show_rows(module.cases())
