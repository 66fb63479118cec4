"""run.py work: the worker, which composes groups, sends letters and forgets."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import opening


@click.command("work", epilog=opening.ENVIRONMENT)
@click.option("--jobs", type=click.IntRange(1, 16), default=2, show_default=True, help="Things to do at once.")
@click.option(
    "--silence",
    type=click.FloatRange(1, 3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="A proposal whose worker was not heard of for so long is taken up again.",
)
@opening.instance_option
def command(jobs: int, silence: float, instance: Path) -> None:
    """Do what waits: groups to propose, letters to send, and every night what must be forgotten."""
    import logging
    import os

    from web import worker

    app = opening.application(instance, PROPOSAL_SILENCE=silence)
    if not app.config["BASE_URL"]:
        example = f"set it to the address of the site, for instance {opening.URL}=https://groepen.voorbeeld.example"
        raise opening.Refusal(f"{opening.URL} is missing: letters could lead nowhere; {example}")
    if fault := worker.unreachable(app):
        raise opening.Refusal(
            f"{opening.REDIS}: the queue cannot be reached ({fault}); nothing is lost, start it first"
        )
    opening.occupy(instance)
    opening.upgrade(app)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # It tells of every task, every minute.
    logging.getLogger("huey").setLevel(logging.WARNING)
    worker.run(app, jobs)
    logging.shutdown()
    # Not through the interpreter's own end: a search that is given up would hold it for half a minute.
    os._exit(0)
