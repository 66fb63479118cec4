"""create_app: wires everything, and hangs a guard on every audience's door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import CSRFProtect
from sqlalchemy import event
from werkzeug.routing import IntegerConverter, Map

from config import Secrets, Settings
from web import (
    accounts,
    admin,
    facilitator,
    failing,
    formatting,
    headers,
    health,
    hosts,
    house,
    languages,
    organiser,
    public,
    resident,
    stale_forms,
    text_only,
    world,
)
from web.crypto import Vault
from web.limits import counts, limiter
from web.private_files import make_private
from web.rows import db, upgrading
from web.rows.base import use_vault
from web.transaction import transaction

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000", "foreign_keys=ON", "secure_delete=ON")
POSTGRES = ("lock_timeout = '15s'", "idle_in_transaction_session_timeout = '10min'")
"""Nobody waits for ever for somebody whose machine is gone."""
ELSEWHERE = {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
"""A database that is a server may have been started again since the last request, or be out of reach."""
REDIS = {"socket_connect_timeout": 1, "socket_timeout": 1}
"""A limit is not worth more seconds of waiting."""
FORM_BYTES = 2_000_000
"""What a form may hold; the one route that takes a file asks for more."""
ROOMS = (public, resident, organiser, facilitator, admin, health)


class Site(Flask):
    """A web application in which every request is one transaction, kept before the answer goes out.

    What a view raises, a refusal too, takes back all that was done. So nobody sees an answer of which nothing came.
    """

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer, if the request is for this site."""
        answer = super().wsgi_app if hosts.is_ours(environ, self.config["HOSTS"]) else hosts.refuse
        return answer(environ, start_response)

    def full_dispatch_request(self) -> Response:
        """A monitor is no visitor: no session of somebody ends, no cookie is set, no limit counts."""
        if request.blueprint == health.blueprint.name:
            return self.make_response(self.dispatch_request())
        return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """The answer of the view."""
        with transaction(db.session):
            return super().dispatch_request()


class RowNumber(IntegerConverter):
    """A number that a row can have; any other is the address of nothing, on every database."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map, min: int = 0, max: int = 2**31 - 1) -> None:
        super().__init__(map, min=min, max=max)


def create_app(
    settings: Settings,
    secrets: Secrets,
    instance: Path,
    *,
    database: str = "",
    clock: world.Clock = world.utc_now,
    catalogues: Sequence[Path] = (languages.TRANSLATIONS,),
    demo: bool = False,
    secure: bool = True,
    **more: Any,
) -> Flask:
    """The web application. `instance` holds the SQLite file, the queue and the outbox; `more` is Flask configuration.

    `secure` False lets cookies travel over plain http, for a demo or a test on this machine.
    """
    make_private(instance)
    app = Site("web", root_path=str(Path(__file__).parent), instance_path=str(instance.resolve()))
    app.config.update(
        SECRET_KEY=secrets.session,
        SQLALCHEMY_DATABASE_URI=database or f"sqlite:///{(instance / 'rebubbelen.db').resolve()}",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Also without an account: the token of a form stands in it. Who signed in is out sooner, by accounts.sessions.
        PERMANENT_SESSION_LIFETIME=stale_forms.OPEN,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,
        # Personal pages pass on no address, and Flask-WTF would ask for one beside the token.
        WTF_CSRF_SSL_STRICT=False,
        DEMO=demo,
    )
    app.config.update(more)
    elsewhere = {} if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else ELSEWHERE
    # What a query asked for stands in no error of the database.
    engine = {**elsewhere, **app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {}), "hide_parameters": True}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine
    app.config["HOSTS"] = hosts.named(app.config.get("BASE_URL", ""), app.config.get("HOSTS", ()))
    _count_together(app, secrets)
    app.url_map.converters["int"] = RowNumber
    app.extensions[world.VAULT] = Vault(secrets.keys, secrets.lookup)
    use_vault(world.vault)
    app.extensions[world.CLOCK] = clock
    app.extensions[world.SETTINGS] = settings
    app.extensions[world.SECRETS] = secrets
    languages.install(app, list(settings.languages), "Europe/Amsterdam", catalogues)
    _carry(app, secrets)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.context_processor(_surroundings)
    return app


def _count_together(app: Flask, secrets: Secrets) -> None:
    """Where all processes count who knocks how often; while Redis cannot be reached every process counts for itself."""
    instance = Path(app.instance_path)
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config.get("REDIS") or counts.address(instance))
    if app.config["RATELIMIT_STORAGE_URI"] == counts.address(instance):
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"key": secrets.session}
    elif app.config.get("REDIS"):
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", REDIS)


def _carry(app: Flask, secrets: Secrets) -> None:
    db.init_app(app)
    with app.app_context():
        tune = {"sqlite": _tune_sqlite, "postgresql": _tune_postgres}.get(db.engine.dialect.name)
        if tune is not None:
            event.listen(db.engine, "connect", tune)
    upgrading.install(app)
    text_only.install(app)
    CSRFProtect(app)
    limiter.init_app(app)
    accounts.install(app, secrets)
    stale_forms.install(app)
    failing.install(app)
    headers.install(app)
    formatting.install(app)


def _tune_sqlite(connection: Any, record: object) -> None:
    """Readers wait for nobody, writers for each other; broken references are refused, and what is erased is gone."""
    for setting in PRAGMAS:
        connection.execute(f"PRAGMA {setting}")


def _tune_postgres(connection: Any, record: object) -> None:
    for setting in POSTGRES:
        connection.execute(f"SET {setting}")
    connection.commit()


def _surroundings() -> dict[str, Any]:
    settings = world.settings()
    code = languages.language()
    return {
        "lang": code,
        "dir": languages.direction(code),
        "theme": settings.theme,
        "brand": settings.product,
        "home_url": url_for("public.home"),
        "house_here": house.here,
        "languages": languages.switch({c: settings.language(c).name for c in settings.languages}),
        "footer_links": [
            (_("Privacy"), url_for("public.privacy")),
            (_("Toegankelijkheid"), url_for("public.accessibility")),
            (_("Zo delen we de tafels in"), url_for("public.how")),
        ],
        "settings": settings,
        "demo": world.is_demo(),
    }
