"""The audit log as a file for a spreadsheet, in which nothing can run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from matcher.tables.table import escaped
from web.admin.words import happened, somebody
from web.rows import AuditLine
from web.world import local


def written(lines: Iterable[AuditLine], names: Mapping[str, str]) -> bytes:
    """One row per line, in UTF-8 with a byte order mark and semicolons, as the Excel of a Dutch computer reads it.

    `names` gives the name of 'staff:3' and 'project:5'.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Wanneer"), _("Wie"), _("Wat"), _("Waarover"), _("Project")])
    for line in lines:
        project = names.get(f"project:{line.project_id}", "")
        row = (
            f"{local(line.at):%Y-%m-%d %H:%M:%S}",
            somebody(line.who, names),
            happened(line.what),
            line.about,
            project,
        )
        writer.writerow([escaped(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
