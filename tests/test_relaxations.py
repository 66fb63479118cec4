"""What a change would give is true: held against every plan of tiny problems."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import matcher
from matcher.domain import Problem, Size
from matcher.explain.causes import certain
from matcher.explain.personal import Personal
from matcher.model import Model
from tests import whatif
from tests.strategies import problems

pytestmark = pytest.mark.slow

SETTINGS = settings(
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@st.composite
def tiny(draw: st.DrawFn) -> Problem:
    """Four or five people, at most three groups, one seat each."""
    case = draw(problems(4, 5))
    rooms = tuple(replace(s, groups=min(s.groups, 2 - k)) for k, s in enumerate(case.sessions[:2]))
    size = draw(st.sampled_from([Size(1, 2, 3), Size(2, 2, 3), Size(2, 3, 4), Size(3, 3, 3)]))
    return replace(
        case,
        people=tuple(replace(p, max_meetings=None) for p in case.people),
        sessions=rooms,
        format=replace(case.format, series="single", rounds=1, size=size),
        facilitators=case.facilitators[:2],
    )


@settings(SETTINGS, max_examples=50)
@given(tiny())
def test_what_a_change_would_give_is_true(case: Problem) -> None:
    result = matcher.match(case, iterations=2_000)
    if not result.reasons:
        return
    most = len(whatif.best(case))
    search = [change["n"] for change in result.relaxations if change.key == "relaxation.search"]
    assert most - result.figures.placed == sum(search)
    for message in result.relaxations:
        if message.key == "relaxation.more":
            better = len(whatif.best(whatif.changed(case, message["change"])))
            assert better - most == message["n"], message
        elif message.key == "relaxation.nothing":
            for change in ("size", *(rule.title for rule in case.format.rules if rule.firm)):
                assert len(whatif.best(whatif.relaxed(case, change))) <= most, change


@settings(SETTINGS, max_examples=50)
@given(tiny())
def test_whoever_certainly_cannot_sit_sits_in_no_plan(case: Problem) -> None:
    personal = Personal(Model(case))
    for i, person in enumerate(case.people):
        if certain(personal, i):
            first = replace(person, priority=1000)
            wanted = replace(case, people=tuple(first if p is person else p for p in case.people))
            assert person.id not in whatif.best(wanted)
