"""The call list and the page with letters on paper, as a worker reads and presses them."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from web.rows import AuditLine, db

CALLS, LETTERS = "/werk/bellijst", "/werk/brieven"


def card(html: str, name: str) -> str:
    """What the page says about one person."""
    parts = re.split(r'<li id="wie-\d+">', html)[1:]
    return next((part.split("</section>")[0] for part in parts if f"<bdi>{name}</bdi>" in part), "")


def marks(html: str) -> list[str]:
    return re.findall(r'name="brief" value="([^"]+)"', html)


def tell(client: FlaskClient, html: str, name: str, *, to: str = CALLS, **more: str):
    return client.post(to, data={"brief": marks(card(html, name)), "do": "reached", **more}, follow_redirects=True)


def kinds_logged() -> list[str]:
    return [
        line.what for line in db.session.query(AuditLine).filter(AuditLine.who != "resident").order_by(AuditLine.id)
    ]
