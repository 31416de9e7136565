"""People and ties drawn once serve models that differ in practices, to the last bit."""

import numpy as np
import pytest

from parley.drawn import Drawn, drawn_people
from parley.model import PartneringModel
from parley.scenario import make_scenario


def scenario_with(practices):
    return make_scenario(place="colombia", practices=practices, population=150, months=6)


def test_a_model_of_what_was_drawn_lives_the_same_months():
    first = PartneringModel(scenario_with("none"), 3, 1)
    drawn = Drawn(drawn_people(first.world, 3, 1), first.ties)
    first.run_model()
    plain = PartneringModel(scenario_with("hsbp"), 3, 1)
    again = PartneringModel(scenario_with("hsbp"), 3, 1, drawn=drawn)
    plain.run_model()
    again.run_model()
    for name, months in plain.recorder.series.items():
        np.testing.assert_array_equal(again.recorder.series[name], months)
    for name, column in plain.people.columns.items():
        np.testing.assert_array_equal(again.people.columns[name], column)
    assert again.ties is first.ties


def test_what_was_drawn_stays_as_it_was():
    world = scenario_with("hsbp")
    drawn = Drawn(drawn_people(world, 3, 1), PartneringModel(world, 3, 1).ties)
    before = drawn.fresh()
    PartneringModel(world, 3, 1, drawn=drawn).run_model()
    for name, column in before.items():
        np.testing.assert_array_equal(drawn.columns[name], column)
        with pytest.raises(ValueError, match="read-only"):
            drawn.columns[name][0] = column[0]


def test_size_counts_columns_and_ties():
    world = scenario_with("none")
    columns = drawn_people(world, 3, 1)
    drawn = Drawn(columns, PartneringModel(world, 3, 1).ties)
    assert drawn.nbytes == drawn.ties.nbytes + sum(c.nbytes for c in columns.values())
    assert drawn.nbytes > 150 * 8 * 20
