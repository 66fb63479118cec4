"""Quotas that no panel meets: which lines collide, and what would help."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.lottery import Quota, lottery
from matcher.messages import Message
from matcher.words import words
from tests.lottery import oracle
from tests.lottery.cases import BUBBLES, People, people, quotas

FOLK = people("""
    id      | age   | side
    Amina   | young | north
    Bart    | old   | north
    Chantal | old   | south
    Dirk    | old   | south
    Emre    |       | south
""")


def said(reasons: tuple[Message, ...]) -> tuple[str, ...]:
    return tuple(map(words("en").say, reasons))


def test_a_line_that_asks_for_more_than_came() -> None:
    result = lottery(FOLK, quotas("age young 2-3\nside south 0-3"), 3)
    assert not result.feasible
    assert result.clash == (Quota("age", "young", 2, 3),)
    assert result.relaxations == ((Quota("age", "young", 1, 3),),)
    assert said(result.reasons) == (
        "No panel of 3 from these people can have age 'young' 2 to 3.",
        "It becomes possible if the minimum of age 'young' is lowered from 2 to 1.",
    )


def test_lines_that_collide() -> None:
    result = lottery(FOLK, quotas("age old 3-3\nage young 0-1\nside north 0-0"), 3)
    assert result.clash == (Quota("age", "old", 3, 3), Quota("side", "north", 0, 0))
    assert result.relaxations == ((Quota("age", "old", 2, 3),), (Quota("side", "north", 0, 1),))
    assert said(result.reasons) == (
        "No panel of 3 from these people can have all of: age 'old' 3 to 3, side 'north' 0 to 0.",
        "With any one of these lines left out, the others do not clash.",
        "It becomes possible if the minimum of age 'old' is lowered from 3 to 2.",
        "It becomes possible if the maximum of side 'north' is raised from 0 to 1.",
    )


def test_two_clashes_need_two_changes() -> None:
    result = lottery(FOLK, quotas("age young 2-9\nside north 99-99"), 3)
    assert len(result.clash) == 1
    assert result.relaxations == ((Quota("age", "young", 1, 9), Quota("side", "north", 2, 99)),)
    assert said(result.reasons)[1:] == (
        "No change of a single line is enough.",
        "It becomes possible if the minimum of age 'young' is lowered from 2 to 1"
        " and the minimum of side 'north' is lowered from 99 to 2.",
    )


@st.composite
def tight(draw: st.DrawFn) -> tuple[People, list[Quota], int]:
    told = st.fixed_dictionaries({d: st.sampled_from([*bubbles, None]) for d, bubbles in BUBBLES.items()})
    folk = {f"p{i}": draw(told) for i in range(draw(st.integers(2, 7)))}
    lines = sorted({(d, b) for person in folk.values() for d, b in person.items() if b is not None})
    assume(lines)
    spans = st.tuples(st.integers(0, 3), st.integers(0, 1))
    chosen = draw(st.lists(st.sampled_from(lines), unique=True, min_size=1))
    asked = [Quota(d, b, low, low + more) for d, b in chosen for low, more in [draw(spans)]]
    return folk, asked, draw(st.integers(1, len(folk)))


def possible(folk: People, lines: list[Quota], places: int) -> bool:
    return bool(oracle.panels(folk, lines, places))


def changed(lines: list[Quota], way: tuple[Quota, ...]) -> list[Quota]:
    new = {line.name: line for line in way}
    return [new.get(line.name, line) for line in lines]


def milder(line: Quota, old: Quota) -> Quota:
    """One step back from a change."""
    return replace(line, min=line.min + 1) if line.min < old.min else replace(line, max=line.max - 1)


@settings(max_examples=100, deadline=None)
@given(tight())
def test_the_clash_is_irreducible_and_every_way_out_is_one(pool: tuple[People, list[Quota], int]) -> None:
    folk, lines, places = pool
    result = lottery(folk, lines, places)
    assert result.feasible == possible(folk, lines, places)
    if result.feasible:
        assert not (result.reasons or result.clash or result.relaxations)
        return
    assert not possible(folk, list(result.clash), places)
    for line in result.clash:
        assert possible(folk, [other for other in result.clash if other != line], places)
    assert result.relaxations
    old = {line.name: line for line in lines}
    sizes = [sum(old[q.name].min - q.min + q.max - old[q.name].max for q in way) for way in result.relaxations]
    assert sizes == sorted(sizes)
    for way in result.relaxations:
        assert possible(folk, changed(lines, way), places)
        for line in way:
            less = [*(other for other in way if other != line), milder(line, old[line.name])]
            assert not possible(folk, changed(lines, tuple(less)), places)


@settings(max_examples=60, deadline=None)
@given(tight())
def test_no_single_way_out_is_left_untold(pool: tuple[People, list[Quota], int]) -> None:
    folk, lines, places = pool
    result = lottery(folk, lines, places)
    assume(not result.feasible)
    helped = {way[0].name for way in result.relaxations if len(way) == 1}
    for line in lines:
        wide = replace(line, min=0, max=places)
        assert possible(folk, changed(lines, (wide,)), places) == (line.name in helped)
