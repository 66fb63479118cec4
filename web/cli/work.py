"""run.py work: the worker, which composes groups, sends letters and forgets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
@click.option(
    "--memory",
    type=click.IntRange(500, 1_000_000),
    show_default="3000",
    metavar="MB",
    help="Memory that one proposal may use; one that needs more fails, and the worker goes on.",
)
@opening.log_option
@opening.instance_option
def command(jobs: int, silence: float, memory: int | None, log: str, instance: Path) -> None:
    """Do what waits: groups to propose, letters to send, and every night what must be forgotten."""
    import logging
    import os

    from web import logs, worker

    logs.install(log == "json")
    limit: dict[str, Any] = {"PROPOSAL_MEGABYTES": memory} if memory else {}
    app = opening.application(instance, PROPOSAL_SILENCE=silence, **limit)
    if not app.config["BASE_URL"]:
        example = f"set it to the address of the site, for instance {opening.URL}=https://groepen.voorbeeld.example"
        raise opening.Refusal(f"{opening.URL} is missing: letters could lead nowhere; {example}")
    if fault := worker.unreachable(app):
        raise opening.Refusal(
            f"{opening.REDIS}: the queue cannot be reached ({fault}); nothing is lost, start it first"
        )
    opening.occupy(instance)
    opening.upgrade(app)
    worker.run(app, jobs)
    logging.shutdown()
    # Not through the interpreter's own end: a search that is given up would hold it for half a minute.
    os._exit(0)
