"""Routes for monitors. They see no session, set no cookie and count for no limit: `web.app.Site` answers them apart."""

from __future__ import annotations

from hmac import compare_digest

from flask import Blueprint, Flask, Response, current_app, request

from config import Secrets
from web import world
from web.headers import ALWAYS
from web.health import checks, numbers

blueprint = Blueprint("health", __name__)

TEXT = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/healthz")
def alive() -> Response:
    """This process answers; it asks nothing of anything else. For what starts it again, and for a load balancer."""
    return _said("ok\n")


@blueprint.get("/readyz")
def ready() -> Response:
    """Everything works, or why not, one reason on a line. For what wakes a person."""
    wrong = checks.reasons(checks.look(_app()))
    return _said("\n".join(wrong or ["ready"]) + "\n", 503 if wrong else 200)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Numbers, for who has the token. Without one in the settings there is no such page."""
    secrets: Secrets = current_app.extensions[world.SECRETS]
    if not secrets.metrics_token:
        return _said("not found\n", 404)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not compare_digest(given.strip().encode(), secrets.metrics_token.encode()):
        answer = _said("a token is needed\n", 401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    return _said(numbers.written(numbers.count(checks.look(_app()), world.now())), kind=PROMETHEUS)


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _said(text: str, status: int = 200, kind: str = TEXT) -> Response:
    headers = {**ALWAYS, "Cache-Control": "no-store, private"}
    return Response(text, status, headers, content_type=kind)
