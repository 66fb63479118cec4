"""One way to call CP-SAT: fixed seed, one worker and a budget in deterministic time, so that a run can be repeated."""

from __future__ import annotations

from ortools.sat.python import cp_model


class Solver(cp_model.CpSolver):
    """A solver that remembers how it ended."""

    status: cp_model.CpSolverStatus = cp_model.UNKNOWN

    @property
    def found(self) -> bool:
        """Whether there is a solution, proven best or not."""
        return self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def solve(model: cp_model.CpModel, seed: int, effort: float, gap: float = 0.0) -> Solver:
    """Solve within `effort` (about seconds on one core, but counted in work done, so the same everywhere)."""
    solver = Solver()
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    solver.parameters.catch_sigint_signal = False  # whoever runs us decides what Ctrl-C does
    solver.parameters.num_workers = 1
    solver.parameters.absolute_gap_limit = gap
    solver.status = solver.solve(model)
    return solver
