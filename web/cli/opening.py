"""From the environment and a folder to a running application, or a sentence that says what is missing."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask

DATABASE, REDIS, URL, CONFIG = "REBUBBELEN_DATABASE", "REBUBBELEN_REDIS", "REBUBBELEN_URL", "REBUBBELEN_CONFIG"
HOSTS = "REBUBBELEN_HOSTS"

RUNNING = "running.lock"
"""In the instance folder: held by whoever serves or works there."""

ENVIRONMENT = """\b
ENVIRONMENT
  REBUBBELEN_KEYS         keys that encrypt, separated by commas; the first writes, all read
  REBUBBELEN_LOOKUP_KEY   key to find people by, without storing how to reach them
  REBUBBELEN_SESSION_KEY  key that signs forms and sessions
  REBUBBELEN_MAIL_PASSWORD   password for the mail server of [mail] in the settings
  REBUBBELEN_INBOX_PASSWORD  password for the mailbox of [inbox], where answers arrive
  REBUBBELEN_TEXT_TOKEN      secret for the gateway of [text_messages]
                          (each of these may be NAME_FILE instead: the path of a file that holds it)
  REBUBBELEN_URL          address of the site, for the links in letters
  REBUBBELEN_HOSTS        further names under which the site answers, separated by commas
  REBUBBELEN_DATABASE     another database than the SQLite file in the instance folder
  REBUBBELEN_REDIS        another queue than the SQLite file in the instance folder: redis://...
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
        HOSTS=environ.get(HOSTS, "").split(","),
        REDIS=environ.get(REDIS, "").strip(),
        **more,
    )


def _private(instance: Path) -> Path:
    """The folder, made so that only this account can look into it."""
    from web.private_files import make_private

    try:
        make_private(instance)
    except OSError as error:
        raise Refusal(f"{instance}: cannot be made ({error.strerror}); name another folder with --instance") from None
    return instance


def upgrade(app: Flask) -> None:
    """Bring the database to this version, and see to it that it can be read and written.

    Raises Refusal for one that is gone, damaged, of a newer version, or sealed with a key that is not given.
    """
    from web.errors import NewerDatabase, UnusableDatabase
    from web.rows import db
    from web.rows.upgrading import bring_up_to_date
    from web.services.continuity import restoring

    try:
        restoring.refuse_half(Path(app.instance_path))
        done = bring_up_to_date(app)
        if done and done.copy:
            click.echo(f"The database was upgraded from {done.before} to {done.after}.", err=True)
            click.echo(f"A copy of before lies in {done.copy}; it is removed after a week.", err=True)
        look_through(app)
    except (NewerDatabase, UnusableDatabase) as error:
        raise Refusal(str(error)) from None
    with app.app_context():
        # Connections must not be shared with the processes that are forked from this one.
        db.session.close()
        db.engine.dispose()


def look_through(app: Flask) -> int:
    """What is done in a database of this version before anybody uses it; how many people were erased again.

    Raises UnusableDatabase for a lost key.
    """
    from web import world
    from web.accounts.keys import resealing
    from web.rows import db
    from web.rows.upgrading import alone
    from web.services.continuity import keys
    from web.services.privacy import erasures, rehashing

    with app.app_context(), alone(app):
        keys.check(db.session, world.vault(), resealing(app.extensions[world.SECRETS]), world.now())
        rehashing.run(db.session, world.vault())
        return erasures.again(db.session, world.vault(), Path(app.instance_path), now=world.now())


def occupy(instance: Path) -> None:
    """Say, as long as this process and those that it starts live, that a backup must not be put back now.

    Raises Refusal while one is.
    """
    _lock(instance, fcntl.LOCK_SH, f"a backup is being put back in {instance}; wait for it")


@contextmanager
def stopped(instance: Path) -> Iterator[None]:
    """Nobody serves or works here meanwhile. Raises Refusal if somebody does."""
    file = _lock(instance, fcntl.LOCK_EX, f"`serve` or `work` is running on {instance}; stop it first")
    try:
        yield
    finally:
        os.close(file)


def _lock(instance: Path, how: int, refused: str) -> int:
    file = os.open(instance / RUNNING, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError:
        raise Refusal(f"Nothing was changed: {refused}.") from None
    return file


def check_port(host: str, port: int) -> None:
    """Tell before anything else that an address is taken. Raises Refusal."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            told = f"{host}:{port} cannot be used ({error.strerror})"
            raise Refusal(f"{told}; stop what is running there, or choose another port with --port") from None
