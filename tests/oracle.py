"""Every rule and figure once more, in plain Python over ids and sets: what the matcher must agree with.

It reads the domain only. A rule is stated as one function from a case to its number of breaches: here by the name of
the rule, or as `stated` beside the rule's own tests.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cached_property
from importlib import import_module
from itertools import combinations
from math import ceil, floor

from matcher.domain import Facilitator, Group, Participant, Plan, Problem, Session
from matcher.rules import KNOWN
from matcher.terms import Rule

FIRM = {"access", "apart", "availability", "buddies", "facilitator", "locked", "max_meetings", "mode"}
FIRM |= {"seats", "shared_language", "size"}
WISHES = {"met_before", "preferred_session"}
MODES = {"here", "online"}


class Case:
    """A plan beside its problem."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.people: dict[str, Participant] = {p.id: p for p in problem.people}
        self.sessions: dict[str, Session] = {s.id: s for s in problem.sessions}
        self.leaders: dict[str, Facilitator] = {f.id: f for f in problem.facilitators}
        self.groups: list[Group] = [g for g in plan.groups if g.session in self.sessions]

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules in force: named ones, then what is implied, without those of no weight."""
        named = list(self.problem.format.rules)
        silent = [name for name in sorted(FIRM | WISHES) if name not in {r.name for r in named}]
        implied = [KNOWN[name](firm=name in FIRM) for name in silent]
        return [r for r in named + implied if r.firm or r.weight > 0]

    def has(self, name: str) -> bool:
        return any(r.name == name and r.firm for r in self.rules)

    @cached_property
    def seats(self) -> list[tuple[Participant, Session, Group]]:
        known = [(p, g) for g in self.groups for p in g.people if p in self.people]
        return [(self.people[p], self.sessions[g.session], g) for p, g in known]

    def seats_of(self, person: str) -> list[tuple[str, int]]:
        return sorted((g.session, g.number) for p, _, g in self.seats if p.id == person)

    @cached_property
    def meetings(self) -> Counter[frozenset[str]]:
        """How often two people meet."""
        return Counter(frozenset(pair) for g in self.groups for pair in combinations(g.people, 2))

    def told(self, person: str, dimension: str) -> frozenset[str]:
        return self.people[person].bubbles.get(dimension, frozenset())

    def count(self, group: Group, dimension: str, bubble: str) -> int:
        return sum(bubble in self.told(p, dimension) for p in group.people)

    def silent(self, group: Group, dimension: str) -> int:
        return sum(not self.told(p, dimension) for p in group.people)

    def bubbles(self, dimension: str) -> set[str]:
        return {bubble for p in self.people for bubble in self.told(p, dimension)}

    def rounds(self) -> bool:
        return self.problem.format.series == "rounds"

    def most(self, person: Participant) -> int:
        if person.max_meetings is not None:
            return person.max_meetings
        return self.problem.format.rounds if self.rounds() else 1

    def at_once(self, s: str, t: str) -> bool:
        a, b = self.sessions[s], self.sessions[t]
        dates = [(x, y) for x in zip(a.starts, a.ends) for y in zip(b.starts, b.ends)]  # noqa: B905
        meet = any(max(x[0], y[0]) < min(x[1], y[1]) for x, y in dates)
        return s == t or meet or (self.rounds() and a.round == b.round)

    def room(self, session: Session) -> float:
        """People in a session."""
        limits = [r.people for r in self.rules if r.name == "orientation" and r.firm]
        if self.has("seats") and session.seats is not None:
            limits.append(session.seats)
        return min(limits, default=float("inf"))

    def largest(self, session: Session) -> float:
        """People in a group of a session."""
        if session.max is not None:
            return session.max
        small = [r.online_max for r in self.rules if r.name == "mode" and r.firm and session.mode == "online"]
        return min([self.problem.format.size.max, *small])

    def off_target(self, group: Group) -> float:
        """What the size of a group costs: 1, 3, 6, ... times its price for 1, 2, 3, ... people too many or too few."""
        recipe, session = self.problem.format, self.sessions[group.session]
        low = recipe.size.min if session.min is None else session.min
        target = recipe.size.target if session.target is None else session.target
        target = min(max(target, low), self.largest(session), self.room(session))
        price = recipe.size.weight * (sum(weight for weight in recipe.bridging.values() if weight > 0) or 1)
        return price * sum(range(1, int(abs(len(group.people) - target)) + 1))

    def score(self, a: str, b: str) -> float:
        """Bridging of two people."""
        format, total = self.problem.format, 0.0
        for dimension, weight in format.bridging.items():
            far = self.distance(dimension, a, b)
            total += weight * (1 - far if format.goal == "bonding" else far)
        grounds = [r for r in self.rules if r.name == "common_ground"]
        return total + sum(r.weight for r in grounds if _grounds(self, r, a) & _grounds(self, r, b))

    def distance(self, dimension: str, a: str, b: str) -> float:
        x, y = self.told(a, dimension), self.told(b, dimension)
        return 1 - len(x & y) / len(x | y) if x and y else self.mean_distance(dimension)

    def mean_distance(self, dimension: str) -> float:
        told = [t for p in self.people if (t := self.told(p, dimension))]
        each = [1 - len(x & y) / len(x | y) for x, y in combinations(told, 2)]
        return sum(each) / len(each) if each else 0.0

    def bridging(self, group: Group) -> float:
        """Sum over the members of their mean score with the others."""
        n = len(group.people)
        return sum(2 * self.score(a, b) for a, b in combinations(group.people, 2)) / max(1, n - 1)

    @cached_property
    def blind(self) -> float:
        """Mean score of two people picked blindly."""
        each = [self.score(a, b) for a, b in combinations(self.people, 2)]
        return sum(each) / len(each) if each else 0.0


def _grounds(case: Case, rule: Rule, person: str) -> set[tuple[str, str]]:
    p = case.people[person]
    given = {"interests": p.interests, "languages": p.languages}
    return {(on, x) for on in rule.on for x in given.get(on, p.bubbles.get(on, ()))}  # type: ignore[attr-defined]


def access(case, rule):
    return sum(not p.needs - MODES <= s.access for p, s, _ in case.seats)


def apart(case, rule):
    return sum(n for pair, n in case.meetings.items() if _named(case, pair, "apart"))


def _named(case, pair, attribute):
    a, b = (case.people[p] for p in pair)
    return b.id in getattr(a, attribute) or a.id in getattr(b, attribute)


def at_least_different(case, rule):
    groups = [g for g in case.groups if g.people]
    told = [{x for p in g.people for x in case.told(p, rule.dimension)} for g in groups]
    different = [len(t) + case.silent(g, rule.dimension) for t, g in zip(told, groups, strict=True)]
    return sum(max(0, rule.bubbles - k) for k in different)


def availability(case, rule):
    return sum(s.id not in p.sessions for p, s, _ in case.seats if p.sessions)


def balance(case, rule):
    short = (rule.share * case.blind * len(g.people) - case.bridging(g) for g in case.groups)
    return sum(s for s in short if s > 1e-6)


def buddies(case, rule):
    pairs = [pair for pair in combinations(case.people, 2) if _named(case, pair, "buddies")]
    if rule.firm:
        return sum(len({tuple(case.seats_of(p)) for p in chain}) > 1 for chain in _chains(pairs))
    both = {(a, b): min(len(case.seats_of(a)), len(case.seats_of(b))) for a, b in pairs}
    return sum(max(0, n - case.meetings[frozenset(pair)]) for pair, n in both.items())


def _chains(pairs):
    chains = []
    for pair in map(set, pairs):
        touched = [c for c in chains if c & pair]
        chains = [c for c in chains if not c & pair] + [pair.union(*touched)]
    return chains


def common_ground(case, rule):
    return 0


def facilitator(case, rule):
    asked = case.problem.format.facilitator
    if asked == "none" or not rule.firm:
        return 0
    wrong = sum(not g.facilitator and asked == "required" for g in case.groups)
    led = [g for g in case.groups if g.facilitator]
    wrong += sum(g.facilitator not in case.leaders for g in led)
    for leader in case.leaders.values():
        mine = [g.session for g in led if g.facilitator == leader.id]
        wrong += sum(
            leader.person in case.people and leader.person not in g.people for g in led if g.facilitator == leader.id
        )
        wrong += sum(bool(leader.sessions) and s not in leader.sessions for s in mine)
        wrong += len(mine) * (not case.problem.format.skills <= leader.skills)
        wrong += len(mine) > leader.max_groups
        wrong += any(case.at_once(s, t) for s, t in combinations(mine, 2))
    return wrong


def locked(case, rule):
    locks = [k for k in case.problem.locks if k.session in case.sessions]
    joined = sum(_joined(locks, g) for g in case.groups)
    return joined + sum(_against(case, locks, *seat) for seat in case.seats)


def _against(case, locks, person, session, group):
    mine = [k for k in locks if k.person == person.id]
    here = {k.group for k in mine if k.session == session.id}
    held = {k.session for k in mine}
    if here:
        return bool(here - {None}) and group.number not in here
    return bool(held) and (len(held) >= case.most(person) or any(case.at_once(session.id, t) for t in held))


def _joined(locks, group):
    fixed = {(k.session, k.group) for k in locks if k.person is None}
    inside = {k.person for k in locks if (k.session, k.group) == (group.session, group.number)}
    closed = (group.session, group.number) in fixed or (group.session, None) in fixed
    return closed and not set(group.people) <= inside


def max_meetings(case, rule):
    wrong = 0
    for p in case.people.values():
        seats = case.seats_of(p.id)
        wrong += len(seats) > case.most(p)
        wrong += sum(case.at_once(s, t) for (s, _), (t, _) in combinations(seats, 2))
    return wrong


def met_before(case, rule):
    earlier = {frozenset(pair): min(n, 99) for pair, n in case.problem.met.items()}
    asked = _come_as_one(case)
    meetings = {pair: n for pair, n in case.meetings.items() if pair not in asked}
    return sum(sum(range(earlier.get(pair, 0), earlier.get(pair, 0) + n)) for pair, n in meetings.items())


def _come_as_one(case):
    """Pairs of people who are placed as one: they asked to meet."""
    if any(rule.name == "buddies" and not rule.firm for rule in case.problem.format.rules):
        return set()
    chains = _chains([pair for pair in combinations(case.people, 2) if _named(case, pair, "buddies")])
    return {frozenset(pair) for chain in chains for pair in combinations(chain, 2)}


def mode(case, rule):
    return sum(s.mode not in p.needs & MODES for p, s, _ in case.seats if p.needs & MODES)


def never_alone(case, rule):
    lone = 0
    for bubble in case.bubbles(rule.dimension):
        held = sum(bubble in case.told(p, rule.dimension) for p in case.people)
        if rule.below is None or held / len(case.people) < rule.below:
            lone += sum(case.count(g, rule.dimension, bubble) == 1 for g in case.groups)
    return lone


def _all_but_the_first(case, attribute):
    total = 0
    for g in case.groups:
        values = [v for p in g.people if (v := getattr(case.people[p], attribute))]
        total += len(values) - len(set(values))
    return total


def same_household_apart(case, rule):
    return _all_but_the_first(case, "household")


def same_recruiter_apart(case, rule):
    return _all_but_the_first(case, "recruited_by")


def one_per_organisation(case, rule):
    return _all_but_the_first(case, "organisation")


def orientation(case, rule):
    return sum(sum(g.session == s for g in case.groups) > rule.groups for s in case.sessions)


def population_mirror(case, rule):
    counts = {b: Fraction(str(n)) for b, n in case.problem.population.get(rule.dimension, {}).items()}
    wrong, whole = 0, sum(counts.values())
    answers = [len(t) for p in case.people if (t := case.told(p, rule.dimension))]
    several = Fraction(sum(answers), len(answers)) if sum(answers) >= 1.1 * len(answers) > 0 else 1
    shares = {b: min(1, n / whole * several) for b, n in counts.items() if whole}
    for bubble in case.bubbles(rule.dimension) & counts.keys() if whole else ():
        for g in case.groups:
            part, c = shares[bubble] * len(g.people), case.count(g, rule.dimension, bubble)
            wrong += max(0, c - ceil(part)) + max(0, floor(part) - c - case.silent(g, rule.dimension))
    return wrong


def preferred_session(case, rule):
    return sum(_rank(p.prefers, s.id, rule.firm) for p, s, _ in case.seats if p.prefers)


def _rank(named, session, firm):
    """What is missing to the first choice: nothing in any of a set, k-ths along a list, 1 elsewhere."""
    if session not in named:
        return 1
    before = list(named)[: list(named).index(session)] if isinstance(named, tuple) and not firm else []
    return len(before) / len(named)


def seats(case, rule):
    people = Counter(s.id for _, s, _ in case.seats)
    return sum(people[s.id] > case.room(s) for s in case.sessions.values())


def share_cap(case, rule):
    most = [(g, floor(rule.share * len(g.people) + 1e-6)) for g in case.groups]
    bubbles = case.bubbles(rule.dimension)
    return sum(max(0, case.count(g, rule.dimension, b) - top) for g, top in most for b in bubbles)


def shared_language(case, rule):
    return sum(not any(_all_speak(case, g, x) for x in _languages(case, g)) for g in case.groups)


def _all_speak(case, group, language):
    session, leader = case.sessions[group.session], case.leaders.get(group.facilitator)
    here = not session.languages or language in session.languages
    led = leader is None or language in leader.languages
    at = [case.people[p] for p in group.people]
    return here and led and all(follows(p, language, at) for p in at)


def _languages(case, group):
    """The language of a group, or all there are where the plan leaves it out."""
    return [group.language] if group.language else sorted({x for p in case.people.values() for x in p.languages})


def follows(person, language, table):
    """Whether somebody speaks a language, or somebody at the table interprets it for them."""
    told = any({language, own} <= other.interpreters for other in table for own in person.languages)
    return told or language in person.languages


def size(case, rule):
    usual, wrong = case.problem.format.size, 0
    for g in case.groups:
        session = case.sessions[g.session]
        low = usual.min if session.min is None else session.min
        wrong += not low <= len(g.people) <= min(case.largest(session), case.room(session))
    return wrong


def statement(name: str) -> Callable[[Case, Rule], float]:
    """The second statement of a rule. Raises AttributeError or ModuleNotFoundError where there is none."""
    here: Callable[[Case, Rule], float] | None = globals().get(name)
    return here or import_module(f"tests.rules.test_{name}").stated


def expected(problem: Problem, plan: Plan) -> dict[tuple[str, bool, float], float]:
    """(Rule, firm, weight) -> number of breaches, where there are any."""
    case, found = Case(problem, plan), Counter[tuple[str, bool, float]]()
    for rule in case.rules:
        title = f"{rule.name}: {rule.dimension}" if hasattr(rule, "dimension") else rule.name
        found[title, rule.firm, 0.0 if rule.firm else rule.weight] += statement(rule.name)(case, rule)
    if not any(r.name == "seats" for r in case.rules):  # orientation limits seats under the name of `seats`
        found["seats", True, 0.0] += seats(case, None)
    return {key: amount for key, amount in found.items() if amount}


def firm_breaches(problem: Problem, plan: Plan) -> list[str]:
    """The firm rules that a plan breaks, and what no plan may do whatever its rules."""
    rules = [title for (title, firm, _), _ in expected(problem, plan).items() if firm]
    return rules + list(_nonsense(problem, plan))


def _nonsense(problem: Problem, plan: Plan) -> Iterable[str]:
    room = {s.id: s.groups for s in problem.sessions}
    keys = [(g.session, g.number) for g in plan.groups]
    if len(set(keys)) < len(keys) or any(not 1 <= k <= room.get(s, 0) for s, k in keys):
        yield "places"
    if any(p not in {q.id for q in problem.people} for g in plan.groups for p in g.people):
        yield "people"


def figures(problem: Problem, plan: Plan) -> dict[str, float]:
    """Every figure of a plan of known people."""
    case = Case(problem, plan)
    placed = {p.id for p, _, _ in case.seats}
    each = [case.bridging(g) for g in case.groups]
    earlier = {frozenset(pair) for pair, n in problem.met.items() if n > 0}
    price = sum(weight * n for (_, firm, weight), n in expected(problem, plan).items() if not firm)
    return {
        "people": len(case.people),
        "placed": len(placed),
        "placed_priority": sum(1 + case.people[p].priority for p in placed),
        "seats": len(case.seats),
        "bridging": sum(each),
        "worst_group": min((b / len(g.people) for b, g in zip(each, case.groups, strict=True)), default=0.0),
        "met_again": sum(n if pair in earlier else n - 1 for pair, n in case.meetings.items()),
        "distinct_pairs": len(case.meetings),
        "quality": sum(each) - price - sum(map(case.off_target, case.groups)),
    }
