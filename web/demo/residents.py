"""Invented residents: who tends to answer what, skewed as sign-ups are, the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from web.rows import TimeSlot
from web.services.signups import Answers

Odds = dict[str, float]

NAMES = Path(__file__).with_name("names.txt").read_text("utf-8").split()
"""First names only, as residents give them; no more is ever asked."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Somebody's circumstances: how often they occur among sign-ups, and the odds of every answer."""

    share: float
    answers: dict[str, Odds]
    languages: dict[tuple[str, ...], float]


DUTCH: dict[tuple[str, ...], float] = {("nl",): 8, ("nl", "en"): 3, ("nl", "tr"): 1, ("nl", "ar"): 1}
KINDS = (
    Circumstances(
        38,
        {
            "age": {"61-75": 7, "76-plus": 3},
            "household": {"alone": 5, "partner": 5},
            "years_here": {"long": 9, "while": 1},
            "days": {"retired": 8, "volunteer": 3},
            "education": {"basic": 4, "vocational": 4, "higher": 3},
            "clubs": {"centre": 5, "association": 4, "nowhere": 2},
        },
        DUTCH,
    ),
    Circumstances(
        26,
        {
            "age": {"26-40": 5, "41-60": 5},
            "household": {"children": 9, "partner": 1},
            "years_here": {"while": 6, "long": 3, "new": 1},
            "days": {"work": 7, "home": 3},
            "education": {"vocational": 4, "higher": 5, "basic": 2},
            "clubs": {"school": 6, "sports": 4},
        },
        DUTCH,
    ),
    Circumstances(
        14,
        {
            "age": {"26-40": 6, "41-60": 4},
            "household": {"alone": 6, "partner": 3, "other": 2},
            "years_here": {"new": 6, "while": 4},
            "days": {"work": 9, "volunteer": 1},
            "education": {"higher": 7, "vocational": 3},
            "clubs": {"nowhere": 6, "sports": 4},
        },
        DUTCH,
    ),
    Circumstances(
        13,
        {
            "age": {"26-40": 6, "41-60": 4},
            "household": {"children": 5, "alone": 4, "partner": 2},
            "years_here": {"new": 8, "while": 3},
            "days": {"study": 4, "home": 4, "work": 3},
            "education": {"basic": 4, "vocational": 3, "higher": 4},
            "clubs": {"nowhere": 4, "centre": 4, "school": 3},
        },
        {("ar", "en"): 3, ("ar", "nl"): 3, ("uk", "en"): 2, ("ti", "nl"): 1, ("pl", "en"): 2, ("tr", "nl"): 2},
    ),
    Circumstances(
        9,
        {
            "age": {"15-25": 1},
            "household": {"parents": 7, "other": 3},
            "years_here": {"long": 5, "while": 3, "new": 3},
            "days": {"study": 8, "work": 3},
            "education": {"at-school": 6, "vocational": 3, "higher": 2},
            "clubs": {"sports": 6, "nowhere": 4},
        },
        DUTCH,
    ),
)
NEEDS: Odds = {"": 82, "step_free": 6, "childcare": 5, "transport": 4, "hearing_loop": 2, "quiet": 1}
DIETS: Odds = {"": 64, "vegetarian": 14, "halal": 9, "no_pork": 7, "vegan": 5, "kosher": 1}
ALLERGIES: Odds = {"": 93, "noten": 3, "gluten": 2, "melk": 2}
REACH: Odds = {"email": 52, "text": 20, "call": 14, "via": 9, "letter": 5}
CHANNEL: Odds = {"web": 62, "paper": 18, "phone": 11, "contact": 9}
INTERESTS = ("koken", "moestuin", "muziek", "wandelen", "sport", "spelletjes", "handwerk", "taal")


@dataclass(frozen=True, slots=True)
class Resident:
    """What somebody answers, and how it came in."""

    answers: Answers
    channel: str
    brings: bool
    """Comes with the one who signed up before, if they can."""


def invented(count: int, sessions: Sequence[TimeSlot], seed: int) -> Iterator[Resident]:
    """So many residents for these sessions."""
    random = Random(seed)
    for number, name in enumerate(random.sample(NAMES, count)):
        kind = random.choices(KINDS, [kind.share for kind in KINDS])[0]
        yield Resident(
            _answers(random, name, 100 * seed + number, kind, sessions), _one(random, CHANNEL), random.random() < 0.08
        )


def eating(residents: Iterable[Resident], seed: int) -> Iterator[Resident]:
    """The same people, signing up for a meal: who tells what they eat agrees that we keep it."""
    random = Random(seed)
    for one in residents:
        diet, allergy = _one(random, DIETS), _one(random, ALLERGIES)
        food = {"diet": (diet,) if diet else (), "allergies": allergy}
        agreed = one.answers.consents | ({"food"} if diet or allergy else set())
        yield replace(one, answers=one.answers.changed({**food, "consents": agreed}))


def _one(random: Random, odds: dict[Any, float]) -> Any:
    return random.choices(list(odds), list(odds.values()))[0]


def _answers(random: Random, name: str, number: int, kind: Circumstances, sessions: Sequence[TimeSlot]) -> Answers:
    able = random.sample([session.id for session in sessions], min(len(sessions), random.choice((1, 2, 2, 3, 3))))
    languages, need, consents = _one(random, kind.languages), _one(random, NEEDS), set()
    if random.random() < 0.88:
        consents.add("bubbles")
    if random.random() < 0.4:
        consents.add("next_time")
    if need:
        consents.add("needs")
    return Answers(
        name=name,
        **_contact(_one(random, REACH), number),
        sessions=frozenset(able),
        prefers=frozenset(able[:1] if random.random() < 0.5 else ()),
        languages=languages,
        language="nl" if "nl" in languages else "en",
        more={
            "needs": (need,) if need else (),
            "interests": tuple(random.sample(INTERESTS, random.choice((0, 1, 2, 2, 3)))),
        },
        # Nobody has to answer: about one question in eight is left open.
        bubbles={key: [_one(random, odds)] for key, odds in kind.answers.items() if random.random() < 0.87},
        consents=frozenset(consents),
    )


def _contact(reach: str, number: int) -> dict[str, Any]:
    """What leads nowhere: .example never exists, and +44 7700 900000 to 900999 are kept for films (Ofcom)."""
    if reach == "email":
        return {"reach": reach, "email": f"buur{number}@oefenwijk.example"}
    if reach in ("text", "call"):
        return {"reach": reach, "phone": f"+447700900{number % 1000:03}"}
    return {"reach": reach, "via": "Fatma van het buurthuis"}
