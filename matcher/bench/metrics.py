"""Quality of plans by the measures that other tools were measured with; knows nothing of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

Rounds = Sequence[Sequence[Sequence[str]]]
"""Round -> tables -> ids."""


def hamming_percent(answers: dict[str, tuple[str, ...]], rounds: Rounds) -> float:
    """Different answers of people at a table, summed over pairs, in percent of a bound: every answer of a column
    spread as evenly as the tables allow; mean over rounds.
    """
    most = hamming_bound(answers, [len(table) for table in rounds[0]])
    found = sum(
        x != y for tables in rounds for t in tables for a, b in combinations(t, 2)
        for x, y in zip(answers[a], answers[b], strict=True)
    )  # fmt: skip
    return 100 * found / len(rounds) / most


def hamming_bound(answers: dict[str, tuple[str, ...]], sizes: Sequence[int]) -> int:
    """The different answers in a round at tables of these sizes if every column were spread evenly."""
    pairs = sum(s * (s - 1) // 2 for s in sizes)
    return sum(pairs - _even(column, len(sizes)) for column in zip(*answers.values(), strict=True))


def _even(column: tuple[str, ...], tables: int) -> int:
    like = 0
    for n in Counter(column).values():
        each, more = divmod(n, tables)
        like += more * (each + 1) * each // 2 + (tables - more) * each * (each - 1) // 2
    return like


def repeats(rounds: Rounds) -> int:
    """Meetings of two people who met in an earlier round."""
    met = Counter(tuple(sorted(pair)) for tables in rounds for t in tables for pair in combinations(t, 2))
    return sum(met.values()) - len(met)


def lone_minority(answers: dict[str, tuple[str, ...]], rounds: Rounds, below: float = 0.2) -> float:
    """People alone at their table with an answer that 2 people to less than `below` of all gave; mean per round."""
    columns = [Counter(column) for column in zip(*answers.values(), strict=True)]
    lone = 0
    for tables in rounds:
        for table in tables:
            for k, total in enumerate(columns):
                here = Counter(answers[p][k] for p in table)
                lone += sum(n == 1 and 2 <= total[b] < below * len(answers) for b, n in here.items())
    return lone / len(rounds)
