"""People who speak for an organisation."""

from matcher.rules.one_per_organisation import OnePerOrganisation
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | organisation
ann | one
bo  | one
cy  | one
dan | two
eve | two
fay |
"""


def test_it_is_judged_as_stated_in_every_plan() -> None:
    agree(problem(TABLE, OnePerOrganisation(firm=True), OnePerOrganisation(weight=0.5)), "one_per_organisation")


def test_all_but_the_first_are_too_many() -> None:
    case = problem(TABLE, OnePerOrganisation(firm=True))
    assert breached(case, "s.1: ann dan fay; s.2: bo eve") == {}
    assert breached(case, "s.1: ann bo cy dan eve") == {"one_per_organisation": 3}


def test_it_holds_only_where_it_is_named() -> None:
    assert breached(problem(TABLE), "s.1: ann bo cy") == {}
