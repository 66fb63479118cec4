"""run.py restore: a backup in the place of what is there, and what lies between that and now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli import opening

if TYPE_CHECKING:
    from flask import Flask

    from web.services.continuity.restoring import Restored


@click.command("restore", epilog=opening.ENVIRONMENT)
@click.argument("backup", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where there is a database that works; it is set aside for a week.")
@opening.instance_option
def command(backup: Path, replace: bool, instance: Path) -> None:
    """Put a backup back. Stop `serve` and `work` first, and give the keys that it was made with.

    People who were erased since are erased again. Letters that were perhaps sent since wait for a person under
    *Berichten*. What was there is set aside. Broken off, it may be run again.
    """
    app = opening.application(instance)
    with opening.stopped(instance):
        _tell(_restored(app, backup, instance, replace), instance)


def _restored(app: Flask, backup: Path, instance: Path, replace: bool) -> Restored:
    from web import world
    from web.errors import NewerDatabase, UnusableDatabase
    from web.rows import db, upgrading
    from web.services.continuity import postgres, restoring
    from web.services.continuity.manifest import BadBackup

    vault, now = app.extensions[world.VAULT], app.extensions[world.CLOCK]()
    with app.app_context():
        if not (replace or restoring.is_half(instance)) and upgrading.is_in_use(db.engine):
            raise opening.Refusal(
                f"There is a database that works in {instance}, and nothing was changed. To put the backup in its "
                "place all the same, add --replace; what is there now is set aside."
            )
        try:
            manifest = restoring.staged(backup, instance, vault, db.engine)
            seen = restoring.in_place(db.engine, instance, manifest, now)
        except BadBackup as error:
            raise opening.Refusal(f"{error}. Nothing was changed; take another backup.") from None
        except (postgres.Failed, OSError) as error:
            raise opening.Refusal(f"It was broken off: {error}. Mend that, and run the same command again.") from None
    try:
        upgrading.bring_up_to_date(app)
        erased = opening.look_through(app)
    except (NewerDatabase, UnusableDatabase) as error:
        raise opening.Refusal(str(error)) from None
    with app.app_context():
        done = restoring.settle(db.session, instance, seen, manifest, now)
        done.erased = erased
        restoring.finish(instance)
        db.session.close()
        db.engine.dispose()
    return done


def _tell(done: Restored, instance: Path) -> None:
    told, since = done.manifest, f"{done.manifest.moment:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Put back: the backup of {since} (version {told.product}, schema {told.schema}),")
    click.echo(f"  with {told.counts.get('signup', 0)} sign-ups and {told.counts.get('due_letter', 0)} letters.")
    click.echo("Since then:")
    if done.readable:
        click.echo(f"  {done.people} people signed up whom the backup does not know: call for them to sign up again")
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(done.unknown.items()))
        click.echo(f"  {done.unknown.total()} letters went out that it does not know{f': {kinds}' if kinds else ''}")
    else:
        click.echo(f"  who signed up and what was sent cannot be told: {done.why}")
    click.echo(f"  {done.erased} people were erased, and are erased again")
    click.echo(f"  {done.sent} letters that it had to send are known as sent")
    click.echo(f"  {done.held} letters were perhaps sent: they wait under Berichten ('Niet zeker') for a person")
    click.echo(f"What was there is set aside in {instance / done.replaced}; it is removed after a week.")
