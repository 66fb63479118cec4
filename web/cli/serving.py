"""gunicorn around an application that is there already, with nothing of its own to configure."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from werkzeug.middleware.proxy_fix import ProxyFix

from web import world
from web.app import FORM_BYTES
from web.cli.receiving import Receiver
from web.rows import db

THREADS = 4
CONNECTIONS = 700
"""Of one process at once; less than the files that a system lets it open."""


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, settings: dict[str, Any], most: int, behind_proxy: bool) -> None:
        self.app = app
        self.settings = settings
        self.most, self.behind_proxy = most, behind_proxy
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


class _Log(Logger):  # type: ignore[misc]
    """What gunicorn tells goes the way of all logs: its own would print addresses of pages, and words of errors."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def serve(app: Flask, host: str, port: int, workers: int, proxies: int = 0, level: str = "info") -> None:
    """Answer until somebody stops it. There is no access log: addresses of visitors and their secret links stay out."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]

    def alone(server: object, worker: object) -> None:
        with app.app_context():
            db.engine.dispose(close=False)

    settings = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": Receiver,
        "threads": THREADS,
        "worker_connections": CONNECTIONS,
        # A file goes the way of a page, of which nobody can stop the reading for ever.
        "sendfile": False,
        "preload_app": True,
        "post_fork": alone,
        "graceful_timeout": 10,
        "control_socket_disable": True,
        "loglevel": level,
        "logger_class": _Log,
    }
    _get_ready(app)
    _Server(app, settings, app.extensions[world.SETTINGS].limits.upload_bytes + FORM_BYTES, bool(proxies)).run()


def _get_ready(app: Flask) -> None:
    """Before the processes part: every page is compiled once, and what stays for ever is no longer looked through."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    gc.collect()
    gc.freeze()
