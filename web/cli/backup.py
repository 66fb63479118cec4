"""run.py backup: everything of an installation in one file, while it runs."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import opening


@click.command("backup", epilog=opening.ENVIRONMENT)
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(1, 3650),
    metavar="DAYS",
    help="Remove backups in the folder OUT that are older than this; what somebody erased is still in them.",
)
@opening.instance_option
def command(out: Path, keep: int | None, instance: Path) -> None:
    """Write the database, letters, imports and mails of an installation to OUT: a file, or a folder that exists.

    Site and worker may go on meanwhile. The keys are not in it: keep them elsewhere, or nobody reads the backup.
    """
    from base64 import urlsafe_b64encode

    from web import world
    from web.rows import db
    from web.services.continuity import backup

    if keep and not out.is_dir():
        raise opening.Refusal(f"--keep needs a folder that exists, and {out} is none")
    app = opening.application(instance)
    with app.app_context():
        secrets = app.extensions[world.SECRETS]
        keys = [*(key.decode() for key in secrets.keys), urlsafe_b64encode(secrets.lookup).decode(), secrets.session]
        try:
            made = backup.take(db.engine, instance, out, world.vault(), keys, world.now())
        except backup.NoBackup as error:
            raise opening.Refusal(str(error)) from None
        click.echo(f"{made}  ({made.stat().st_size / 1e6:.1f} MB)")
        click.echo(f"The keys are not in it. It needs {', '.join(world.vault().tags)} of REBUBBELEN_KEYS to be read.")
        if keep and (gone := backup.forget_old(out, keep, world.now())):
            click.echo(f"{gone} older than {keep} days removed")
