"""The mean of a number."""

from fractions import Fraction

import pytest

from matcher.rules.even_mean import EvenMean
from tests.agreeing import agree, breached
from tests.builders import problem

TABLE = """
id  | skill
ann | 0
bo  | 4
cy  | 6,5
dan | 9.5
eve | 2
fay |
"""
TOLD = TABLE.replace("fay |\n", "")
NAME = "even_mean: skill"
DEFAULTS = {"within": 0.0, "step": 1.0}


def stated(case, rule):
    """Steps by which the sum of a group is beyond its size times the band around the mean of all."""
    told = {p: _number(case.told(p, rule.dimension)) for p in case.people}
    known = {p: x for p, x in told.items() if x is not None}
    if len(set(known.values())) < 2:
        return 0
    step, least = Fraction(str(rule.step)), min(known.values())
    steps = {p: round((x - least) / step) for p, x in known.items()}
    mean, within = Fraction(sum(steps.values()), len(steps)), Fraction(str(rule.within)) / step
    silent = [round(mean)] if len(known) < len(told) else []
    low, high = min([mean - within, *silent]), max([mean + within, *silent])
    sums = [(sum(steps.get(p, round(mean)) for p in g.people), len(g.people)) for g in case.groups]
    return float(sum(max(0, s - high * n, low * n - s) for s, n in sums))


def _number(told):
    answers = [a.replace(",", ".") for a in told]
    usable = len(answers) == 1 and answers[0].replace(".", "", 1).isdigit()
    return Fraction(answers[0]) if usable else None


FEW = TABLE.replace("bo  | 4\n", "").replace("eve | 2\n", "")


@pytest.mark.parametrize(
    ("table", "own"),
    [
        (FEW, {"within": 0.25, "step": 0.5}),
        (FEW.replace("fay |\n", ""), {}),
        (FEW.replace("fay |", "fay | much"), {"within": 1.5}),
        (FEW.replace("fay |", "fay | 6 7"), {"within": 0.5}),
    ],
)
def test_it_is_judged_as_stated_in_every_plan(table: str, own: dict[str, float]) -> None:
    agree(problem(table, EvenMean(dimension="skill", weight=0.5, **own)), NAME)


def test_a_firm_band_counts_steps() -> None:
    """Rounded to halves the mean is 4.4, so two people within 1 have 6.8 to 10.8 together."""
    case = problem(TOLD, EvenMean(dimension="skill", within=1.0, step=0.5, firm=True))
    assert breached(case, "s.1: bo cy") == {}
    assert breached(case, "s.1: ann cy")[NAME] == pytest.approx(0.6)
    assert breached(case, "s.1: ann eve")[NAME] == pytest.approx(9.6)


def test_who_told_nothing_costs_nothing() -> None:
    assert breached(problem(TABLE, EvenMean(dimension="skill", firm=True)), "s.1: fay") == {}
    assert breached(problem(TABLE, EvenMean(dimension="street", firm=True)), "s.1: ann dan") == {}


def test_wide_numbers_are_told_apart_in_coarser_steps() -> None:
    wide = "id | income\n" + "\n".join(f"p{i} | {i * 100_000}" for i in range(6))
    case = problem(wide, EvenMean(dimension="income", within=20_000, weight=1.0))
    assert breached(case, "s.1: p0 p5; s.2: p1 p4") == {}
    assert breached(case, "s.1: p0 p1; s.2: p4 p5")["even_mean: income"] > 0
