"""Boards for pure problems of the literature: the product's own search without its rules."""

from __future__ import annotations

from typing import Any

import numpy as np

from matcher.model import SearchInput
from matcher.terms import Ints

NONE: Ints = np.zeros(0, np.int64)


def bare(units: int, places: int, largest: int, **given: Any) -> SearchInput:
    """One entry per unit, every place open to all, no rule; `given` replaces fields."""
    fields: dict[str, Any] = {
        "entry_unit": np.arange(units),
        "entry_round": np.full(units, -1),
        "cand_from": np.zeros(units, np.int64),
        "cand_many": np.full(units, places),
        "cand": np.arange(places),
        "people": np.ones(units, np.int64),
        "cap": np.ones(units, np.int64),
        "weight": np.ones(units, np.int64),
        "seat": np.ones(units, np.int64),
        "lot": np.zeros((units, 1), np.int64),
        "led": np.zeros(places, np.int64),
        "scored": False,
        "score": np.zeros((units, units), np.int32),
        "inner": np.zeros(units, np.int64),
        "code": np.zeros((units, 0), np.int32),
        "block": np.zeros(1, np.int64),
        "by_code": np.zeros((0, 0), np.int32),
        "own": np.zeros(units, np.int64),
        "kind": np.zeros(places, np.int64),
        "fit": np.zeros((units, 1), np.int64),
        "may": np.ones((units, 1), np.bool_),
        "priced": False,
        "speaks": np.ones(units, np.int64),
        "interpreter": np.full(units, -1),
        "bridge": np.zeros((0, units), np.int64),
        "interpreted": False,
        "place_speaks": np.ones(places, np.int64),
        "place_session": np.zeros(places, np.int64),
        "place_round": np.zeros(places, np.int64),
        "host": np.full(places, -1),
        "hosted": False,
        "high": np.full(places, largest),
        "size_soft": np.zeros((places, largest + 1), np.int64),
        "size_hard": np.zeros((places, largest + 1), np.int64),
        "seats": np.array([units]),
        "mean": np.zeros(largest + 1, np.int64),
        "feat_ptr": np.zeros(units + 1, np.int64),
        "column": np.zeros((units, 0), np.int64),
        "column_n": np.zeros((units, 0), np.int64),
        "plain": True,
        "varying": 0,
        "soft": np.zeros((0, largest + 1, largest + 1), np.int64),
        "hard": np.zeros((0, largest + 1, largest + 1), np.int64),
        "dear": 1 << 60,
        "rate": np.zeros(0, np.int64),
        "amount": np.zeros((0, 0, largest + 1, largest + 1), np.int64),
        "tie_ptr": np.zeros(units + 1, np.int64),
        "met": np.zeros((0, 0), np.int16),
        "met_soft": 0,
        "met_hard": 0,
        "dynamic": False,
        "level": 0,
        "level_weight": 0,
    }
    empty = ("feat", "feat_n", "table_of", "parent", "tie", "tie_soft", "tie_hard", "tie_apart")
    return SearchInput(**{**fields, **dict.fromkeys(empty, NONE), **given})
