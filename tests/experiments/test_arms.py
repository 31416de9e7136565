"""Arms: names, expressions, families, and stacks of equal cost to the cent."""

import dataclasses

import numpy as np
import pytest

from parley.errors import ScenarioError
from parley.model import PartneringModel
from parley.practice_types import DIALS
from parley.practices import available_practices, available_variants, load_practices
from parley.scenario import make_scenario
from parley_experiments.arms import FAMILIES, PRESETS, expand_arms, families, read_arm
from parley_experiments.comparison import comparison_specs

HSBP = load_practices("hsbp")


def levels(practices):
    return dict(zip(DIALS, practices.nominal, strict=True))


def test_plain_names_and_files_are_the_stacks_themselves(tmp_path):
    for name in (*available_practices(), *available_variants()):
        assert read_arm(name) == load_practices(name)
    path = tmp_path / "my-own.toml"
    path.write_text('extends = "csr"\nlabel = "Mine"\n')
    assert read_arm(str(path)).label == "Mine"


def test_a_practice_added_has_the_level_of_the_framework():
    plain, more = load_practices("transactional"), read_arm("transactional+mapping")
    assert more.key == "transactional+mapping"
    assert more.label == "Transactional agreements with mapping"
    assert levels(more) == levels(plain) | {"mapping": 0.8}
    assert dataclasses.replace(more, key="", label="", nominal=()) == (
        dataclasses.replace(plain, key="", label="", nominal=())
    )


def test_taking_out_and_adding_may_be_combined():
    arm = read_arm("transactional+mapping+inclusive-protocols")
    changed = {"mapping": 0.8, "inclusive": 0.8, "protocols": 0.0}
    assert levels(arm) == levels(load_practices("transactional")) | changed


@pytest.mark.parametrize(
    ("pillar", "kept"),
    [
        ("principles", DIALS[:5]),
        ("processes", DIALS[5:11]),
        ("tools", DIALS[11:17]),
    ],
)
def test_a_pillar_alone(pillar, kept):
    arm = read_arm(f"hsbp@{pillar}")
    whole = levels(HSBP)
    found = levels(arm)
    assert found == {dial: whole[dial] if dial in kept else 0.0 for dial in found}
    assert {dial for dial, level in found.items() if level} == set(kept)


def test_an_ablation_of_phases_reaches_every_phase():
    arm = read_arm("hrdd_then_hsbp-mapping")
    assert [levels(phase.practices)["mapping"] for phase in arm.phases] == [0.0, 0.0]
    assert [levels(phase.practices)["inclusive"] for phase in arm.phases] == [0.3, 0.8]


def test_families():
    found = families()
    assert tuple(found) == FAMILIES
    assert found["presets"] == PRESETS
    assert found["ablations"] == tuple(f"hsbp-{dial}" for dial in DIALS)
    assert "transactional+documentation" in found["additions"]
    assert len(found["additions"]) == sum(
        level > levels(load_practices("transactional"))[dial]
        for dial, level in levels(HSBP).items()
    )
    assert found["pillars"] == ("hsbp@principles", "hsbp@processes", "hsbp@tools")
    for family in found.values():
        assert len({read_arm(name).key for name in family}) == len(family)


def test_expanding():
    assert expand_arms(["none", "hsbp"]) == ("none", "hsbp")
    assert expand_arms(["none", "none"]) == ("none", "none")  # for the caller to refuse
    assert expand_arms(["hsbp", "presets"]) == ("hsbp", *PRESETS[:-1])
    assert expand_arms(["pillars", "none"])[-1] == "none"


def test_a_comparison_takes_families_and_expressions():
    specs = comparison_specs(["presets", "random:3"], ["bosnia"], 1, months=6, population=60)
    assert [spec.arm for spec in specs] == [*PRESETS, "random:3"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("preset", ("unknown practices", "did you mean 'presets'")),
        ("hsbq-sharing", ("unknown practices", "did you mean 'hsbp'")),
        ("officials_prxy", ("did you mean 'officials_proxy'",)),
        ("hsbp-sharin", ("did you mean 'sharing'",)),
        ("hsbp@tool", ("unknown pillar", "did you mean 'tools'")),
        ("random:x", ("has no seed", "random:1")),
    ],
)
def test_unknown_names_are_refused_with_a_suggestion(name, parts):
    with pytest.raises(ScenarioError) as caught:
        read_arm(name)
    (problem,) = caught.value.problems
    assert all(part in str(problem) for part in parts), str(problem)


def cash_need(stack, place):
    """Cash that the announced levels need in a month, hired hours included (cents)."""
    model = PartneringModel(make_scenario(place=place, practices=stack, months=1, population=1000))
    nominal = np.asarray(stack.nominal)
    hours = nominal * model.dial_hours
    own = model.world.place.facts.staff_hours_per_1000 * model.people.n / 1000.0
    hired = max(1.0 - own / hours.sum(), 0.0)
    model.step()
    return float((nominal * model.dial_prices + hours * hired * model.hour_price).sum()), model


@pytest.mark.parametrize("place", ["bosnia", "colombia"])
def test_random_stacks_cost_what_the_framework_costs_to_the_cent(place):
    wanted, whole = cash_need(HSBP, place)
    for seed in range(1, 9):
        stack = read_arm(f"random:{seed}")
        need, model = cash_need(stack, place)
        assert round(need) == round(wanted)
        assert model.now.process_planned == whole.now.process_planned > 0
        assert model.now.process_paid == whole.now.process_paid


def test_random_stacks_differ_and_come_again():
    stacks = [read_arm(f"random:{seed}").nominal for seed in range(200)]
    assert len(set(stacks)) == 200
    assert read_arm("random:7").nominal == stacks[7]
    for nominal in stacks:
        assert 0.0 < min(nominal) < max(nominal) < 1.0
    # far enough from the framework to be a control
    apart = [np.abs(np.array(nominal) - HSBP.nominal).sum() for nominal in stacks]
    assert np.mean(apart) > 2.0
