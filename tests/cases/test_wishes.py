"""What people and organisers could not ask for, and now can; judged from the plan alone."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations

import pytest

from matcher.checking import check
from matcher.domain import Format, Group, Participant, Plan, Problem, Session, Size
from matcher.report.rulebook import states
from matcher.rules.count import Count
from matcher.rules.even_mean import EvenMean
from matcher.rules.few_tables import FewTables
from matcher.rules.wishes import Wishes
from matcher.words import words
from tests.cases import case, match

pytestmark = pytest.mark.slow


def sizes(plan: Plan) -> dict[str, list[int]]:
    found = defaultdict(list)
    for group in plan.groups:
        found[group.session].append(len(group.people))
    return {session: sorted(many) for session, many in found.items()}


def meetings(plan: Plan) -> Counter[frozenset[str]]:
    return Counter(frozenset(pair) for g in plan.groups for pair in combinations(g.people, 2))


# Meeting again


def test_the_figures_of_meeting_again_agree() -> None:
    result = match(case("k01_pairs_6x8_w1"))
    again = sum(n - 1 for n in meetings(result.plan).values())
    assert again == result.figures.met_again == 9
    assert sum(breach.rule == "met_before" for breach in result.breaches) == again


def test_nobody_meets_a_third_time_while_others_could_a_second() -> None:
    """24 meetings over 15 pairs; over four rounds more six pairs have to meet three times."""
    eight = case("k02_pairs_6x8_w3")
    assert Counter(meetings(match(eight).plan).values()) == {2: 9, 1: 6}
    more = tuple(Session(f"t{k}", 3, round=k) for k in range(9, 13))
    twelve = replace(eight, sessions=eight.sessions + more, format=replace(eight.format, rounds=12))
    assert Counter(meetings(match(twelve).plan).values()) == {3: 6, 2: 9}


@pytest.mark.parametrize("often", [2, 9, 30])
def test_who_met_more_often_is_parted_first(often: int) -> None:
    """Every pair of the four met; a and c, and b and d most often."""
    base = case("u26_times_met")
    met = {pair: often if n == 9 else n for pair, n in base.met.items()}
    plan = match(replace(base, met=met)).plan
    assert not meetings(plan).keys() & {frozenset("ac"), frozenset("bd")}


def test_companies_that_met_are_parted_by_all_their_meetings() -> None:
    """Two pairs of buddies each: of the pairs between them four meetings are worse than two."""
    people = [Participant(p, buddies=frozenset({q})) for p, q in ("ab", "ba", "cd", "dc", "ef", "fe", "gh", "hg")]
    met = {("a", "c"): 1, ("a", "d"): 1, ("b", "c"): 1, ("b", "d"): 1, ("e", "g"): 4}
    met |= {("a", "e"): 1, ("c", "g"): 1, ("a", "g"): 2, ("c", "e"): 2}
    plan = match(Problem(tuple(people), (Session("s", 2),), Format(size=Size(4, 4, 4)), met=met)).plan
    assert {group.people for group in plan.groups} == {tuple("abef"), tuple("cdgh")}


# Times


def test_everybody_gets_their_first_choice() -> None:
    ranked = case("u41_ranked_slots")
    first = {p.id: p.prefers[0] for p in ranked.people}
    assert all(group.session == first[p] for p, group in match(ranked).plan.seats())


def test_a_set_of_times_is_all_the_same() -> None:
    ranked = case("u41_ranked_slots")
    alike = replace(ranked, people=tuple(replace(p, prefers=frozenset(p.prefers)) for p in ranked.people))
    second = Plan(
        tuple(Group(s, 1, tuple(p.id for p in ranked.people if p.prefers[1] == s), "nl") for s in ("di", "ma"))
    )
    assert [b.amount for b in check(alike, second).breaches] == []
    assert [b.amount for b in check(ranked, second).breaches] == [0.5] * len(ranked.people)


# Sizes of a session


def test_tables_of_two_beside_tables_of_eight() -> None:
    base = case("u46_table_of_two_and_eights")
    bank, tables = sorted(base.sessions, key=lambda s: s.id)
    own = replace(base, sessions=(replace(bank, min=2, target=2, max=2), replace(tables, min=8)))
    assert sizes(match(own).plan) == {"bank": [2, 2], "tafels": [8, 8, 8]}


def test_a_larger_table_than_the_format_has() -> None:
    people = tuple(Participant(f"p{i:02}", {"d": frozenset({"ab"[i % 2]})}) for i in range(20))
    halls = (Session("big", 1, min=12, max=14), Session("small", 2))
    result = match(Problem(people, halls, Format(size=Size(3, 4, 4), bridging={"d": 1.0})))
    assert result.figures.placed == 20
    assert sizes(result.plan)["big"][0] in (12, 13, 14)
    assert all(3 <= n <= 4 for n in sizes(result.plan)["small"])


def test_two_groups_of_120() -> None:
    result = match(case("u09_two_halves_of_120"), 20_000)
    assert sizes(result.plan) == {"ab": [120, 120]}


def test_an_online_group_holds_six_unless_its_session_says_otherwise() -> None:
    base = case("u47_online_limit")
    result = match(base)
    assert sizes(result.plan) == {"zoom": [6, 6, 6]}
    assert {"6 people" in words("en").say(reason.why) for reason in result.reasons} == {True}
    eight = replace(base, sessions=(replace(base.sessions[0], max=8),))
    assert sizes(match(eight).plan) == {"zoom": [8, 8, 8]}


# Who is at a table


def test_courses_are_halved() -> None:
    courses = case("t11b_courses_firm")
    result = match(courses)
    assert result.figures.placed == 40
    for bubble in {b for p in courses.people for b in p.bubbles["vak"]}:
        holders = {p.id for p in courses.people if bubble in p.bubbles["vak"]}
        one, other = (len(holders & set(group.people)) for group in result.plan.groups)
        assert abs(one - other) <= 1


def test_classes_with_equal_marks() -> None:
    base = case("u20_equal_score_classes")
    even = EvenMean(dimension="cijfer", within=0.05, weight=1.0)
    result = match(replace(base, format=replace(base.format, rules=(*base.format.rules, even))), 2_000_000)
    mark = {p.id: int(next(iter(p.bubbles["cijfer"]))) for p in base.people}
    means = [sum(mark[p] for p in group.people) / len(group.people) for group in result.plan.groups]
    assert result.figures.placed == 60
    assert max(means) - min(means) <= 0.1 + 1e-9


def test_a_helper_at_every_table() -> None:
    """Six helpers among 36 people: one or two at each, and 40% of an old bubble."""
    people = tuple(
        Participant(f"p{i:02}", {"role": frozenset({"helper" if i < 6 else "guest"}), "d": frozenset({"xyz"[i % 3]})})
        for i in range(36)
    )
    rules = (Count(dimension="role", bubble="helper", min=1, max=2, firm=True),)
    rules += (Count(dimension="d", bubble="x", min_share=0.3, max_share=0.4, firm=True),)
    result = match(Problem(people, (Session("s", 6),), Format(size=Size(5, 6, 7), bridging={"d": 1.0}, rules=rules)))
    assert result.figures.placed == 36
    for group in result.plan.groups:
        helpers = sum(int(p[1:]) < 6 for p in group.people)
        share = sum(int(p[1:]) % 3 == 0 for p in group.people) / len(group.people)
        assert 1 <= helpers <= 2
        assert 0.3 <= share <= 0.4


@pytest.mark.parametrize("rule", [Wishes(firm=True), Wishes(weight=1.0)])
def test_one_wish_of_everybody_comes_true(rule: Wishes) -> None:
    """A ring of 24 in which everybody names three who follow; most also name the most popular one."""
    ring = [f"p{i:02}" for i in range(24)]
    named = {
        p: frozenset([ring[(i + k) % 24] for k in (5, 7, 11)] + ["p00"] * (i % 3 > 0)) - {p} for i, p in enumerate(ring)
    }
    people = tuple(Participant(p, {"d": frozenset({"xy"[i % 2]})}, wishes=named[p]) for i, p in enumerate(ring))
    recipe = Format(size=Size(3, 4, 4), bridging={"d": 0.2}, rules=(rule,))
    result = match(Problem(people, (Session("s", 6),), recipe), 400_000)
    assert result.figures.placed == 24
    assert all(named[p] & set(group.people) for p, group in result.plan.seats())


def test_a_street_together_and_everything_else_mixed() -> None:
    """Six streets of four at tables of eight: two streets a table, and four ages at each."""
    people = tuple(
        Participant(f"p{i:02}", {"street": frozenset({f"s{i % 6}"}), "age": frozenset({f"a{i // 6}"})})
        for i in range(24)
    )
    recipe = Format(size=Size(8, 8, 8), bridging={"age": 1.0}, rules=(FewTables(dimension="street", weight=5.0),))
    result = match(Problem(people, (Session("s", 3),), recipe))
    tables = {s: {g.number for p, g in result.plan.seats() if int(p[1:]) % 6 == s} for s in range(6)}
    assert [len(at) for at in tables.values()] == [1] * 6
    assert all(Counter(int(p[1:]) // 6 for p in g.people) == dict.fromkeys(range(4), 2) for g in result.plan.groups)


def test_the_report_and_the_advice_know_the_sizes_of_a_session() -> None:
    """Nobody is told that groups may be smaller where the session itself says how small."""
    people = tuple(Participant(f"p{i}") for i in range(5))
    problem = Problem(people, (Session("s", 1, min=2, target=3, max=3),), Format(size=Size(4, 5, 6)))
    result = match(problem)
    assert sizes(result.plan) == {"s": [3]}
    assert [words("en").say(change) for change in result.relaxations] == ["One more group in s would place 2 more."]
    assert states(words("en"), problem, result)[0].about == "A group has 2 to 3 people, preferably 3."
