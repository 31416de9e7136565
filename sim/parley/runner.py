"""Runs one order: builds the model, steps it to the end, returns the result or the failure."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import numpy as np

from parley.measures_partnership import partnership_months
from parley.model import PartneringModel
from parley.results import RunFailure, RunResult

if TYPE_CHECKING:
    from parley.results import RunSpec


def run(spec: RunSpec) -> RunResult | RunFailure:
    """Run one model from its first month to its last.

    Args:
        spec: what to run, with which luck.

    Returns:
        The result, or, if anything went wrong, what and where. Nothing is raised: a batch must
        lose one row, not all of them.
    """
    model: PartneringModel | None = None
    try:
        model = PartneringModel(spec.scenario, spec.root_seed, spec.replicate)
        model.run_model()
        return collect(spec, model)
    except Exception as error:  # noqa: BLE001 - a failed run is a row with its reason
        return RunFailure(
            identity=spec.identity,
            place=spec.place,
            arm=spec.arm,
            replicate=spec.replicate,
            root_seed=spec.root_seed,
            error_type=type(error).__name__,
            message=str(error),
            month=None if model is None else model.now.index,
            step=None if model is None else model.at_step,
            traceback=traceback.format_exc(),
        )


def collect(spec: RunSpec, model: PartneringModel) -> RunResult:
    """Take out of a finished model what is worth keeping."""
    practices = spec.scenario.practices
    return RunResult(
        identity=spec.identity,
        place=spec.place,
        arm=spec.arm,
        replicate=spec.replicate,
        root_seed=spec.root_seed,
        start=spec.scenario.start,
        months=spec.scenario.months,
        groups=model.people.reporting_groups,
        series=dict(model.recorder.series),
        events=tuple(model.recorder.events),
        finals={
            "npv": net_present_value(model),
            "partnership_months": partnership_months(model),
        },
        missing_dials=tuple(name for name, level in practices.pending if level > 0),
        timings=dict(model.timings),
        people=model.people.n,
    )


def net_present_value(model: PartneringModel) -> float:
    """Discounted dividends less what headquarters paid in, over the run.

    Returns:
        Median monthly incomes per resident. There is no exit value: it would rest on one number.
    """
    dividends = np.asarray(model.company.headquarters.dividends, dtype=np.float64)
    years = np.arange(dividends.size) / 12.0
    factor = (1.0 + model.p.budget.discount_rate_per_year) ** -years
    return float(dividends @ factor) / (model.people.n * model.cents_per_income)
