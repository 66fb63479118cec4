"""Lays one staffing of a model out as the arrays of the search."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from matcher.bridging import PAIR, mean_score
from matcher.features import features
from matcher.model import MATRIX, MEAN, NEVER, ONE, Model, SearchInput, Staffing
from matcher.prices import dear
from matcher.terms import Ints, Level, Pair

SEAT_STEP = 1 << 20
"""What each further seat of the same person is worth less: sit-outs are spread over people (golfers#18)."""

CODED = 500
"""People above whom a few codes are quicker than a row of scores for everybody who sits down: 944 people made twice the
moves a second, 300 as many."""

MOST_MET = 9999
"""Earlier meetings of two units that count: 16 bits hold these and 22,000 more."""


def lay_out(model: Model, staffing: Staffing, seed: int = 1) -> SearchInput:
    """The arrays; see `Board` for their shapes."""
    host = _hosts(model, staffing)
    fit, kind = _kept(model, host)
    unit, when, first, many, cand = _entries(model, staffing, fit, kind)
    places = model.view.places
    session = np.array([s for s, _ in places], np.int64)
    soft_size, hard_size = _sizes(model, session)
    return SearchInput(
        entry_unit=unit,
        entry_round=when,
        cand_from=first,
        cand_many=many,
        cand=cand,
        people=np.array([len(x) for x in model.units], np.int64),
        cap=_caps(model),
        weight=np.array([model.weight(unit) for unit in model.units], np.int64),
        seat=_seats(model),
        lot=_lots(model, seed),
        scored=bool(model.pairs.table.any()),
        **_unit_scores(model),
        kind=kind,
        fit=fit,
        may=fit >= 0,
        priced=bool((fit > 0).any()),
        speaks=model.speaks,
        interpreter=np.array([model.interpreter.get(u, -1) for u in range(len(model.units))], np.int64),
        bridge=model.bridge,
        interpreted=len(model.bridge) > 0,
        place_speaks=staffing.speaks,
        place_session=session,
        place_round=model.occasion[session] if len(session) else session,
        host=host,
        hosted=bool((host >= 0).any()),
        high=np.where(staffing.open, model.frame.high[session], 0),
        led=_led(model, staffing),
        size_soft=soft_size,
        size_hard=hard_size,
        seats=model.frame.seats,
        mean=mean_factors(model.largest),
        dear=dear(model),
        **features(model),
        **_ties(model),
        **_meetings(model),
        **_level(model),
    )


def mean_factors(largest: int) -> Ints:
    """[n]: factor from the sum over pairs to the sum over members of the mean with the others."""
    return np.array([0, 0] + [round(2 * MEAN / (n - 1)) for n in range(2, largest + 1)], np.int64)


def _caps(model: Model) -> Ints:
    cap = [min(model.frame.meetings[list(unit)]) for unit in model.units]
    return np.minimum(np.array(cap, np.int64), int(model.occasion.max(initial=0)) + 1)


def _hosts(model: Model, staffing: Staffing) -> Ints:
    """[P]: the unit that leads a place and takes part, -1 for none."""
    unit = {f.id: u for f, u in zip(model.problem.facilitators, model.host, strict=True)}
    return np.array([unit.get(name, -1) for name in staffing.leader], np.int64)


def _kept(model: Model, host: Ints) -> tuple[Ints, Ints]:
    """The fits, with which a host sits nowhere else when they lead, and the kinds of places."""
    if (host < 0).all():
        return model.fit, model.kind
    fit = model.fit[:, model.kind]
    when = model.occasion[np.array([s for s, _ in model.view.places], np.int64)]
    for p in np.flatnonzero(host >= 0):
        elsewhere = when == when[p]
        elsewhere[p] = False
        fit[host[p], elsewhere] = NEVER
    return fit, np.arange(len(host))


def _entries(model: Model, staffing: Staffing, fit: Ints, kind: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """One entry for a unit that sits once; one per occasion for a unit that may sit more often.

    Who may come at the same times and speaks the same languages shares a list of places.
    """
    session = np.array([s for s, _ in model.view.places], np.int64)
    occasion = model.occasion[session] if len(session) else session
    last = int(occasion.max(initial=0))
    several = range(last + 1)
    whenever = range(-1, 0)
    unit, when, first, many = [], [], [], []
    lists: list[Ints] = []
    known: dict[tuple[bytes, int, int], tuple[int, int]] = {}
    end = 0
    may = fit >= 0
    for u, cap in enumerate(_caps(model).tolist()):
        row, speaks = may[u].tobytes(), int(model.reach[u])
        for r in whenever if (cap <= 1 and last == 0) or cap == 1 else several:
            if (row, speaks, r) not in known:
                here = may[u, kind] & ((staffing.speaks & speaks) != 0) & staffing.open
                lists.append(np.flatnonzero(here & ((occasion == r) | (r < 0))))
                known[row, speaks, r] = end, len(lists[-1])
                end += len(lists[-1])
            unit.append(u)
            when.append(r)
            start, length = known[row, speaks, r]
            first.append(start)
            many.append(length)
    cand = np.concatenate(lists) if lists else np.zeros(0, np.int64)
    return (*(np.array(x, np.int64) for x in (unit, when, first, many)), cand.astype(np.int64))  # type: ignore[return-value]


def _seats(model: Model) -> Ints:
    """[U]: people by priority. Who was told to have a seat keeps it before somebody new gets one."""
    return np.array(
        [model.weight(unit) * (3 if u in model.held else 1) for u, unit in enumerate(model.units)], np.int64
    )


def _lots(model: Model, seed: int) -> Ints:
    """[U, seats]: the first seat has a lot, each further one is worth a little less."""
    most = int(_caps(model).max(initial=1))
    value = np.zeros((len(model.units), 1), np.int64) - SEAT_STEP * np.arange(max(1, most))[None, :]
    value[:, 0] += np.array([model.weight(unit) for unit in model.units], np.int64) * lots(model, seed)
    return value


def _led(model: Model, staffing: Staffing) -> Ints:
    """[P]: what makes a difference only where groups may also do without a leader."""
    optional = model.frame.leader == "optional"
    return np.array([optional and bool(name) for name in staffing.leader], np.int64)


def lots(model: Model, seed: int) -> Ints:
    """[U]: everybody's lot, from seed and id alone. Among equals it decides who is left out, not how well they mix:
    otherwise those who are like most others, or who keep silent about themselves, would always be the ones.
    """
    names = ["|".join(model.view.people[i].id for i in unit) for unit in model.units]
    drawn = [int.from_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest()[:4], "little") for name in names]
    return np.array(drawn, np.int64) * (lot_price(model) >> 12) >> 20


def lot_price(model: Model) -> int:
    """The worth of the best lot: several times what two people differ in what they add to the bridging.

    Much more would freeze, before the groups are sought, who must be in them.
    """
    return model.best_score * MEAN


def _unit_scores(model: Model) -> dict[str, Any]:
    """A matrix for few people, codes for many: the search reads both through `state.between` and `state.pull`."""
    pairs = model.pairs.of_units(model.units)
    own, each = pairs.with_oneself(), model.pairs.with_oneself()
    alone = np.array([each[list(unit)].sum() for unit in model.units], np.int64)
    found: dict[str, Any] = {"inner": (own - alone) // 2}
    people, codes = len(model.view.people), len(pairs.table)
    if people > MATRIX or (people > CODED and 2 * codes < people):
        nothing = np.zeros((0, 0), np.int32)
        return found | {"score": nothing, "code": pairs.code, "block": pairs.block, "by_code": pairs.table, "own": own}
    none = {"code": np.zeros((len(own), 0), np.int32), "block": np.zeros(1, np.int64)}
    return found | none | {"score": pairs.matrix(), "by_code": np.zeros((0, 0), np.int32), "own": np.zeros_like(own)}


def _sizes(model: Model, session: Ints) -> tuple[Ints, Ints]:
    n = np.arange(model.largest + 1)[None, :]
    low, high = model.frame.low[session][:, None], model.frame.high[session][:, None]
    target = np.clip(model.frame.target[session][:, None], low, high)
    price = np.array([round(model.problem.format.off_target(k) * ONE) for k in range(model.largest + 1)], np.int64)
    soft = np.where(n > 0, price[np.abs(n - target)], 0)
    hard = np.where(n > 0, np.maximum(low - n, 0) + np.maximum(n - high, 0), 0).astype(np.int64)
    return soft, hard


def _ties(model: Model) -> dict[str, Any]:
    """Pairs whose place together or apart has a price, listed from both sides."""
    ties: list[list[tuple[int, int, int, int]]] = [[] for _ in model.units]
    for rule, term in model.terms:
        if isinstance(term, Pair) and term.when in ("together", "apart"):
            for i, j, amount in zip(term.a, term.b, term.amount, strict=True):
                u, v = int(model.unit_of[i]), int(model.unit_of[j])
                soft = 0 if rule.firm else round(model.price(rule) * amount)
                price = (soft, int(np.ceil(amount)) if rule.firm else 0, int(term.when == "apart"))
                if u != v:
                    ties[u].append((v, *price))
                    ties[v].append((u, *price))
    flat = np.array([t for mine in ties for t in mine], np.int64).reshape(-1, 4)
    ptr = np.cumsum([0] + [len(mine) for mine in ties]).astype(np.int64)
    columns = {"tie": 0, "tie_soft": 1, "tie_hard": 2, "tie_apart": 3}
    return {"tie_ptr": ptr, **{name: np.ascontiguousarray(flat[:, k]) for name, k in columns.items()}}


def _meetings(model: Model) -> dict[str, Any]:
    again = [(rule, term) for rule, term in model.terms if isinstance(term, Pair) and term.when == "again"]
    dynamic = bool(again) and int(_caps(model).max(initial=1)) > 1
    if not again or not (dynamic or any(len(term.a) for _, term in again)):
        return {"met": np.zeros((0, 0), np.int16), "met_soft": 0, "met_hard": 0, "dynamic": False}
    met = np.zeros((len(model.units), len(model.units)), np.int16)
    for _, term in again[:1]:
        u, v = model.unit_of[term.a], model.unit_of[term.b]
        pairs, which = np.unique(np.concatenate([u * len(met) + v, v * len(met) + u]), return_inverse=True)
        met.flat[pairs] = np.minimum(np.bincount(which, np.tile(term.amount, 2)), MOST_MET)
    np.fill_diagonal(met, 0)
    soft = sum(round(model.price(rule)) for rule, _ in again if not rule.firm)
    return {"met": met, "met_soft": soft, "met_hard": sum(rule.firm for rule, _ in again), "dynamic": dynamic}


def _level(model: Model) -> dict[str, Any]:
    for rule, term in model.terms:
        if isinstance(term, Level):
            floor = round(term.share * mean_score(model.pairs) * PAIR * MEAN)
            return {"level": floor, "level_weight": round(1000 * (rule.weight or 10.0))}
    return {"level": 0, "level_weight": 0}
