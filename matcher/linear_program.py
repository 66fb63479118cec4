"""A linear program collected row by row, over fractions or whole numbers, and what no point of it exceeds (HiGHS)."""

from __future__ import annotations

import math
from threading import Event, Thread

import highspy
import numpy as np
from numpy.typing import NDArray

WHOLE_NUMBERS = 8_000
"""Columns up to which counts are whole numbers, as they are in every plan: that makes the bound much closer."""

SMALL = 3_000
"""Columns up to which walking along the edges takes no time."""


class LinearProgram:
    """Maximises `cost` over columns from 0 to `upper`; a row is low <= terms <= high."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def column(self, cost: float = 0.0, upper: float = math.inf) -> int:
        """A new variable from 0 up."""
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, terms: dict[int, float], low: float, high: float) -> None:
        """low <= terms <= high."""
        self.rows.append((terms, low, high))

    def maximum(self, seconds: float, enough: Event) -> float:
        """No point is worth more: over fractions, and closer where there is time to look at whole numbers.

        Whoever sets `enough` waits no longer: what was proven until then stands.
        """
        bound = self._fractions(enough)
        if len(self.cost) <= WHOLE_NUMBERS and seconds > 0 and not enough.is_set():
            bound = min(bound, self._whole(seconds, enough))
        return bound

    def solution(self) -> tuple[float, NDArray[np.float64]] | None:
        """The optimum over fractions and a corner where it is reached; nothing if the solver fails."""
        highs = self._loaded()
        highs.setOptionValue("solver", "ipm" if len(self.cost) > SMALL else "simplex")
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return float(highs.getInfo().objective_function_value), np.array(highs.getSolution().col_value)

    def prices(self) -> NDArray[np.float64]:
        """[rows] what one more of the bounds of a row would add at the optimum over fractions (duals)."""
        highs = self._loaded()
        highs.setOptionValue("solver", "ipm")
        # In the middle of all optimal prices, where column generation needs fewest rounds. There HiGHS 1.14 mixes up
        # the sign of a maximum, so the opposite is made smallest.
        highs.setOptionValue("run_crossover", "off")
        highs.changeColsCost(len(self.cost), np.arange(len(self.cost), dtype=np.int32), -np.array(self.cost))
        highs.changeObjectiveSense(highspy.ObjSense.kMinimize)
        highs.run()
        return -np.array(highs.getSolution().row_dual)

    def _fractions(self, enough: Event) -> float:
        highs = self._loaded()
        # From within: 1.7 s at 4,000 people, where walking along the edges takes 47 s and more.
        highs.setOptionValue("solver", "ipm")
        _run(highs, enough)
        proven = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(highs.getInfo().objective_function_value) if proven else math.inf

    def _whole(self, seconds: float, enough: Event) -> float:
        highs = self._loaded(whole=True)
        highs.setOptionValue("time_limit", seconds)
        _run(highs, enough)
        return float(highs.getInfo().mip_dual_bound)

    def _loaded(self, whole: bool = False) -> highspy.Highs:
        """The whole program handed over at once: row by row takes longer than solving it."""
        model, columns = highspy.HighsLp(), len(self.cost)
        model.sense_ = highspy.ObjSense.kMaximize
        model.num_col_, model.num_row_ = columns, len(self.rows)
        model.col_cost_, model.col_lower_ = np.array(self.cost), np.zeros(columns)
        model.col_upper_ = np.array(self.upper)
        model.row_lower_ = np.array([low for _, low, _ in self.rows], float)
        model.row_upper_ = np.array([high for _, _, high in self.rows], float)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0] + [len(terms) for terms, _, _ in self.rows])
        matrix.index_ = np.array([column for terms, _, _ in self.rows for column in terms])
        matrix.value_ = np.array([value for terms, _, _ in self.rows for value in terms.values()], float)
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * columns
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("parallel", "off")
        highs.passModel(model)
        return highs


def _run(highs: highspy.Highs, enough: Event) -> None:
    """Solve, and stop as soon as somebody has had enough of waiting."""
    over = Event()

    def watch() -> None:
        while not over.wait(0.1):
            if enough.is_set():
                highs.cancelSolve()
                return

    highs.HandleUserInterrupt = True
    watching = Thread(target=watch, daemon=True)
    watching.start()
    highs.run()
    over.set()
    watching.join()
