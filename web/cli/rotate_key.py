"""run.py rotate-key: seal everything anew with the first key, and say when the others may go."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import opening


@click.command("rotate-key", epilog=opening.ENVIRONMENT)
@opening.instance_option
def command(instance: Path) -> None:
    """Seal everything anew with the first of REBUBBELEN_KEYS, while the site runs.

    Put the new key first (new,old) and start `serve` and `work` again before this. It may be broken off and run again.
    It says when nothing is left under the old key; only then take that away.
    """
    from web import world
    from web.accounts.keys import resealing
    from web.rows import db
    from web.services.continuity import keys
    from web.services.continuity.resealing import reseal

    app = opening.application(instance)
    opening.upgrade(app)
    with app.app_context():
        vault = world.vault()
        done = reseal(db.session, vault, resealing(app.extensions[world.SECRETS]), instance)
        click.echo(f"{done.changed} values are sealed anew with the key {vault.tags[0]}")
        if done.lost:
            raise opening.Refusal(
                f"In {', '.join(done.lost)} something opens with none of the keys that are given; take no key away. "
                "Look for the key that it was sealed with, and put it behind the others."
            )
        from_when = world.local(keys.retire(db.session, vault, world.now()))
        others = ", ".join(vault.tags[1:])
        click.echo(
            f"Nothing is left under the key {others}. Take it out of REBUBBELEN_KEYS after {from_when:%Y-%m-%d %H:%M}: "
            "until then residents may have a form open that was filled in under it."
            if others
            else "There is no other key, so none to take away. To change keys put the new one first: new,old"
        )
