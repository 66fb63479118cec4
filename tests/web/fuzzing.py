"""Requests that nobody should send, in any number: every form and every route, as everybody, and what must hold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode

from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.web import bodies, oddities
from tests.web import cast as casting
from tests.web.bodies import Body
from tests.web.doors_of_all import address, rules, typed, values
from tests.web.fuzz_checks import THEIRS, Tally, Target, foreign, losses, rows
from tests.web.pages import Form, Page
from tests.web.season import THERE
from tests.web.town import Town
from web.rows import Staff, db
from web.rows.staff import RoleName

ALIKE = {"coordinator": "amina", "dirk": "daan"}
"""Who is sent to the forms of another: what is not theirs is refused."""
QUERIES = ["taal", "via", "kies", "tafel", "naast", "only", "in", "pagina", "start", "end", "who", "what", "project"]
QUERIES += ["channel", "next", "keer", "nr", "datum", "_", "csrf_token"]
FIELDS = ["version", "wie", "naar", "tafel", "place", "token", "add", "answer", "wish", "who", "code", "email"]
FIELDS += ["password", "credential", "passcode", "reach", "state", "antwoord", "uitnodiging", "csrf_token", "sessions"]
FIELDS += ["x" * 300]
COOKIES = ["", "x", "gAAAAA", ".eJw", "nl", "en", "ar", "../x", "x" * 3000, "Zo\xeb", "a.b.c", "eyJhIjoxfQ.x.y"]
COOKIE_NAMES = ("taal", "session", "aanmelding", "aanmelding-x", "known_device", "remember_token")
HEADERS = {
    "X-Fragment": ["1", "x"],
    "Accept": ["application/json", "text/calendar", "*/*;q=x", ""],
    "Accept-Language": ["en", "ar;q=2", "\xff", "x" * 500],
    "If-None-Match": ['"x"', "*", "W/", "\xff"],
    "Range": ["bytes=0-1", "bytes=5-1", "x"],
    "Referer": ["http://[", "//", "\xff"],
    "Origin": ["null", "http://[", "https://elders.example"],
    "X-CSRFToken": ["x", "\xff"],
}


def enter_other_administrator(place: Town) -> None:
    """The administrator of the other municipality, who stands in no other story."""
    with place.app.app_context():
        dirk = db.session.get_one(Staff, place.cast.dirk)
        daan = casting.staff("daan@elders.example", f"Daan {THERE}", dirk.organisation, RoleName.ADMIN, [])
        db.session.commit()
        place.callers["daan"] = casting.log_in(place.app.test_client(), daan.id)
    place.keep()


def opened(client: FlaskClient, paths: Iterator[str]) -> Iterator[tuple[str, TestResponse]]:
    """Pages, and of the groups editor also what opens when somebody, or a table, is chosen."""
    for path in paths:
        answer = client.get(path)
        yield path, answer
        for chosen in ("kies=", "tafel="):
            links = (given.get("href", "") for _, given in Page(answer.text).tags) if "groepen" in path else ()
            for link in [link for link in links if chosen in link][:1]:
                yield link, client.get(link)


def forms_of(place: Town, who: str) -> list[Target]:
    """Every form on every page that somebody can open, once per address it goes to."""
    found: dict[tuple[str, str, frozenset[str]], Target] = {}
    match = place.app.url_map.bind("localhost").match
    pages = (rule for rule in rules(place.app) if "GET" in (rule.methods or ()) and not _is_file(rule))
    for path, answer in opened(place.callers[who], (known(place, who, rule) for rule in pages)):
        for form in Page(answer.text).forms if answer.mimetype == "text/html" else ():
            to = form.action or path
            bare = to.partition("?")[0].partition("#")[0]
            aim = match(bare, method=form.method.upper(), return_rule=True)[0]
            found.setdefault((aim.rule, form.method, frozenset(form.names)), Target(who, aim, to, form))
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1], sorted(key[2])))]


def _is_file(rule: Rule) -> bool:
    return "." in rule.rule or "kind" in rule.arguments or rule.endpoint == "static"


def known(place: Town, who: str, rule: Rule) -> str:
    """The path of a route with arguments that are somebody's own."""
    ids = place.season.theirs if who in THEIRS else place.season.ours
    return address(place.app, rule, values(rule, place.season, ids))


def targets(place: Town) -> list[Target]:
    """All there is to send something to, shuffled, with everybody in turn."""
    found: list[Target] = []
    for who in place.callers:
        found += [Target(who, one.rule, one.path, one.form) for one in forms_of(place, who)] if who not in ALIKE else []
        place.put_back()
    for who, like in ALIKE.items():
        found += [Target(who, one.rule, one.path, one.form) for one in found if one.who == like]
    for number, rule in enumerate(rules(place.app)):
        for turn in range(3):
            who = list(place.callers)[(number + 3 * turn) % len(place.callers)]
            found.append(Target(who, rule, known(place, who, rule)))
    random.Random(1).shuffle(found)
    return found


