"""Runs one order: builds the model, steps it to the end, returns the result or the failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.measures_partnership import partnership_months
from parley.mechanisms.value import present_value
from parley.model import PartneringModel
from parley.results import RunFailure, RunResult
from parley.steps.value import exit_value

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
        model = PartneringModel(spec.scenario, spec.root_seed, spec.replicate, spec.backend)
        model.run_model()
        return collect(spec, model)
    except Exception as error:  # noqa: BLE001 - a failed run is a row with its reason
        if model is None:
            return RunFailure.of(spec, error)
        return RunFailure.of(spec, error, model.now.index, model.at_step)


def collect(spec: RunSpec, model: PartneringModel) -> RunResult:
    """Take out of a finished model what is worth keeping."""
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
        finals=values(model) | {"partnership_months": partnership_months(model)},
        timings=dict(model.timings),
        people=model.people.n,
    )


def values(model: PartneringModel) -> dict[str, float]:
    """Net present value of the site over the run, alone and with what it is worth at the end.

    The value at the end rests on the price of the last month and on the last year's disruption
    and spending, so it stands apart.

    Returns:
        Median monthly incomes per resident.
    """
    rate = model.p.budget.discount_rate_per_year
    dividends = np.asarray(model.company.headquarters.dividends, dtype=np.float64)
    npv = present_value(dividends, rate) / (model.people.n * model.cents_per_income)
    later = np.append(np.zeros(dividends.size), exit_value(model))
    return {"npv": npv, "npv_with_exit": npv + present_value(later, rate)}
