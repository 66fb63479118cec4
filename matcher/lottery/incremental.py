"""A linear or integer program that is solved, changed a little and solved again (HiGHS)."""

from __future__ import annotations

import highspy
import numpy as np

from matcher.lottery.quotas import Floats

INFINITY: float = highspy.kHighsInf
TIGHT = 1e-9
"""Feasibility tolerance of linear programs, far under the 1e-6 to which chances are reported."""
LOOSE = 1e-7
"""HiGHS' own tolerance, for programs that it cannot solve otherwise."""
WIDE = 1e-6
"""More than this is no rounding."""
PRIMAL = 4
"""HiGHS' number for the primal simplex."""
ENDS = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)


class IncrementalProgram:
    """Minimises. Rows and columns count as added; `values`, `duals` and `objective` are of the last solve.

    The dual of a row 'at least' is >= 0: how much the objective grows with its right-hand side.
    """

    def __init__(self, *, whole: bool = False, grows: bool = False) -> None:
        self.solves = 0
        self.values, self.duals, self.objective = np.zeros(0), np.zeros(0), 0.0
        self._whole = whole
        self._settled, self._hair = dict[int, float](), TIGHT
        self._highs = highspy.Highs()
        self._set("output_flag", False)
        # Serial: parallel code may find another optimum of equal worth, and a lottery must be repeatable.
        self._set("parallel", "off")
        if whole:
            self._set("mip_rel_gap", 0.0)
            self._set("mip_abs_gap", TIGHT)
        else:
            self._tolerate(TIGHT)
        if grows:
            # A new column leaves the last solution valid, from which the primal simplex goes on.
            self._set("simplex_strategy", PRIMAL)

    def _tolerate(self, error: float) -> None:
        self._set("primal_feasibility_tolerance", error)
        self._set("dual_feasibility_tolerance", error)

    def _set(self, option: str, value: bool | float | str) -> None:
        self._highs.setOptionValue(option, value)

    def row(self, low: float, high: float, columns: list[int], values: list[float]) -> None:
        """Add low <= values . columns <= high."""
        self._highs.addRow(low, high, len(columns), np.array(columns, np.int32), np.array(values, float))

    def column(self, cost: float, high: float, rows: list[int], values: list[float]) -> None:
        """Add a variable from 0 to high that stands in `rows` with `values`."""
        number = self._highs.getNumCol()
        self._highs.addCol(cost, 0.0, high, len(rows), np.array(rows, np.int32), np.array(values, float))
        if self._whole:
            self._highs.changeColIntegrality(number, highspy.HighsVarType.kInteger)

    def costs(self, costs: Floats) -> None:
        """Give the first columns these costs."""
        self._highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def bound(self, column: int, low: float, high: float) -> None:
        """Keep a column between low and high."""
        self._highs.changeColBounds(column, low, high)

    def settle(self, row: int, column: int, low: float) -> None:
        """Take a column out of a row, which has to be at least `low` from now on, but for a hair."""
        self._highs.changeCoeff(row, column, 0.0)
        self._highs.changeRowBounds(row, low - self._hair, INFINITY)
        self._settled[row] = low

    def solve(self) -> bool:
        """Solve to optimality; False if there is no solution. Raises RuntimeError if the solver gives up."""
        # What was reached once can be reached again: rows settled in a row fail by rounding only.
        while not (solved := self._solve()) and self._settled and self._hair < WIDE:
            self._hair *= 2
            for row, low in self._settled.items():
                self._highs.changeRowBounds(row, low - self._hair, INFINITY)
        return solved

    def _solve(self) -> bool:
        self.solves += 1
        status = self._run()
        # A warm start may get stuck between tolerances, a hard program under a tight one.
        for error in (TIGHT, LOOSE):
            if status not in ENDS:
                self._highs.clearSolver()
                self._tolerate(error)
                status = self._run()
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"the solver stopped: {self._highs.modelStatusToString(status)}")
        solution = self._highs.getSolution()
        self.values, self.duals = np.array(solution.col_value), np.array(solution.row_dual)
        self.objective = float(self._highs.getInfo().objective_function_value)
        return True

    def _run(self) -> highspy.HighsModelStatus:
        self._highs.run()
        return self._highs.getModelStatus()
