"""From the environment and a folder to a running application, or a sentence that says what is missing."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask

DATABASE, REDIS, URL, CONFIG = "REBUBBELEN_DATABASE", "REBUBBELEN_REDIS", "REBUBBELEN_URL", "REBUBBELEN_CONFIG"

ENVIRONMENT = """\b
ENVIRONMENT
  REBUBBELEN_KEYS         keys that encrypt, separated by commas; the first writes, all read
  REBUBBELEN_LOOKUP_KEY   key to find people by, without storing how to reach them
  REBUBBELEN_SESSION_KEY  key that signs forms and sessions
  REBUBBELEN_MAIL_PASSWORD   password for the mail server of [mail] in the settings
  REBUBBELEN_INBOX_PASSWORD  password for the mailbox of [inbox], where answers arrive
  REBUBBELEN_TEXT_TOKEN      secret for the gateway of [text_messages]
  REBUBBELEN_METRICS_TOKEN   token for /metrics; without one there is no such page
                          (each of these may be NAME_FILE instead: the path of a file that holds it)
  REBUBBELEN_URL          address of the site, for the links in letters
  REBUBBELEN_DATABASE     another database than the SQLite file in the instance folder
  REBUBBELEN_REDIS        another queue than the SQLite file in the instance folder: redis://...
  REBUBBELEN_LOG          plain or json, as --log
  REBUBBELEN_CONFIG       folder with settings of your own
"""


class Refusal(click.ClickException):
    """Something has to be done first; its sentence says what."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The sentence, and nothing before it."""
        click.echo(self.message, err=True)


def instance_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The folder of an installation."""
    return click.option(
        "--instance",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("instance"),
        show_default=True,
        metavar="DIR",
        help="Folder with the database, the queue and the outbox.",
    )(command)


def log_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """How the log is written."""
    return click.option(
        "--log",
        type=click.Choice(["plain", "json"]),
        default="plain",
        show_default=True,
        envvar="REBUBBELEN_LOG",
        help="How the log on standard error is written; json is one object on a line.",
    )(command)


def application(instance: Path, *, demo: bool = False, environ: Mapping[str, str] = os.environ, **more: Any) -> Flask:
    """The application of an installation. Raises Refusal for secrets that are missing, BadInput for faulty settings."""
    # Small sums all over: threads of its own would only make numpy wait for itself.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import config
    from web.app import create_app
    from web.languages import TRANSLATIONS

    try:
        secrets = config.secrets(environ)
    except config.BadSecrets as error:
        raise Refusal(str(error)) from None
    folder = environ.get(CONFIG, "").strip()
    return create_app(
        config.load(Path(folder) if folder else None, (TRANSLATIONS,)),
        secrets,
        _private(instance),
        database=environ.get(DATABASE, "").strip(),
        demo=demo,
        secure=not demo,
        BASE_URL=environ.get(URL, "").strip().rstrip("/"),
        REDIS=environ.get(REDIS, "").strip(),
        **more,
    )


def _private(instance: Path) -> Path:
    """The folder, made so that only this account can look into it."""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"{instance}: cannot be made ({error.strerror}); name another folder with --instance") from None
    return instance


def upgrade(app: Flask) -> None:
    """Bring the database to this version. Raises Refusal for one that a newer version made."""
    from web import world
    from web.errors import NewerDatabase
    from web.rows import db
    from web.rows.upgrading import bring_up_to_date
    from web.services.audit import chain
    from web.services.privacy import rehashing
    from web.transaction import transaction

    try:
        bring_up_to_date(app)
    except NewerDatabase as error:
        raise Refusal(str(error)) from None
    with app.app_context():
        rehashing.run(db.session, world.vault())
        with transaction(db.session):
            chain.begin(db.session)
    with app.app_context():
        # Connections must not be shared with the processes that are forked from this one.
        db.engine.dispose()


def check_port(host: str, port: int) -> None:
    """Tell before anything else that an address is taken. Raises Refusal."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            told = f"{host}:{port} cannot be used ({error.strerror})"
            raise Refusal(f"{told}; stop what is running there, or choose another port with --port") from None