def fire(place: Town, aims: list[Target], number: int, seed: int) -> Tally:
    """So many requests, the same for the same seed. A tally says what was wrong, and enough to do it again."""
    tally, place.faults.seen[:] = Tally(), []
    before = rows(place)
    for shot in range(number):
        dice = random.Random(seed * 1_000_003 + shot)
        aim = aims[(seed + shot) % len(aims)]
        said, answer = _shoot(place, aim, dice)
        about = f"seed {seed} shot {shot}: {aim.who} {said}"
        tally.statuses[answer.status_code] += 1
        tally.callers[aim.who] += 1
        tally.kinds[said.partition(" ")[0]] += 1
        # Here no worker runs, and that is what a monitor is told.
        if answer.status_code >= 500 and (aim.rule.endpoint, answer.status_code) != ("health.ready", 503):
            tally.faults.append(f"{about}: {answer.status_code}\n" + "\n".join(place.faults.seen[-1:]))
        tally.canaries += [f"{about}: {mark}" for mark in foreign(place, aim, answer)]
        changed = answer.status_code < 400 and aim.method == "POST"
        if changed or shot % 50 == 49:
            tally.losses += [f"{about}: {lost}" for lost in losses(place, aim, before, rows(place))]
        if changed or answer.headers.getlist("Set-Cookie"):
            place.put_back()
    return tally


def _shoot(place: Town, aim: Target, dice: random.Random) -> tuple[str, TestResponse]:
    client, headers = _client(place, aim, dice)
    path, query = _address(place, aim, dice)
    sent, body = filled(dice, aim.form), Body("query", b"", "")
    method = aim.method if dice.random() < 0.95 else dice.choice(["GET", "POST", "HEAD", "PUT", "DELETE", "ONZIN"])
    if method == "GET" and aim.form:
        query = urlencode(sent)
    elif method != "GET" or dice.random() < 0.1:
        body = dice.choice(bodies.KINDS)(dice, sent)
    to = f"{path}?{query}" if query else path
    place.app.config["WTF_CSRF_ENABLED"] = dice.random() < 0.05
    answer = client.open(to, method=method, data=body.content, content_type=body.content_type, headers=headers)
    place.app.config["WTF_CSRF_ENABLED"] = False
    return f"{body.kind} {method} {to[:400]} {headers} {body.content_type} {body.content[:600]!r}", answer


def _client(place: Town, aim: Target, dice: random.Random) -> tuple[FlaskClient, dict[str, str]]:
    headers = {name: dice.choice(odd) for name, odd in HEADERS.items() if dice.random() < 0.06}
    if aim.who != "visitor" or dice.random() < 0.8:
        return place.callers[aim.who], headers
    cookies = "; ".join(f"{name}={dice.choice(COOKIES)}" for name in COOKIE_NAMES)
    return place.app.test_client(use_cookies=False), {**headers, "Cookie": cookies}


def _address(place: Town, aim: Target, dice: random.Random) -> tuple[str, str]:
    path, query = aim.path.partition("#")[0].partition("?")[::2]
    if aim.rule.arguments and dice.random() < (0.1 if aim.form else 0.3):
        own = place.season.theirs if aim.who in THEIRS else place.season.ours
        fit = {name: quote(str(value)) for name, value in values(aim.rule, place.season, own).items()}
        path = typed(aim.rule, {**fit, dice.choice(sorted(fit)): dice.choice(oddities.IN_PATHS)})
    if dice.random() < 0.2:
        query = urlencode([(dice.choice(QUERIES), dice.choice(oddities.ALL)) for _ in range(dice.randrange(1, 4))])
    return path, query


def filled(dice: random.Random, form: Form | None) -> list[tuple[str, str | bytes]]:
    """A form as its page gives it, with some answers left out, some repeated, and some odd."""
    if form is None:
        return [(dice.choice([*QUERIES, *FIELDS]), dice.choice(oddities.ALL)) for _ in range(dice.randrange(5))]
    sent: list[tuple[str, str | bytes]] = []
    for name in sorted(form.names):
        own = [value for field, value in form.fields if field == name]
        how = dice.choice(["own", "own", "own", "fit", "odd", "many", "absent"])
        if how == "own":
            sent += [(name, value) for value in own[:2] if value]
        elif how == "many":
            sent += [(name, dice.choice(oddities.ALL)) for _ in range(dice.randrange(2, 4))]
        elif how != "absent":
            sent.append((name, dice.choice(oddities.ALL if how == "odd" else oddities.FIT)))
    return sent if dice.random() < 0.8 else [*sent, (dice.choice(FIELDS), dice.choice(oddities.ALL))]


def garbled(dice: random.Random, told: Mapping[str, str]) -> Body:
    """What somebody might tell, most of it as it should be, in any kind of body but most often as a browser does."""
    sent: list[tuple[str, str | bytes]] = []
    for name, right in told.items():
        how = dice.choice(["right", "right", "right", "right", "odd", "many", "absent"])
        if how == "right" and right:
            sent.append((name, right))
        elif how in ("odd", "many"):
            sent += [(name, dice.choice(oddities.ALL)) for _ in range(1 + (how == "many"))]
    return dice.choice([bodies.urlencoded, bodies.urlencoded, *bodies.KINDS])(dice, sent)
