"""What was found, in a few lines for whoever waited for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import click

from matcher.claims import Claims, claims_of, times
from matcher.domain import Breach, Problem
from matcher.messages import Message
from matcher.outcome import Figures, Result
from matcher.tables.plans import unplaced
from matcher.words import LANGUAGE, words

MOST_REASONS = 4
MOST_BREACHES = 40
_STOPPED = {
    "callback": "Ctrl-C",
    "iterations": "their number",
    "seconds": "the clock",
    "proof": "the proof that more searching finds nothing better",
}
_WEIGHED = "It is proven that no plan for the people who have a place is better, wishes and sizes counted."


def summary(problem: Problem, result: Result, workers: int) -> Iterator[str]:
    """The result in sentences, the most important first; each says what was proven and no more."""
    claims = claims_of(problem, result)
    yield from (f"Warning: {words(LANGUAGE).say(warning)}" for warning in result.warnings)
    yield from _placed(result.figures, len(result.plan.groups), claims)
    if result.plan.groups:
        yield _mixed(problem, result, claims)
        yield from _meetings(problem, result.figures, claims)
        yield _rules(result)
    yield from _waiting(problem, result)
    yield from (f"What would help: {words(LANGUAGE).say(change)}" for change in result.relaxations)
    stopped = _STOPPED.get(result.stopped_by, result.stopped_by)
    yield f"Searched {result.seconds:.1f} s, {result.iterations:,} iterations; stopped by {stopped}."
    again = f"--iterations {result.iterations} --seed {result.seed} --workers {workers}"
    yield f"To get this very plan again: {again}"


def _placed(figures: Figures, groups: int, claims: Claims) -> Iterator[str]:
    bounds, people = claims.bounds, counted(figures.people, "person", "people")
    if not figures.placed:
        none = "can be placed." if not bounds.placed else f"was placed; at most {bounds.placed:,} is possible."
        yield f"Nobody of {people} {none}"
        return
    said = f"Placed {figures.placed:,} of {people} in {counted(groups, 'group', 'groups')}"
    seats = f"{figures.seats:,} of the {claims.wanted:,} seats that they could take"
    if claims.everybody:
        yield f"{said}: everybody" + (
            f", in all {claims.wanted:,} seats that they could take." if claims.often else "."
        )
        return
    yield f"{said}; {_most(figures.placed, bounds.placed)}" if figures.placed < figures.people else f"{said}."
    if claims.often and figures.seats < claims.wanted:
        seats = f"{figures.seats:,} of the {claims.wanted:,} seats they could take"
        yield f"They have {seats}; {_most(figures.seats, bounds.seats)}"
    if claims.empty:
        yield f"Nobody meets in round {', '.join(map(str, claims.empty))}."


def _most(reached: int, bound: int) -> str:
    return "more is not possible." if reached >= bound else f"at most {bound:,} is possible."


def _mixed(problem: Problem, result: Result, claims: Claims) -> str:
    goal, figures = problem.format.goal.capitalize(), result.figures
    reached = f"{goal} {figures.bridging:,.1f}"
    worst = f"the least mixed group reaches {figures.worst_group:.2f} a person"
    many = "as many people by priority" if any(p.priority for p in problem.people) else "as many people"
    if claims.proof == "best":
        return f"{reached}, which is proven to be the best possible for {many}; {worst}."
    limited = f"{reached} of at most {claims.bounds.bridging:,.1f} for {many} (gap {_gap(result, claims)}); {worst}."
    return f"{limited} {_WEIGHED}" if claims.proof else limited


def _gap(result: Result, claims: Claims) -> str:
    """What the two figures say, and what plans are judged by where that is something else."""
    most = claims.bounds.bridging
    shown, judged = 100 * (most - result.figures.bridging) / most if most > 0 else 0.0, result.gap_percent
    if f"{shown:.1f}" == f"{judged:.1f}":
        return f"{judged:.1f}%"
    return f"{shown:.1f}%; {judged:.1f}% with what wishes and sizes off the target cost"


def _meetings(problem: Problem, figures: Figures, claims: Claims) -> Iterator[str]:
    if problem.format.series == "rounds":
        yield f"{figures.distinct_pairs:,} of at most {claims.bounds.distinct_pairs:,} different pairs meet."
    if problem.met or problem.format.series == "rounds":
        yield f"{_again(figures)}."


def _again(figures: Figures) -> str:
    return counted(figures.met_again, "meeting is of people who met before", "meetings are of people who met before")


def _rules(result: Result) -> str:
    weighted: dict[str, list[Breach]] = {}
    for breach in result.breaches:
        if not breach.firm:
            weighted.setdefault(breach.rule, []).append(breach)
    if not weighted:
        return "No rule is broken."
    often = sorted(((times(broken), rule) for rule, broken in weighted.items()), key=lambda each: -each[0])
    told = ", ".join(f"{rule} {counted(n, 'time', 'times')}" for n, rule in often)
    return f"No firm rule is broken. Breaches of weighted rules: {told}."


def _waiting(problem: Problem, result: Result) -> Iterator[str]:
    waiting = unplaced(problem, result)
    if not waiting:
        return
    yield f"{counted(len(waiting), 'person has', 'people have')} no place:"
    say = words(LANGUAGE).say
    reasons = Counter((say(reason.why), say(reason.help)) for reason in waiting).most_common()
    for (why, help), count in reasons[:MOST_REASONS]:
        yield f"  {count:>5}  {why} {help}"
    if left := sum(count for _, count in reasons[MOST_REASONS:]):
        yield f"  {left:>5}  for other reasons: see unplaced.csv"


def verdict(figures: Figures, breaches: tuple[Breach, ...]) -> Iterator[str]:
    """A checked plan in sentences."""
    firm = sum(breach.firm for breach in breaches)
    people = counted(figures.people, "person", "people")
    yield f"{figures.placed:,} of {people} placed, {counted(figures.seats, 'seat', 'seats')}."
    worst = f"the least mixed group reaches {figures.worst_group:.2f} a person"
    yield f"Bridging {figures.bridging:,.2f}; {worst}."
    yield f"{counted(figures.distinct_pairs, 'different pair meets', 'different pairs meet')}; {_again(figures)}."
    for breach in breaches[:MOST_BREACHES]:
        yield f"  {told(breach)}"
    if len(breaches) > MOST_BREACHES:
        yield f"  and {len(breaches) - MOST_BREACHES:,} more: see --json"
    yield f"Not valid: {counted(firm, 'breach', 'breaches')} of firm rules." if firm else "Valid."


def told(breach: Breach) -> str:
    """One breach: where, which rule, what."""
    place = f"{breach.session} group {breach.group}" if breach.group else breach.session or "plan"
    people = f" ({', '.join(breach.people)})" if breach.people else ""
    price = "firm" if breach.firm else f"costs {breach.weight * breach.amount:g}"
    return f"{place}: {breach.rule}: {words(LANGUAGE).say(breach.message)}{people} [{price}]"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def tell_notes(notes: Iterable[Message]) -> None:
    """What is worth knowing about the files, beside the answer."""
    for note in notes:
        click.echo(f"Note: {words(LANGUAGE).say(note)}", err=True)
