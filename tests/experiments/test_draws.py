"""Draws from the priors: one per slice, the same again, each parameter on its own."""

import math

import pytest

from parley.errors import RunError
from parley.registry import build_parameters, load_registry
from parley_experiments.draws import draw_parameters, swept_parameters

DRAWS = 40


@pytest.fixture(scope="module")
def drawn():
    return draw_parameters(DRAWS, seed=3)


def test_every_uncertainty_and_switch_is_drawn_and_nothing_else(drawn):
    known = load_registry().parameters.values()
    wanted = {p.key for p in known if p.role in ("uncertainty", "switch")}
    assert len(wanted) > 200
    assert all(set(values) == wanted for values in drawn)
    for key in ("dial_cost.mapping", "dial_hours.mapping", "dial_skill.mapping"):
        assert key in wanted
    assert "budget.social_budget_share" not in wanted  # a lever


def test_every_slice_of_every_continuous_prior_is_used_once(drawn):
    for parameter in swept_parameters():
        prior = parameter.prior
        if prior.kind == "uniform" and not prior.integer:
            width = (prior.high - prior.low) / DRAWS
            slices = sorted(
                math.floor((values[parameter.key] - prior.low) / width) for values in drawn
            )
            assert slices == list(range(DRAWS)), parameter.key


def test_half_of_the_draws_switch_off_a_prior_with_half_its_mass_there(drawn):
    off = [values["grievance.tunnel_hope"] == 0.0 for values in drawn]
    assert sum(off) == DRAWS // 2


def test_integer_priors_give_whole_numbers_of_every_value(drawn):
    layers = [values["practices.chain_layers"] for values in drawn]
    assert sorted(set(layers)) == [2, 3, 4, 5]
    assert [layers.count(n) for n in (2, 3, 4, 5)] == [10, 10, 10, 10]


def test_every_draw_is_allowed(drawn):
    for values in drawn:
        assert build_parameters(values) is not None


def test_the_same_seed_draws_the_same_and_another_does_not(drawn):
    assert draw_parameters(DRAWS, seed=3) == drawn
    other = draw_parameters(DRAWS, seed=4)
    same = [a == b for one, two in zip(drawn, other, strict=True)
            for (key, a), b in zip(one.items(), two.values(), strict=True)
            if key == "trust.learning_per_month"]  # fmt: skip
    assert sum(same) == 0


def test_a_parameter_left_out_does_not_move_the_others(drawn):
    fewer = draw_parameters(DRAWS, seed=3, fixed=["trust.learning_per_month"])
    for some, every in zip(fewer, drawn, strict=True):
        assert "trust.learning_per_month" not in some
        assert some == {k: v for k, v in every.items() if k != "trust.learning_per_month"}


def test_two_parameters_are_not_drawn_in_step(drawn):
    keys = ("trust.learning_per_month", "trust.forgetting_per_month")
    ranks = [
        sorted(range(DRAWS), key=lambda draw, key=key: drawn[draw][key]) for key in keys
    ]  # fmt: skip
    assert ranks[0] != ranks[1]


def test_no_draws_are_refused():
    with pytest.raises(RunError, match="at least 1 draw"):
        draw_parameters(0)
