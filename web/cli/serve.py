"""run.py serve: the web application under gunicorn."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import opening


@click.command("serve", epilog=opening.ENVIRONMENT)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer.")
@click.option(
    "--proxies",
    type=click.IntRange(0, 5),
    default=0,
    show_default=True,
    help="Web servers in front of this one, which say who asks (X-Forwarded-For, -Proto, -Host).",
)
@opening.instance_option
def command(host: str, port: int, workers: int, proxies: int, instance: Path) -> None:
    """Serve the site. Upgrades the database first; one that a newer version made is refused.

    Listens on this machine only: put a web server with a certificate in front of it, and run `run.py work` beside it.
    """
    from web import hosts
    from web.cli.serving import serve

    app = opening.application(instance)
    app.config["HOSTS"] |= hosts.named(f"//{host}")
    opening.check_port(host, port)
    opening.occupy(instance)
    opening.upgrade(app)
    serve(app, host, port, workers, proxies)
