"""The checker beside the oracle: over every plan of a tiny problem they must say the same."""

from collections import Counter
from collections.abc import Iterable

from matcher.checking import check
from matcher.domain import Plan, Problem
from tests import builders, oracle


def found(problem: Problem, plan: Plan) -> dict[tuple[str, bool, float], float]:
    """What the checker finds: (rule, firm, weight) -> number of breaches."""
    total = Counter[tuple[str, bool, float]]()
    for breach in check(problem, plan).breaches:
        total[breach.rule, breach.firm, breach.weight] += breach.amount
    return dict(total)


def breached(problem: Problem, text: str) -> dict[str, float]:
    """The same for a plan in words, by rule."""
    return {rule: amount for (rule, _, _), amount in found(problem, builders.plan(text)).items()}


def agree(problem: Problem, rule: str, plans: Iterable[Plan] | None = None) -> None:
    """Checker and oracle agree on every plan, and the rule tells plans apart."""
    seen = set()
    for plan in builders.plans_of(problem) if plans is None else plans:
        says, should = found(problem, plan), oracle.expected(problem, plan)
        assert rounded(says) == rounded(should), plan
        seen.add(any(title == rule for title, _, _ in should))
    assert seen == {True, False}


def rounded(found: dict[tuple[str, bool, float], float]) -> dict[tuple[str, bool, float], float]:
    return {key: round(amount, 6) for key, amount in found.items()}
