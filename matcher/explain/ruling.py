"""The firm rules of a seating: a count has the rule as its domain, so nothing stands for a pair of people."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from matcher.explain.personal import kept_apart
from matcher.explain.seating import SeatingModel
from matcher.terms import Headcount, Ints


def rule(seating: SeatingModel) -> None:
    """Add what the firm rules of the model ask."""
    _heads(seating)
    _pairs(seating)
    _buddies(seating)
    _order(seating)


def _heads(seating: SeatingModel) -> None:
    """Every firm head-count in every room."""
    inside = set(seating.scope.people)
    for rule, term in seating.model.terms:
        if rule.firm and isinstance(term, Headcount):
            people = [i for i in term.people.tolist() if i in inside]
            bubbles = [[i for i in bubble.tolist() if i in inside] for bubble in term.bubbles]
            for r, _ in seating.rooms:
                present = [_present(seating, seating.here(r, bubble)) for bubble in bubbles]
                count = cp_model.LinearExpr.sum([*seating.here(r, people), *present])
                _allow(seating, r, count, term, seating.held("rule", rule.title))


def _present(seating: SeatingModel, here: list[cp_model.IntVar]) -> cp_model.LinearExprT:
    if len(here) < 2:
        return here[0] if here else 0
    present = seating.cp.new_bool_var("")
    seating.cp.add_max_equality(present, here)
    return present


def _allow(
    seating: SeatingModel, r: int, count: cp_model.LinearExprT, term: Headcount, held: list[cp_model.LiteralT]
) -> None:
    """Least and most people per size; where there are gaps between them a domain."""
    sizes = {n: literal for n, literal in seating.size[r].items() if n}
    rows = len(term.amount)
    most = {n: rows - 1 if term.uneven else n for n in sizes}
    good = {n: np.flatnonzero(term.amount[: most[n] + 1, n] <= 0) for n in sizes}
    for n in [n for n in sizes if not len(good[n])]:
        seating.cp.add(sizes[n] == 0).only_enforce_if(held)
        good[n] = np.arange(rows)
    if all(len(g) == g[-1] - g[0] + 1 for g in good.values()):
        if any(g[0] > 0 for g in good.values()):
            least = sum(int(g[0]) * sizes[n] for n, g in good.items())
            seating.cp.add(count >= least).only_enforce_if(held)
        if any(g[-1] < most[n] for n, g in good.items()):
            top = sum(int(g[-1]) * sizes[n] for n, g in good.items())
            seating.cp.add(count <= top).only_enforce_if(held)
    elif _same(good):
        seating.cp.add_linear_expression_in_domain(count, _domain(good.values())).only_enforce_if(held)
    else:
        for n, g in good.items():
            domain = _domain([g])
            seating.cp.add_linear_expression_in_domain(count, domain).only_enforce_if([*held, sizes[n]])


def _same(good: dict[int, Ints]) -> bool:
    """Whether what is good does not depend on the size, but for counts above it; 0 is good."""
    every = {c for g in good.values() for c in g.tolist()}
    return 0 in every and all(set(g.tolist()) == {c for c in every if c <= n} for n, g in good.items())


def _domain(good: Iterable[Ints]) -> cp_model.Domain:
    return cp_model.Domain.from_values(sorted({c for g in good for c in g.tolist()}))


def _pairs(seating: SeatingModel) -> None:
    """People who may not sit together; buddies who met before may, unless they are split."""
    split = seating.off("rule", "buddies")
    for buddies in (False, True) if split else (False,):
        for title, pairs in kept_apart(seating.model, buddies).items():
            held = seating.held("rule", title) + (split if buddies else [])
            for i, j in pairs.tolist():
                for r, _ in seating.rooms:
                    both = seating.here(r, (i, j))
                    if len(both) == 2:
                        seating.cp.add(sum(both) <= 1).only_enforce_if(held)


def _buddies(seating: SeatingModel) -> None:
    """All of a chain in the same room, or none."""
    for chain in seating.model.frame.together:
        for i, j in pairwise(sorted(chain)):
            for r, _ in seating.rooms:
                both = seating.here(r, (i, j))
                if both:
                    same = both[0] == (both[1] if len(both) == 2 else 0)
                    seating.cp.add(same).only_enforce_if(seating.held("rule", "buddies"))


def _order(seating: SeatingModel) -> None:
    """Rooms that take the same people go by size: which of them is which must not matter to the proof."""
    fits = [mask[seating.scope.people] for _, mask in seating.scope.fits]
    for (q, one), (r, two) in pairwise(seating.rooms):
        alike = all((mask[:, q] == mask[:, r]).all() for mask in fits)
        if alike and one.session == two.session and one.extra == two.extra:
            sizes = [sum(n * v for n, v in seating.size[k].items()) for k in (q, r)]
            seating.cp.add(sizes[0] >= sizes[1])
