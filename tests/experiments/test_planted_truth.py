"""Worlds in which by design only one channel matters: the contrasts name it, or refuse to."""

import dataclasses

import pytest

from parley.registry import load_registry
from parley_analysis.channels import UNCLEAR, read_verdict
from parley_analysis.load import load
from parley_experiments.refutability import design_specs
from parley_experiments.studies.refutability import Size, fixed_parts, run_part, settings

SIZE = Size(
    draws=16, places=("colombia", "bosnia"), arms=("none",), months=24, population=150,
    planted_draws=16,
)  # fmt: skip
PARTS = {part.about["truth"]: part for part in fixed_parts(SIZE) if part.kind == "planted"}
WORLDS = [truth for truth in PARTS if truth != "as drawn"]


def test_each_channel_has_a_world_and_so_has_nothing():
    contrasts = settings()["channels"]["contrasts"]
    assert set(WORLDS) == {*contrasts, "nothing"}
    assert PARTS["as drawn"].design.held == {}


@pytest.mark.parametrize("truth", WORLDS)
def test_what_is_planted_is_allowed_by_the_registry(truth):
    known = load_registry().parameters
    for key, value in PARTS[truth].design.held.items():
        low, high = known[key].minimum, known[key].maximum
        assert low is None or value >= low
        assert high is None or value <= high


def test_the_two_arms_of_a_contrast_share_the_world():
    design = dataclasses.replace(PARTS["money"].design, first=1, places=("bosnia",))
    specs = design_specs(design)
    assert len({spec.scenario.parameters for spec in specs}) == 1
    assert [spec.arm for spec in specs] == settings()["channels"]["arms"]


def test_stacks_of_contrasts_cost_nothing_and_differ_in_little():
    """Projects with and without delivery practices differ in these practices alone."""
    design = dataclasses.replace(PARTS["money"].design, first=1, places=("bosnia",))
    stacks = {spec.arm: spec.scenario.practices for spec in design_specs(design)}
    plain, delivered = stacks["projects_plain"], stacks["projects_delivered"]
    same = dataclasses.replace(
        delivered, nominal=plain.nominal, key=plain.key, label=plain.label, note=plain.note
    )
    assert same == plain
    assert plain.price_multiplier == stacks["process_free"].price_multiplier == 0.0
    assert not stacks["process_free"].spends


@pytest.mark.slow
@pytest.mark.parametrize("truth", WORLDS)
def test_the_planted_truth_is_recovered(truth, tmp_path):
    """Thirty-two pairs of runs a world."""
    part = PARTS[truth]
    assert run_part(part, tmp_path, processes=1).failed == 0
    verdict = read_verdict(load(tmp_path / part.folder))
    assert verdict.said == (UNCLEAR if truth == "nothing" else truth), verdict.table.to_string()
    if truth == "nothing":
        assert (verdict.table["ties"] == 1.0).all()
