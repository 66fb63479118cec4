"""From the cells of a row to the answers of a person, with the checks and the sentences of the web form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from config import Settings
from web.identity import phones
from web.identity.faults import NoText
from web.rows import Signup
from web.services.signups import CONSENT, CONSENTS, Answers, told_by
from web.services.signups.importing.cells import FilledCells, quoted
from web.services.signups.importing.columns import DIMENSION, NO, YES
from web.signup_fields import FIELDS, NEEDED, Kind, SignupField

CHANNEL = "import"
"""How somebody signed up when the file does not say so."""
_LISTS = (Kind.CHOICES, Kind.TIMES, Kind.BUBBLES, Kind.CONSENT)


@dataclass(frozen=True, slots=True)
class RowAnswers:
    """What a row says, and how it reached the organiser: the channel of its consents."""

    answers: Answers
    channel: str


def told(cells: FilledCells, settings: Settings, sessions: frozenset[int], before: Signup | None) -> RowAnswers | None:
    """What a row says; an empty cell leaves what was told `before`, and is every time of `sessions` for a newcomer.

    None if anything is wrong with it.
    """
    given = _given(cells, settings)
    base = told_by(before) if before else None
    _ahead(cells, given, sessions | (base.sessions if base else frozenset()))
    if base is None:
        _require(cells, given)
    if cells.faults:
        return None
    start = base or Answers(name=given["name"], reach=given["reach"], sessions=sessions)
    answers = _combined(start, given, cells, settings)
    _consistent(cells, answers)
    channel = cells.one("channel") or CHANNEL
    return None if cells.faults else RowAnswers(answers, channel)


def _given(cells: FilledCells, settings: Settings) -> dict[str, Any]:
    """The filled cells as answers."""
    asked = [one for one in FIELDS if one.key in cells.columns]
    said: dict[str, Any] = {one.key: _single(one, cells, settings) for one in asked if one.kind not in _LISTS}
    said |= {one.key: cells.many(one.key) for one in asked if one.kind is Kind.CHOICES}
    said |= {one.key: _ids(cells.many(one.key)) for one in asked if one.kind is Kind.TIMES}
    if phone := said.get("phone"):
        said |= {"phone": phone.number, "phone_note": phone.note}
    if not said["reach"] and "reach" not in cells.said:
        said["reach"] = _first_way(said)
    return {key: value for key, value in said.items() if value is not None}


def _single(asked: SignupField, cells: FilledCells, settings: Settings) -> Any:
    most = asked.most(settings.limits)
    match asked.kind:
        case Kind.CHOICE:
            return cells.one(asked.key)
        case Kind.YES_NO:
            return {YES: True, NO: False}.get(cells.one(asked.key) or "")
        case Kind.NUMBER:
            return cells.number(asked.key, most)
        case Kind.EMAIL:
            return cells.email(asked.key, most)
        case Kind.PHONE:
            return cells.phone(asked.key, most)
    return cells.text(asked.key, most, lines=asked.kind is Kind.LINES)


def _ahead(cells: FilledCells, given: Mapping[str, Any], known: frozenset[int]) -> None:
    """Nobody can come at a time that began or does not take place; who chose it before keeps it."""
    for key in ("sessions", "prefers"):
        for late in sorted(given.get(key, frozenset()) - known):
            said, why = quoted(cells.columns[key].shown(str(late))), _("Deze tijd is voorbij of gaat niet door.")
            cells.fault(key, said, _("%(why)s Kies een andere tijd.", why=why))


def _ids(values: tuple[str, ...] | None) -> frozenset[int] | None:
    return frozenset(map(int, values)) if values else None


def _first_way(said: dict[str, Any]) -> str | None:
    """Without a word about it: the first way that is filled in; the others are kept beside it.

    Whether a number takes texts, nobody said: we call.
    """
    ways = (("email", "email"), ("phone", "call"), ("via", "via"))
    return next((way for key, way in ways if said[key]), None)


def _require(cells: FilledCells, given: dict[str, Any]) -> None:
    if "name" not in given and "name" not in cells.wrong:
        cells.fault("name", _("De voornaam ontbreekt."), _("Vul een voornaam in."))
    if "reach" not in given and cells.wrong.isdisjoint(("reach", "email", "phone", "via")):
        options = " | ".join(option.said[0] for option in cells.columns["reach"].options)
        cells.fault("reach", _("Hier staat niet hoe we iemand bereiken."), _("Kies uit: %(options)s", options=options))


def _combined(start: Answers, given: dict[str, Any], cells: FilledCells, settings: Settings) -> Answers:
    bubbles = {**start.bubbles, **_bubbles(cells, settings)}
    answers = start.changed({**given, "bubbles": bubbles, "consents": _consents(cells, start.consents)})
    if "sessions" in given and "prefers" not in given:
        answers = answers.changed({"prefers": answers.prefers & answers.sessions})
    return answers.changed({"language": _letters(given, start.language, settings)})


def _bubbles(cells: FilledCells, settings: Settings) -> dict[str, list[str]]:
    said = {}
    for key in (d.key for d in settings.dimensions if not d.special):
        column = cells.columns[DIMENSION + key]
        if column.several:
            said[key] = list(cells.many(column.key) or ())
        else:
            said[key] = [value for value in [cells.one(column.key)] if value]
    return {key: values for key, values in said.items() if values}


def _consents(cells: FilledCells, before: frozenset[str]) -> frozenset[str]:
    """Off unless somebody said yes; a change without a word keeps what was said (promise 5)."""
    said = {kind: cells.one(CONSENT + kind) for kind in CONSENTS if CONSENT + kind in cells.columns}
    return (before | {k for k, v in said.items() if v == YES}) - {k for k, v in said.items() if v == NO}


def _letters(given: dict[str, Any], before: str, settings: Settings) -> str:
    """Who speaks no Dutch gets letters in a language of the screens that they do speak."""
    spoken = given.get("languages", ())
    if not spoken or before in spoken:
        return before
    return next((code for code in settings.languages if code in spoken), before)


def _consistent(cells: FilledCells, answers: Answers) -> None:
    contact = answers.contact()
    needed = NEEDED[answers.reach]
    if needed not in contact:
        way = cells.columns["reach"].shown(answers.reach)
        cells.fault(needed, _("Dit is leeg, en het bereik is %(way)s.", way=way), _right(needed))
    if answers.reach == "text" and answers.phone and not phones.read(answers.phone).texts:
        cells.fault("phone", quoted(answers.phone), _(NoText.sentence))
    if stray := sorted(answers.prefers - answers.sessions):
        shown = cells.columns["prefers"].shown(str(stray[0]))
        cells.fault("prefers", quoted(shown), _("Kies alleen tijden die ook bij ‘%(name)s’ staan.", name=_("tijden")))


def _right(key: str) -> str:
    return {
        "email": _("Vul een heel e-mailadres in. Bijvoorbeeld: naam@voorbeeld.nl"),
        "phone": _("Vul een heel telefoonnummer in. Bijvoorbeeld: 06 12345678"),
        "via": _("Vul in bij wie of via wie iemand bericht krijgt."),
    }[key]
