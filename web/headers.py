"""How every answer travels: nothing from elsewhere, nothing inline, nothing framed (promises 19, 22); files packed."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from flask_compress import Compress

from web import stylesheets

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "Content-Security-Policy": "; ".join(f"{name} {source}" for name, source in POLICY.items()),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PACKED = ["text/css", "text/javascript", "application/javascript", "image/svg+xml"]
"""Only files that are the same for everybody: packing a page with a secret in it would tell its length."""
KEPT = {"static", "public.feed", "public.house_colour", "public.house_logo", "public.house_picture"}
"""What may be kept: files that are the same for everybody, and by a program its owner's calendar, asked about anew.

Nothing else may, whatever a view says of itself: every page has a name, a token of a form or a secret in it.
"""
BAD_REQUEST = 400
TWO_YEARS = 2 * 365 * 24 * 3600


def install(app: Flask) -> None:
    """Add the headers; pages about people are kept by no cache, files that never change by every cache."""
    app.config.setdefault("COMPRESS_MIMETYPES", PACKED)
    Compress(app)
    app.url_defaults(_version)
    stylesheets.install(app)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
        if request.endpoint not in KEPT or response.status_code >= BAD_REQUEST:
            response.headers["Cache-Control"] = "no-store, private"
        return response


def _version(endpoint: str, values: dict[str, Any]) -> None:
    """Every file of ours has its content in its address, so that nobody sees the style of last year."""
    name = values.get("filename", "")
    # Fonts are named by the style sheets too, and one font may not be fetched twice.
    if endpoint == "static" and not name.endswith(".woff2"):
        values["v"] = stylesheets.digest(name)
