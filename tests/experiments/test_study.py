"""The design of the study of refutability follows from the registry and from scenarios."""

import dataclasses

import numpy as np
import pytest

from parley.practices import available_practices, load_practices
from parley.registry import load_registry
from parley.runner import run
from parley.toml_files import available
from parley_analysis.load import load
from parley_analysis.winmatrix import levels_by_arm
from parley_experiments import thin
from parley_experiments.refutability import design_specs, run_design
from parley_experiments.studies import refutability as study
from parley_experiments.studies.refutability import SMALL, Size, fixed_parts, trace_parts

TINY = Size(
    draws=3, places=("bosnia",), arms=("none", "hsbp"), months=5, population=60, planted_draws=2
)


def test_everything_that_comes_with_parley_is_in_it():
    main = fixed_parts(Size())[0]
    assert main.design.arms == available_practices()
    assert main.design.places == available("places")
    assert main.design.draws == 500
    assert main.runs == 500 * len(main.design.arms) * len(main.design.places)


def test_every_switch_of_the_registry_is_set_to_its_null_and_its_far_end():
    held = [part.about for part in fixed_parts(Size()) if part.kind == "switch"]
    for parameter in load_registry().parameters.values():
        values = [about["value"] for about in held if about["switch"] == parameter.key]
        if parameter.role == "switch":
            ends = {parameter.prior.ppf(0.0), parameter.prior.ppf(1.0)}
            assert parameter.null in values
            assert set(values) & (ends - {parameter.null})
            assert (min(values) < parameter.null) == (parameter.minimum < parameter.null)
        else:
            assert values == []


def test_blocks_switch_off_every_mechanism_that_is_drawn():
    held = {key: value for block in study.blocks().values() for key, value in block.items()}
    for parameter in load_registry().parameters.values():
        drawn = parameter.role in ("switch", "uncertainty") and parameter.null is not None
        assert (held.get(parameter.key) == parameter.null) if drawn else parameter.key not in held


def test_traces_take_out_every_block_and_every_practice_of_the_framework():
    parts = trace_parts(TINY, ["bosnia"], ["hsbp", "none"])
    announced = sum(level > 0 for level in load_practices("hsbp").nominal)
    assert len(parts) == len(study.blocks()) + announced
    assert trace_parts(TINY, [], ["hsbp"]) == ()
    within = trace_parts(TINY, ["bosnia"], ["hsbp", "none"], ["trust"])
    assert [part.design.held for part in within] == [
        {key: value} for key, value in study.blocks()["trust"].items()
    ]


def test_all_batches_run_draws_of_the_main_one():
    parts = [*fixed_parts(SMALL), *trace_parts(SMALL, ["bosnia"], ["hsbp", "none"])]
    assert len({part.folder for part in parts}) == len(parts)
    for part in parts:
        assert (part.design.draws, part.design.seed) == (SMALL.draws, SMALL.seed)
        assert len(design_specs(part.design)) == part.runs


@pytest.mark.parametrize("part", fixed_parts(TINY)[1:] + trace_parts(TINY, ["bosnia"], ["hsbp"]),
                         ids=lambda part: part.folder)  # fmt: skip
def test_every_batch_reads(part):
    """Every value that is held is one that the registry allows."""
    specs = design_specs(dataclasses.replace(part.design, first=1))
    assert len(specs) == len(part.design.arms) * len(part.design.places)


def test_thinned_runs_have_the_levels_of_whole_ones(tmp_path):
    design = dataclasses.replace(fixed_parts(TINY)[0].design, first=2)
    run_design(design, tmp_path / "whole", processes=1)
    about = {"kept": thin.KEPT}
    run_design(design, tmp_path / "thin", processes=1, run_one=thin.run_thin, about=about)
    whole, small = load(tmp_path / "whole"), load(tmp_path / "thin")
    assert (whole.length, small.length, small.months) == (5, 5, 1)
    names = list(whole.outcomes)
    first, second = levels_by_arm(whole, names), levels_by_arm(small, names)
    assert first.index.equals(second.index)
    np.testing.assert_allclose(second.to_numpy(), first.to_numpy(), rtol=1e-12, atol=1e-15)
    rows = [len(batch.results.series(["trust_company"])) for batch in (whole, small)]
    assert rows[0] == 5 * rows[1]


def test_a_failed_run_stays_a_failure(monkeypatch):
    spec = design_specs(dataclasses.replace(fixed_parts(TINY)[0].design, first=1))[0]
    failure = run(dataclasses.replace(spec, replicate=0))
    monkeypatch.setattr("parley.runner.run", lambda spec: "failed")
    assert thin.run_thin(spec) == "failed"
    assert failure.months == 5


def test_every_block_can_be_switched_off_in_a_run():
    """A block at its nulls is a world like any other."""
    for part in trace_parts(dataclasses.replace(TINY, months=2), ["bosnia"], ["hsbp"]):
        spec = design_specs(dataclasses.replace(part.design, first=1, months=2))[0]
        assert hasattr(run(spec), "series"), part.folder
