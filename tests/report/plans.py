"""Problems with a plan made by hand, from ordinary to nasty, and results to report on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from matcher.checking import check
from matcher.domain import Facilitator, Format, Group, Participant, Plan, Problem, Session, Size
from matcher.messages import BubbleName, DimensionName, Message, NeedKey, SessionId
from matcher.outcome import Bounds, Phase, Reason, Result
from matcher.rules import KNOWN
from matcher.terms import Rule

FACTS = {
    "seed": 7,
    "iterations": 1_234_567,
    "seconds": 9.87,
    "input_sha256": "ab" * 32,
    "format_sha256": "cd" * 32,
    "versions": {"python": "3.11.7", "re-bubbelen": "0.1.0"},
    "created": "2027-01-02T09:05:00",
}
FULL = Message.of("fate.none", why=Message.of("reason.full", people=21, seats=14))
MORE_GROUPS = Message.of("help.change", change=Message.of("change.group", session=SessionId("mon")))
EVENING = datetime(2027, 1, 11, 19, 0)
Case = tuple[Problem, Result]


def evening(id: str, groups: int, day: int = 0, round: int = 1, venue: str = "De Brink") -> Session:
    start = EVENING + timedelta(days=day)
    access = frozenset({"ringleiding"})
    return Session(id, groups, round, (start,), (start + timedelta(hours=2.5),), venue, access=access)


def result(problem: Problem, groups: Iterable[Group], **others: object) -> Result:
    plan = Plan(tuple(sorted(groups)))
    told = check(problem, plan)
    f = told.figures
    bounds = Bounds(
        f.people, f.people, f.seats + 1, f.bridging * 1.05, f.distinct_pairs + 3, quality=f.quality + f.bridging * 0.05
    )
    phases = (Phase("search", 1.5, 1000, f.placed, f.bridging),)
    made = Result(plan, f, bounds, told.breaches, (), (), (), phases, 7, 1_234_567, 9.87, "seconds")
    return replace(made, **others)  # type: ignore[arg-type]


def rule(name: str, **keys: object) -> Rule:
    return KNOWN[name](**keys)  # type: ignore[arg-type]


def people(count: int, bubbles: Sequence[str], dimension: str = "age_band") -> list[Participant]:
    each = (frozenset({bubbles[i % len(bubbles)]}) for i in range(count))
    return [Participant(f"p{i:03}", {dimension: held}) for i, held in enumerate(each)]


def seated(session: str, ids: Sequence[str], size: int, **others: str) -> list[Group]:
    return [Group(session, i // size + 1, tuple(sorted(ids[i : i + size])), **others) for i in range(0, len(ids), size)]


def ordinary() -> Case:
    cast = people(21, ["under 25", "25-64", "65+"])
    cast[0] = replace(cast[0], needs=frozenset({"ringleiding"}), buddies=frozenset({"p001"}))
    cast[3] = replace(cast[3], languages=frozenset({"nl", "ar"}))
    rules = (rule("never_alone", dimension="age_band", firm=True), rule("balance", weight=2.0))
    format = Format("dialoog", facilitator="optional", bridging={"age_band": 1.0}, rules=rules)
    problem = Problem(tuple(cast), (evening("mon", 2), evening("tue", 1, 1)), format, (Facilitator("f1"),))
    groups = seated("mon", [p.id for p in cast[:14]], 7, language="nl")
    groups[0] = replace(groups[0], facilitator="f1")
    why = [Reason(p.id, FULL, MORE_GROUPS, "seats") for p in cast[14:]]
    old = BubbleName("65+", "age_band")
    few = Message.private(
        "warning.new_or_alone", dimension=DimensionName("age_band"), n=7, bubble=old, rounds=2, most=1
    )
    told = {"warnings": (few,), "relaxations": (Message.of("relaxation.more", change=MORE_GROUPS["change"], n=7),)}
    return problem, result(problem, groups, reasons=tuple(why), **told)


def empty() -> Case:
    problem = Problem(tuple(people(3, ["x"])), (evening("mon", 1),), Format(bridging={"age_band": 1.0}))
    return problem, result(problem, [])


def nobody() -> Case:
    problem = Problem((), (), Format())
    return problem, result(problem, [])


def one_group() -> Case:
    problem = Problem(tuple(people(5, ["left", "right"])), (Session("s", 1),), Format())
    return problem, result(problem, seated("s", [p.id for p in problem.people], 5))


def rounds() -> Case:
    cast = people(12, ["a-kring", "b-kring"])
    sessions = tuple(evening(f"r{n}", 2, 7 * n, n) for n in (2, 1, 3))
    size = Size(4, 6, 8)
    format = Format("kennismaken", series="rounds", rounds=3, size=size, bridging={"age_band": 1.0})
    problem = Problem(tuple(cast), sessions, format, met={("p000", "p001"): 2})
    ids = [p.id for p in cast]
    orders = {"r1": ids, "r2": ids[::2] + ids[1::2], "r3": ids[::3] + ids[1::3] + ids[2::3]}
    return problem, result(problem, [g for s, order in orders.items() for g in seated(s, order, 6)])


def several_answers() -> Case:
    """Unknown and several answers, a series of dates, a session that nobody knows, weighted rules broken."""
    cast = people(8, ["werkt", "zorgt"], "dag")
    cast[0] = replace(cast[0], bubbles={"dag": frozenset({"werkt", "zorgt", "leert"})})
    cast[1] = replace(cast[1], bubbles={})
    session = replace(evening("s", 1), starts=(EVENING, EVENING + timedelta(7)), mode="online")
    session = replace(session, ends=(EVENING + timedelta(hours=1),))
    rules = (rule("never_alone", dimension="dag", weight=1.0), rule("share_cap", dimension="dag", weight=1.0))
    format = Format("koken", goal="bonding", series="same", bridging={"dag": 2.0}, rules=rules)
    problem = Problem(tuple(cast), (session,), format, population={"dag": {"werkt": 5000.0, "rust": 900.0}})
    ids = [p.id for p in cast]
    groups = [*seated("s", ids[:7], 7), Group("gone", 1, (ids[7], "stranger"))]
    return problem, result(problem, groups, optimal=True)


def many_bubbles() -> Case:
    cast = people(120, [f"dorp {chr(97 + i % 26) * (1 + i // 26)}" for i in range(60)], "herkomstdorp")
    problem = Problem(tuple(cast), (evening("s", 20),), Format(bridging={"herkomstdorp": 1.0}))
    return problem, result(problem, seated("s", [p.id for p in cast], 6))


HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd()",
    "+1",
    "-2",
    "@sum",
    '"><img src=x>',
    "a&b",
    "{{ 7*7 }}",
    "\t=x",
]


def hostile() -> Case:
    cast = [Participant(id, {"<b>": frozenset({f"{id}!"})}, needs=frozenset({f"{id}?"})) for id in HOSTILE]
    names = ["a/b:c*?[d]\\" + "e" * 40, "A/B:C*?[D]\\" + "E" * 40, "'", "History", "=s()", "Overzicht"]
    sessions = tuple(evening(id, 1, day) for day, id in enumerate(names))
    format = Format("<i>&", size=Size(1, 2, 8), series="rounds", rounds=6, bridging={"<b>": 1.0})
    problem = Problem(tuple(cast), sessions, format)
    why = Message.of("reason.access", needs=(NeedKey("<u>waarom</u>" * 9000),))
    told = tuple(Reason(id, why, Message.of("fate.none", why="=HYPERLINK()"), "<rule>") for id in HOSTILE[5:])
    odd = (Message.of("warning.one_bubble", dimension=DimensionName("<s>")),)
    groups = [Group(name, 1, tuple(sorted(HOSTILE[:5])), "<nl>", "=f()") for name in names]
    return problem, result(problem, groups, reasons=told, warnings=odd, relaxations=odd)


def large() -> Case:
    """As many groups and dimensions as the demonstration."""
    dimensions = {f"dimension_{d}": [f"answer {d} of {i}" for i in range(4 + d)] for d in range(5)}
    cast = [
        Participant(f"a{i:04}", {d: frozenset({b[(i * 7 + i // 5) % len(b)]}) for d, b in dimensions.items()})
        for i in range(944)
    ]
    sessions = tuple(evening(f"s{n:02}", 7, n) for n in range(18))
    rules = tuple(rule("never_alone", dimension=d, weight=1.0) for d in dimensions)
    problem = Problem(tuple(cast), sessions, Format(bridging=dict.fromkeys(dimensions, 1.0), rules=rules))
    ids = [p.id for p in cast[:937]]
    groups = [g for n in range(18) for g in seated(f"s{n:02}", ids[n * 56 : n * 56 + 56], 8)]
    return problem, result(problem, groups[:125])


CASES = [ordinary, empty, nobody, one_group, rounds, several_answers, many_bubbles, hostile]
