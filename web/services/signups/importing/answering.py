"""From the cells of a row to the answers of a person, with the checks and the sentences of the web form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from config import Settings
from web.rows import Signup
from web.services.plans.problem import bubbles_of
from web.services.signups import CONSENTS, Answers
from web.services.signups.importing.cells import Cells, quoted
from web.services.signups.importing.columns import DIMENSION, NO, YES

CHANNEL = "import"
"""How somebody signed up when the file does not say so."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says, and how it reached the organiser: the channel of its consents."""

    answers: Answers
    channel: str


def told(cells: Cells, settings: Settings, sessions: frozenset[int], before: Signup | None) -> Told | None:
    """What a row says; an empty cell leaves what was told `before`. None if anything is wrong with it."""
    given = _given(cells, settings)
    base = answers_before(before) if before else None
    if base is None:
        _require(cells, given)
    if cells.faults:
        return None
    start = base or Answers(name=given["name"], reach=given["reach"], sessions=sessions)
    answers = _combined(start, given, cells, settings)
    _consistent(cells, answers)
    channel = cells.one("channel") or CHANNEL
    return None if cells.faults else Told(answers, channel)


def answers_before(signup: Signup) -> Answers:
    """What is stored, as answers."""
    contact = signup.contact or {}
    latest = {consent.kind: consent.given for consent in sorted(signup.consents, key=lambda c: (c.at, c.id))}
    return Answers(
        name=signup.name,
        reach=signup.reach,
        sessions=frozenset(a.session_id for a in signup.availability),
        email=contact.get("email"),
        phone=contact.get("phone"),
        via=contact.get("via", ""),
        prefers=frozenset(a.session_id for a in signup.availability if a.prefers),
        languages=tuple(signup.languages),
        needs=tuple(signup.needs),
        note=signup.note or "",
        interests=tuple(signup.interests),
        bubbles=bubbles_of(signup),
        buddy=signup.buddy or "",
        consents=frozenset(kind for kind in CONSENTS if latest.get(kind)),
        language=signup.language,
    )


def _given(cells: Cells, settings: Settings) -> dict[str, Any]:
    """The filled cells as fields of Answers."""
    limits = settings.limits
    said: dict[str, Any] = {
        "name": cells.text("name", limits.name_length),
        "reach": cells.one("reach"),
        "email": cells.email("email", limits.contact_length),
        "phone": cells.phone("phone", limits.contact_length),
        "via": cells.text("via", limits.contact_length),
        "note": cells.text("note", limits.note_length, lines=True),
        "buddy": cells.text("buddy", limits.name_length),
        **{key: cells.many(key) for key in ("languages", "needs", "interests") if key in cells.columns},
        **{key: _ids(cells.many(key)) for key in ("sessions", "prefers")},
    }
    if not said["reach"] and "reach" not in cells.said:
        said["reach"] = _only_way(said)
    return {key: value for key, value in said.items() if value is not None}


def _ids(values: tuple[str, ...] | None) -> frozenset[int] | None:
    return frozenset(map(int, values)) if values else None


def _only_way(said: dict[str, Any]) -> str | None:
    """Without a word about it: the one way that is filled in. Whether a number takes texts, nobody said: we call."""
    ways = [way for key, way in (("email", "email"), ("phone", "call"), ("via", "via")) if said[key]]
    return ways[0] if len(ways) == 1 else None


def _require(cells: Cells, given: dict[str, Any]) -> None:
    if "name" not in given and "name" not in cells.wrong:
        cells.fault("name", _("De voornaam ontbreekt."), _("Vul een voornaam in."))
    if "reach" not in given and cells.wrong.isdisjoint(("reach", "email", "phone", "via")):
        options = " | ".join(option.said[0] for option in cells.columns["reach"].options)
        cells.fault("reach", _("Hier staat niet hoe we iemand bereiken."), _("Kies uit: %(options)s", options=options))


def _combined(start: Answers, given: dict[str, Any], cells: Cells, settings: Settings) -> Answers:
    bubbles = {**start.bubbles, **_bubbles(cells, settings)}
    answers = replace(start, **given, bubbles=bubbles, consents=_consents(cells, start.consents))
    if "sessions" in given and "prefers" not in given:
        answers = replace(answers, prefers=answers.prefers & answers.sessions)
    return replace(answers, language=_letters(given, start.language, settings))


def _bubbles(cells: Cells, settings: Settings) -> dict[str, list[str]]:
    said = {}
    for key in (d.key for d in settings.dimensions if not d.special):
        column = cells.columns[DIMENSION + key]
        if column.several:
            said[key] = list(cells.many(column.key) or ())
        else:
            said[key] = [value for value in [cells.one(column.key)] if value]
    return {key: values for key, values in said.items() if values}


def _consents(cells: Cells, before: frozenset[str]) -> frozenset[str]:
    """Off unless somebody said yes; a change without a word keeps what was said (promise 5)."""
    said = {kind: cells.one(f"consent_{kind}") for kind in CONSENTS}
    return (before | {k for k, v in said.items() if v == YES}) - {k for k, v in said.items() if v == NO}


def _letters(given: dict[str, Any], before: str, settings: Settings) -> str:
    """Who speaks no Dutch gets letters in a language of the screens that they do speak."""
    spoken = given.get("languages", ())
    if not spoken or before in spoken:
        return before
    return next((code for code in settings.languages if code in spoken), before)


def _consistent(cells: Cells, answers: Answers) -> None:
    contact = answers.contact()
    needed = {"email": "email", "text": "phone", "call": "phone", "letter": "via", "via": "via"}[answers.reach]
    if needed not in contact:
        way = cells.columns["reach"].shown(answers.reach)
        cells.fault(needed, _("Dit is leeg, en het bereik is %(way)s.", way=way), _right(needed))
    if stray := sorted(answers.prefers - answers.sessions):
        shown = cells.columns["prefers"].shown(str(stray[0]))
        cells.fault("prefers", quoted(shown), _("Kies alleen tijden die ook bij ‘%(name)s’ staan.", name=_("tijden")))


def _right(key: str) -> str:
    return {
        "email": _("Vul een heel e-mailadres in. Bijvoorbeeld: naam@voorbeeld.nl"),
        "phone": _("Vul een heel telefoonnummer in. Bijvoorbeeld: 06 12345678"),
        "via": _("Vul in bij wie of via wie iemand bericht krijgt."),
    }[key]
