"""What was found, in a few lines for whoever waited for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import click

from matcher.domain import Breach, Figures, Problem, Result
from matcher.messages import Message
from matcher.tables.plans import unplaced
from matcher.words import LANGUAGE, words

MOST_REASONS = 4
MOST_BREACHES = 40
_STOPPED = {
    "callback": "Ctrl-C",
    "iterations": "their number",
    "seconds": "the clock",
    "proof": "the proof that nothing is better",
}


def summary(problem: Problem, result: Result, workers: int) -> Iterator[str]:
    """The result in sentences, the most important first."""
    yield from (f"Warning: {words(LANGUAGE).say(warning)}" for warning in result.warnings)
    yield _placed(result)
    if result.plan.groups:
        yield _mixed(problem, result)
        yield from _meetings(problem, result)
        yield _rules(result)
    yield from _waiting(problem, result)
    yield from (f"What would help: {words(LANGUAGE).say(change)}" for change in result.relaxations)
    stopped = _STOPPED.get(result.stopped_by, result.stopped_by)
    yield f"Searched {result.seconds:.1f} s, {result.iterations:,} iterations; stopped by {stopped}."
    again = f"--iterations {result.iterations} --seed {result.seed} --workers {workers}"
    yield f"To get this very plan again: {again}"


def _placed(result: Result) -> str:
    figures, bound = result.figures, result.bounds.placed
    if not figures.placed:
        return f"Nobody of {counted(figures.people, 'person', 'people')} can be placed."
    groups = counted(len(result.plan.groups), "group", "groups")
    said = f"Placed {figures.placed:,} of {counted(figures.people, 'person', 'people')} in {groups}"
    if figures.placed == figures.people:
        return f"{said}: everybody."
    return f"{said}; " + ("more is not possible." if figures.placed >= bound else f"at most {bound:,} is possible.")


def _mixed(problem: Problem, result: Result) -> str:
    goal, figures = problem.format.goal.capitalize(), result.figures
    reached = f"{goal} {figures.bridging:,.1f}"
    worst = f"the least mixed group reaches {figures.worst_group:.2f} a person"
    if result.optimal:
        return f"{reached}, which is proven to be the best possible; {worst}."
    return f"{reached} of at most {result.bounds.bridging:,.1f} (gap {result.gap_percent:.1f}%); {worst}."


def _meetings(problem: Problem, result: Result) -> Iterator[str]:
    figures = result.figures
    if problem.format.series == "rounds":
        yield f"{figures.distinct_pairs:,} of at most {result.bounds.distinct_pairs:,} different pairs meet."
    if problem.met or problem.format.series == "rounds":
        yield f"{counted(figures.met_again, 'pair meets', 'pairs meet')} again."


def _rules(result: Result) -> str:
    weighted = Counter(breach.rule for breach in result.breaches if not breach.firm)
    if not weighted:
        return "No rule is broken."
    told = ", ".join(f"{rule} {count} times" for rule, count in weighted.most_common())
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
    yield f"{figures.distinct_pairs:,} different pairs meet, {figures.met_again:,} of them again."
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
