"""The lottery once more, over every panel of a tiny pool: what matcher.lottery must agree with.

Reads Quota only. Leximin without duals: who cannot be raised above a level, tried one by one, stays there.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from matcher.lottery import Quota

People = Mapping[str, Mapping[str, str | None]]
SAME = 1e-7


def meets(people: People, quotas: Sequence[Quota], panel: Sequence[str]) -> bool:
    """Whether every quota line holds for these people."""
    return all(q.min <= sum(people[person].get(q.dimension) == q.bubble for person in panel) <= q.max for q in quotas)


def panels(people: People, quotas: Sequence[Quota], places: int) -> list[tuple[str, ...]]:
    """Every panel that meets the quotas."""
    return [panel for panel in combinations(sorted(people), places) if meets(people, quotas, panel)]


def leximin(people: People, quotas: Sequence[Quota], places: int) -> dict[str, float]:
    """The chance of each person under the fairest lottery over all panels; empty if there is no panel."""
    ids, every = sorted(people), panels(people, quotas, places)
    if not every:
        return {}
    member = np.array([[person in panel for panel in every] for person in ids], float)
    floor: dict[int, float] = {}
    while len(floor) < len(ids):
        still = [i for i in range(len(ids)) if i not in floor]
        height = _highest(member, floor, still, {})
        at_least = dict.fromkeys(still, height)
        stuck = [i for i in still if _highest(member, floor, [i], at_least) < height + SAME]
        assert stuck
        floor |= dict.fromkeys(stuck, height)
    return {ids[i]: chance for i, chance in floor.items()}


def _highest(
    member: np.ndarray, floor: Mapping[int, float], raised: Sequence[int], others: Mapping[int, float]
) -> float:
    """The highest chance all `raised` can have while the floor and the others keep theirs."""
    keep = {**floor, **others}
    rows = [np.append(-member[i], 1.0) for i in raised] + [np.append(-member[i], 0.0) for i in keep]
    least = [0.0] * len(raised) + [1e-10 - chance for chance in keep.values()]
    count = member.shape[1]
    found = linprog(
        np.append(np.zeros(count), -1.0),
        A_ub=np.array(rows),
        b_ub=least,
        A_eq=np.append(np.ones(count), 0.0)[None],
        b_eq=[1.0],
    )
    assert found.status == 0, found.message
    return float(-found.fun)
