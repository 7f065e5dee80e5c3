"""A thin door to HiGHS: linear programs with some integer variables, arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from .contracts import BoolArray, FloatArray, IntArray

WHOLE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One constraint: lower ≤ Σ values · x[index] ≤ upper."""

    index: IntArray
    values: FloatArray
    lower: float
    upper: float

    @classmethod
    def count(cls, index: IntArray, lower: float, upper: float) -> Row:
        """So many of these variables."""
        return cls(index, np.ones(len(index)), lower, upper)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Maximise cost · x subject to `rows` and 0 ≤ x ≤ upper; `whole` marks integer variables."""

    cost: FloatArray
    upper: FloatArray
    whole: BoolArray
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Best solution found: `optimal` within the tolerance asked for, else only feasible; `gap` is relative."""

    x: FloatArray
    value: float
    optimal: bool
    gap: float
    reduced_cost: FloatArray


def solve(
    program: Program,
    *,
    time_limit: float,
    gap: float = 1e-4,
    slack: float = 1e-6,
    start: FloatArray | None = None,
    core: int = 30,
) -> Solution | None:
    """Solve within `time_limit` seconds to within `gap` (relative) or `slack` (absolute); None when nothing feasible
    was found (or exists).

    The relaxation is tried first: with quotas alone it is often whole already. If not, only the `core` variables of
    smallest reduced cost are left free, the others fixed at their relaxed values (Balas & Zemel 1980); when the
    answer comes within `gap` of the relaxation it is optimal within `gap`, otherwise the whole program is searched.
    """
    began = perf_counter()
    relaxed = _run(program, relax=True, time_limit=time_limit, gap=gap)
    if relaxed is None or _is_whole(relaxed.x, program.whole):
        return relaxed
    if core < len(program.cost):
        near = _solve_core(program, relaxed, core, time_limit - (perf_counter() - began), gap)
        if near is not None and near.value >= relaxed.value - gap * abs(relaxed.value):
            return near
    left = time_limit - (perf_counter() - began)
    return _run(program, relax=False, time_limit=left, gap=gap, slack=slack, start=start)


def _solve_core(program: Program, relaxed: Solution, core: int, time_limit: float, gap: float) -> Solution | None:
    fractional = np.abs(relaxed.x - np.round(relaxed.x)) > WHOLE
    distance = np.where(fractional, -1.0, np.abs(relaxed.reduced_cost))
    free = np.sort(np.argpartition(distance, core)[:core])
    x = np.round(relaxed.x)
    place = np.full(len(x), -1)
    place[free] = np.arange(core)
    rows = [_restricted(row, x, place) for row in program.rows]
    part = Program(program.cost[free], program.upper[free], program.whole[free], rows)
    found = _run(part, relax=False, time_limit=time_limit, gap=gap / 2)
    if found is None:
        return None
    x[free] = found.x
    value = float(program.cost @ x)
    short = (relaxed.value - value) / max(abs(value), 1e-12)
    return Solution(x, value, short <= gap, short, relaxed.reduced_cost)


def _restricted(row: Row, x: FloatArray, place: IntArray) -> Row:
    """The row on the free variables alone; the fixed ones move to its bounds."""
    at = place[row.index]
    inside = at >= 0
    fixed = float(row.values[~inside] @ x[row.index[~inside]])
    return Row(at[inside], row.values[inside], row.lower - fixed, row.upper - fixed)


def _is_whole(x: FloatArray, whole: BoolArray) -> bool:
    return bool(np.all(np.abs(x[whole] - np.round(x[whole])) < WHOLE))


def _run(
    program: Program,
    *,
    relax: bool,
    time_limit: float,
    gap: float,
    slack: float = 1e-6,
    start: FloatArray | None = None,
) -> Solution | None:
    import highspy  # a heavy import, paid only by those who optimise

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {
        "output_flag": False,
        "time_limit": max(time_limit, 1e-3),
        "mip_rel_gap": gap,
        "mip_abs_gap": slack,
        "threads": 1,
        "random_seed": 1,
    }.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(highspy, program, relax))
    if start is not None and not relax:
        guess = highspy.HighsSolution()
        guess.col_value = start.tolist()
        solver.setSolution(guess)
    solver.run()
    info, optimal = solver.getInfo(), solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != 2:  # 2: a feasible point is at hand
        return None
    point = solver.getSolution()
    x = np.array(point.col_value)
    left = 0.0 if relax else float(info.mip_gap)
    return Solution(x, float(program.cost @ x), optimal, left, np.array(point.col_dual) if relax else np.zeros(len(x)))


def _model(highspy: Any, program: Program, relax: bool) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = program.cost
    lp.col_lower_ = np.zeros(len(program.cost))
    lp.col_upper_ = program.upper
    lp.row_lower_ = np.array([row.lower for row in program.rows], dtype=np.float64)
    lp.row_upper_ = np.array([row.upper for row in program.rows], dtype=np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row.index) for row in program.rows])]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([row.index for row in program.rows]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([row.values for row in program.rows]).astype(np.float64)
    if not relax:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(w)] for w in program.whole]
    return lp
