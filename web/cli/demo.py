"""run.py demo: everything together, with made-up people."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import opening

HOST = "127.0.0.1"


@click.command("demo")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/demo-web"),
    show_default=True,
    metavar="DIR",
    help="Folder for the demo; emptied at every start.",
)
def command(port: int, instance: Path) -> None:
    """Start the site and its worker with an invented neighbourhood, and say what to open.

    120 residents, 14 facilitators, two series: the groups of one wait to be looked at, those of the other are
    published. Nothing is sent to anybody: letters land in the folder's outbox. Ctrl-C stops it.
    """
    from web.cli.serving import serve
    from web.demo import running
    from web.demo.folder import NotOurs, fresh

    opening.check_port(HOST, port)
    try:
        with fresh(instance) as keys:
            app = opening.application(instance, demo=True, environ={**keys, opening.URL: f"http://{HOST}:{port}"})
            opening.upgrade(app)
            running.show(app, HOST, port, serve, click.echo)
    except NotOurs as error:
        raise opening.Refusal(str(error)) from None
