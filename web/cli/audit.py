"""run.py audit: whether the audit log is as it was written."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import opening

WRONG = 1
"""How it ends when a log does not fit."""


@click.group("audit")
def command() -> None:
    """The audit log: who did what, when. Administrators read it on the site."""


@command.command("verify", epilog=opening.ENVIRONMENT)
@click.option(
    "--mark",
    "marks",
    multiple=True,
    metavar="MARK",
    help="One that an earlier run printed and that you kept elsewhere: is that line still there? May be repeated.",
)
@opening.instance_option
def verify(marks: tuple[str, ...], instance: Path) -> None:
    """Say of every organisation whether its log fits, and which line is the first that does not.

    Every line holds a keyed hash over itself and the line before, so who changes, adds or takes away a line in the
    database breaks the chain there. Ends with 1 if anything does not fit. Nothing is changed.
    """
    from sqlalchemy import inspect

    from web import world
    from web.rows import AuditChain, db
    from web.services.audit import verifying

    app = opening.application(instance)
    with app.app_context():
        if not inspect(db.engine).has_table(AuditChain.__tablename__):
            raise opening.Refusal("there is no audit log of this version yet; start the site once, then ask again")
        found = verifying.verify(db.session, world.vault(), marks)
    known = {verdict.organisation for verdict in found}
    lost = [mark for mark in marks if mark.partition(":")[0] not in known]
    for verdict in found:
        click.echo(f"{verdict.organisation}: {verdict.fault or f'{verdict.lines} lines fit; mark {verdict.mark}'}")
        lost += verdict.missed
    for mark in lost:
        click.echo(f"{mark}: this line is not there any more")
    if lost or any(verdict.fault for verdict in found):
        raise SystemExit(WRONG)
