"""A model with known Sobol' indices, planted where the real one runs: design, runs, store, answer.

Under `hsbp` the outcome is the function of Ishigami and Homma (1990) of three numbers of the model,
whose indices are known in closed form; under `transactional` it is the same plus a plain multiple
of the second number, so that the difference between the arms rests on that number alone.
"""

import datetime
import functools
import math

import numpy as np
import pytest

from parley.registry import load_registry
from parley.results import RunResult
from parley_analysis.sensitivity_sweep import Questions, sweep_indices
from parley_analysis.sweep_data import open_sweep
from parley_experiments.design import read_design
from parley_experiments.sweep import make_plan, run_sweep

KEYS = ("chain.turnover_per_month", "appraisal.weight_voice", "grievance.deprivation_inflow")
LUCK_SD = 2.0
A, B = 7.0, 0.1
V1 = 0.5 * (1.0 + B * math.pi**4 / 5.0) ** 2
V2 = A**2 / 8.0
V13 = B**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
TOTAL = V1 + V2 + V13
FIRST = (V1 / TOTAL, V2 / TOTAL, 0.0)
WHOLE = ((V1 + V13) / TOTAL, V2 / TOTAL, V13 / TOTAL)


def planted(spec, luck_sd=0.0):
    known = load_registry().parameters
    x = []
    for key in KEYS:
        section, name = key.split(".")
        value = getattr(getattr(spec.scenario.parameters, section), name)
        low, high = known[key].prior.low, known[key].prior.high
        x.append(math.pi * (2.0 * (value - low) / (high - low) - 1.0))
    y = math.sin(x[0]) + A * math.sin(x[1]) ** 2 + B * x[2] ** 4 * math.sin(x[0])
    y += 0.5 * x[1] * (spec.arm == "transactional")
    y += luck_sd * np.random.default_rng([spec.root_seed, spec.replicate]).standard_normal()
    return RunResult(
        identity=spec.identity,
        place=spec.place,
        arm=spec.arm,
        replicate=spec.replicate,
        root_seed=spec.root_seed,
        start=datetime.date(2012, 1, 1),
        months=12,
        groups=("all",),
        series={"trust_company": np.full((1, 1), y)},
        kept_months=(11,),
        people=spec.scenario.population,
    )


def swept(folder, **sample):
    content = {
        "question": "Are the planted indices found?",
        "places": ["bosnia"],
        "arms": ["hsbp", "transactional"],
        "months": 12,
        "population": 100,
        "outcomes": ["trust_company"],
        "sample": {"method": "sobol", "n": 128, "names": list(KEYS), "ranges": ranges()} | sample,
    }
    plan = make_plan(read_design(content, "planted", "planted.toml"))
    sd = LUCK_SD if plan.design.luck_varies else 0.0
    report = run_sweep(plan, folder, run_one=functools.partial(planted, luck_sd=sd))
    assert report.failed == 0
    sweep = open_sweep(folder)
    return sweep_indices(sweep, Questions.of(sweep.design, methods=["sobol"]))


def ranges():
    """Evenly spread, whatever the registry believes."""
    known = load_registry().parameters
    return {key: {"low": known[key].prior.low, "high": known[key].prior.high} for key in KEYS}


def index(found, of, kind, factor):
    table = found.indices
    where = (table["contrast"] == of) & (table["index"] == kind) & (table["factor"] == factor)
    assert where.sum() == 1, (of, kind, factor, table.columns.tolist())
    return table[where].iloc[0]


@pytest.mark.slow
def test_the_indices_of_a_planted_model_come_back_inside_their_intervals(tmp_path):
    found = swept(tmp_path / "out", second_order=True)
    for key, first, whole in zip(KEYS, FIRST, WHOLE, strict=True):
        for kind, truth in (("first", first), ("total", whole)):
            row = index(found, "hsbp", kind, key)
            assert row["low"] <= truth <= row["high"], (key, kind, truth, row)
            assert row["high"] - row["low"] < 0.5
    assert index(found, "hsbp", "total", "dummy")["value"] == pytest.approx(0.0, abs=1e-9)
    difference = index(found, "hsbp - transactional", "total", KEYS[1])
    assert difference["value"] == pytest.approx(1.0, abs=0.02)
    assert index(found, "hsbp - transactional", "total", KEYS[0])["value"] == pytest.approx(
        0.0, abs=1e-9
    )


@pytest.mark.slow
def test_luck_as_a_factor_takes_its_planted_share_and_none_of_a_difference(tmp_path):
    found = swept(tmp_path / "out", luck=True, n=256)
    share = LUCK_SD**2 / (TOTAL + LUCK_SD**2)
    row = index(found, "hsbp", "first", "luck")
    assert row["low"] <= share <= row["high"]
    assert row["value"] == pytest.approx(share, abs=0.12)
    assert index(found, "hsbp - transactional", "total", "luck")["value"] == pytest.approx(
        0.0, abs=1e-9
    )
