"""Opening places: what happens when the solver has no time."""

from __future__ import annotations

from matcher.bench.problems import evenings
from matcher.engine import in_order
from matcher.model import Model
from matcher.places import open_places


def test_a_solver_without_time_opens_nothing_and_claims_nothing() -> None:
    """With 4000 people the first solve once ended without a plan, and reading its values anyway filled the memory."""
    model = Model(in_order(evenings(60, 2, 1)))
    hurried, calm = open_places(model, 1, effort=0.0), open_places(model, 1)
    assert (hurried.start < len(model.view.places)).all()
    assert hurried.weight_bound >= calm.weight_bound
