"""What a meal has to reckon with, counted over who takes part: for who does the shopping, without a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from config.texts import Texts
from web.rows import Series, Signup
from web.rows.people import SignupState
from web.services.plans import capacity


@dataclass(frozen=True, slots=True)
class Food:
    """How many people eat how, in the order of the settings, and their allergies as they wrote them."""

    people: int
    diets: tuple[tuple[Texts, int], ...]
    allergies: tuple[tuple[str, int], ...]


def food_of(session: Session, series: Series, settings: Settings) -> Food | None:
    """Over everybody who takes part; None where nobody eats together.

    These are no figures about people (promise 11) but a list for the kitchen: a single allergy counts.
    """
    if not settings.serves_meal(series.format):
        return None
    taking_part = Signup.series_id == series.id, Signup.state == SignupState.IN
    told = session.execute(
        select(Signup.diet, Signup.allergies).where(
            *taking_part, Signup.id.not_in(capacity.gave_back(session, series.id))
        )
    ).all()
    eaten = Counter(key for diet, _allergies in told for key in diet or ())
    allergic = Counter(allergies.casefold() for _diet, allergies in told if allergies)
    return Food(
        len(told),
        tuple((diet.texts, eaten[diet.key]) for diet in settings.diets if eaten[diet.key]),
        tuple(sorted(allergic.items())),
    )
