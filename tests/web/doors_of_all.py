"""Every route with every kind of argument, and everybody who might stand before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.web import cast as casting
from tests.web.cast import Cast
from tests.web.evening import come_in
from tests.web.season import Season


def callers(app: Flask, cast: Cast, season: Season) -> dict[str, FlaskClient]:
    """Everybody, by name; the facilitator has typed the PIN."""
    accounts = {"amina": cast.amina, "coordinator": season.coordinator, "beatrix": cast.beatrix, "dirk": cast.dirk}
    signed = {name: casting.log_in(app.test_client(), id) for name, id in accounts.items()}
    return {"visitor": app.test_client(), **signed, "chantal": come_in(app.test_client(), season.door)}


def rules(app: Flask) -> list[Rule]:
    """All routes, in a fixed order."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def values(rule: Rule, season: Season, ids: Mapping[str, Sequence[int]]) -> dict[str, object]:
    """Arguments that mean something: the first row of each kind."""
    own = ids is season.ours
    secret = season.door[0] if rule.endpoint.startswith("facilitator.") else season.secret
    known: dict[str, object] = {
        "secret": secret if own or rule.endpoint.startswith("facilitator.") else season.foreign_secret,
        "organisation": "zuid" if own else "elders",
        "slug": "samen-koken" if own else "elders-koken",
        "number": 1,
        # The first of `callers` is Amina, the last of the accounts there is Dirk.
        "login_id": 1 if own else 4,
        "kind": "pdf" if "pdf" in rule.rule else "xlsx",
        "filename": "site.css",
        "token": "x",
        "key": "x",
        "offered": "x",
        "name": "x",
    }
    known |= {name: found[0] for name, found in ids.items()}
    if own:
        known |= season.links
    if rule.endpoint == "public.feed":
        known["secret"] = season.links["feed"] if own else "x"
    if rule.endpoint.startswith("admin."):
        known["id"] = ids["account"][0]
    return {name: known[name] for name in rule.arguments}


def address(app: Flask, rule: Rule, arguments: Mapping[str, object]) -> str:
    """The path of a route with arguments that fit."""
    return str(app.url_map.bind("localhost").build(rule.endpoint, arguments, method=verb(rule)))


def verb(rule: Rule) -> str:
    """GET where a route listens to it, else POST."""
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def typed(rule: Rule, arguments: Mapping[str, str]) -> str:
    """The path of a route with any text, quoted already, in place of its arguments."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: arguments.get(found[1], found[1]), rule.rule)
