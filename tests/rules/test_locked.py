"""Decisions by hand."""

from datetime import datetime

import pytest

from matcher.domain import Lock, Session
from matcher.rules.locked import Locked
from tests.agreeing import agree, breached
from tests.builders import problem

pytestmark = pytest.mark.slow

TABLE = """
id  | max_meetings
ann |
bo  | 2
cy  | 2
dan |
"""
ROOMS = (Session("s", 2), Session("t", 1))
ROUNDS = (Session("s", 2, round=1), Session("t", 1, round=2))
HOURS = {"starts": (datetime(2026, 3, 3, 19),), "ends": (datetime(2026, 3, 3, 21),)}
LATER = {"starts": (datetime(2026, 3, 3, 20),), "ends": (datetime(2026, 3, 3, 22),)}
CHOICES = {
    "a session": [Lock("ann", "s")],
    "a group": [Lock("ann", "s", 2), Lock("bo", "s", 1)],
    "a group that does not exist": [Lock("ann", "s", 3)],
    "two sessions": [Lock("bo", "s", 2), Lock("bo", "t"), Lock("ann", "t"), Lock("ann", "s")],
    "either group": [Lock("ann", "s", 1), Lock("ann", "s", 2), Lock("bo", "s"), Lock("bo", "s", 2)],
    "a fixed group": [Lock("ann", "s", 1), Lock("bo", "s", 1), Lock("dan", "s"), Lock(None, "s", 1)],
    "a fixed session": [Lock("ann", "s", 1), Lock("bo", "s"), Lock(None, "s")],
    "strangers": [Lock("nobody", "s", 1), Lock("ann", "nowhere"), Lock(None, "nowhere", 1), Lock("ann", "t")],
}


@pytest.mark.parametrize("locks", CHOICES.values(), ids=CHOICES.keys())
def test_it_is_judged_as_stated_in_every_plan(locks: list[Lock]) -> None:
    agree(problem(TABLE, sessions=ROOMS, locks=locks), "locked")


@pytest.mark.parametrize("rooms", [ROOMS, ROUNDS], ids=["in one round", "in two"])
def test_it_is_judged_as_stated_in_rounds(rooms: tuple[Session, ...]) -> None:
    locks = [Lock("ann", "s", 2), Lock("bo", "t"), Lock("dan", "s"), Lock("dan", "t"), Lock(None, "s", 2)]
    agree(problem(TABLE, sessions=rooms, locks=locks, series="rounds", rounds=2), "locked")


def test_it_is_judged_as_stated_where_sessions_overlap() -> None:
    rooms = (Session("s", 2, **HOURS), Session("t", 1, **LATER))
    agree(problem(TABLE, sessions=rooms, locks=[Lock("bo", "s"), Lock("cy", "t", 1)]), "locked")


def test_a_lock_keeps_away_from_other_sessions_only_if_one_cannot_do_both() -> None:
    case = problem(TABLE, sessions=ROOMS, locks=[Lock("ann", "s"), Lock("bo", "s")])
    assert breached(case, "t.1: ann bo") == {"locked": 1}


def test_who_comes_to_every_round_is_locked_in_one_of_them() -> None:
    rounds = problem(TABLE, sessions=ROUNDS, locks=[Lock("ann", "s")], series="rounds", rounds=2)
    assert breached(rounds, "s.1: ann; t.1: ann") == {}


def test_a_locked_person_may_still_be_left_out() -> None:
    assert breached(problem(TABLE, locks=[Lock("ann", "s", 1)]), "s.1: bo; s.2: cy") == {}


def test_nobody_joins_a_fixed_group_and_its_people_may_leave_it() -> None:
    case = problem(TABLE, locks=[Lock("ann", "s", 1), Lock("bo", "s", 1), Lock(None, "s", 1)])
    assert breached(case, "s.1: ann; s.2: cy dan") == {}
    assert breached(case, "s.1: ann bo cy dan") == {"locked": 1}


def test_a_named_rule_without_weight_switches_it_off() -> None:
    case = problem(TABLE, Locked(), locks=[Lock("ann", "s", 1), Lock(None, "s", 2)])
    assert breached(case, "s.2: ann bo") == {}
