"""What a stack costs is what the model charges."""

import pytest
from workshop.conftest import SMALL

from parley.model import PartneringModel
from parley_workshop import edits
from parley_workshop.board import Change
from parley_workshop.budget import stack_cost
from parley_workshop.scenarios import scenario_of


def test_costs_are_those_of_the_model_and_do_not_depend_on_how_many_are_simulated():
    cost = stack_cost(SMALL, 0)
    model = PartneringModel(scenario_of(SMALL, 0))
    thousand = SMALL.population / 1000.0
    nominal = model.stack.nominal
    usd = sum(level * price for level, price in zip(nominal, model.dial_prices, strict=True))
    assert cost.usd == pytest.approx(usd / 100.0 / thousand, rel=1e-9)
    hours = sum(level * time for level, time in zip(nominal, model.dial_hours, strict=True))
    assert cost.hours == pytest.approx(hours / thousand, rel=1e-9)
    assert cost.budget_usd == pytest.approx(4216, rel=0.01)  # US$4.2 a resident and month


def test_nothing_announced_costs_nothing():
    cost = stack_cost(SMALL, 1)
    assert (cost.usd, cost.hours) == (0.0, 0.0)


def test_a_change_counts_from_its_month():
    board = edits.with_change(SMALL, 0, Change(12, (("facilitation", 0.0),)))
    before, after = stack_cost(board, 0, 11), stack_cost(board, 0, 12)
    assert before.dials["facilitation"].usd > 0.0 == after.dials["facilitation"].usd
    assert before.usd - after.usd == pytest.approx(before.dials["facilitation"].usd)
