"""Bands and orders over replicates, with runs made up by hand."""

import math

import pytest
from workshop.conftest import SMALL

from parley_workshop.ensemble import Ensemble
from parley_workshop.frames import Ended, Frame

MONTHS = 3


class ByHand:
    """An engine whose runs follow a formula: value = arm effect + replicate + month."""

    def __init__(self, value, lose=()):
        self.value, self.lose, self.stopped, self.started = value, lose, 0, []

    def start(self, order, tell):
        self.started.append(order.board.replicate)
        for arm in order.arms:
            for month in range(MONTHS):
                value = self.value(arm, order.board.replicate, month)
                tell(Frame(arm, month, {"trust_company": (value, 0.0)}, (), (), {}, {}, 1.0))
            tell(Ended(arm, "died" if (arm, order.board.replicate) in self.lose else ""))
        return self

    def stop(self):
        self.stopped += 1


def ensemble(value, replicates=5, lose=()):
    engine, told = ByHand(value, lose), []
    made = Ensemble(engine, ["trust_company"])
    made.start(SMALL, replicates, told.append)
    return made, engine, told


def test_replicates_come_one_after_the_other_and_not_the_one_that_is_shown():
    _, engine, told = ensemble(lambda *_: 0.0)
    assert engine.started == [1, 2, 3, 4, 5]
    assert told == [1, 2, 3, 4, 5]


def test_a_band_worked_by_hand():
    """Replicates 1 to 5 in month 2 are 3, 4, 5, 6, 7: tenth quantile 3.4, ninetieth 6.6."""
    made, _, _ = ensemble(lambda _arm, replicate, month: replicate + month)
    band = made.band(0, "trust_company")
    assert (band.low[2], band.middle[2], band.high[2]) == pytest.approx((3.4, 5.0, 6.6))
    assert band.replicates == 5


def test_months_without_a_value_have_no_band():
    made, _, _ = ensemble(lambda _arm, _r, month: math.nan if month == 1 else 0.5)
    assert [math.isnan(x) for x in made.band(0, "trust_company").middle] == [False, True, False]


def test_one_replicate_makes_no_band():
    assert ensemble(lambda *_: 0.0, replicates=1)[0].band(0, "trust_company") is None


def test_orders_are_counted_and_ties_told_apart():
    """Column 1 wins in replicates 4 and 5, column 0 in 1 and 2, and 3 is a tie."""
    made, _, _ = ensemble(lambda arm, replicate, _month: arm * (replicate - 3.0))
    ranking = made.ranking("trust_company", 0, 2)
    assert dict(ranking.orders) == {(0, 1): 2, (1, 0): 2}
    assert (ranking.ties, ranking.replicates) == (1, 5)


def test_a_run_that_failed_is_left_out():
    made, _, _ = ensemble(lambda arm, *_: float(arm), lose={(1, 2)})
    ranking = made.ranking("trust_company", 0, 0)
    assert (dict(ranking.orders), ranking.replicates) == ({(1, 0): 4}, 4)
    assert made.band(0, "trust_company").replicates == 5


class Late:
    """An engine that keeps whom it is to tell; a process may tell a little after it was stopped."""

    def __init__(self):
        self.tells = []

    def start(self, _order, tell):
        self.tells.append(tell)
        return self

    def stop(self):
        """Too late for what is on its way."""


def test_what_an_earlier_start_still_tells_is_dropped():
    engine, told = Late(), []
    made = Ensemble(engine, ["trust_company"])
    made.start(SMALL, 3, told.append)
    made.start(SMALL, 3, told.append)
    before, now = engine.tells
    for tell, value in ((before, 9.0), (now, 1.0)):
        for arm in range(len(SMALL.arms)):
            tell(Frame(arm, 0, {"trust_company": (value, 0.0)}, (), (), {}, {}, 1.0))
            tell(Ended(arm))
    assert made._values(0, "trust_company", 0).tolist() == [[1.0]]
    assert (told, len(engine.tells)) == ([1], 3)
    made.stop()
    engine.tells[2](Ended(0))
    engine.tells[2](Ended(1))
    assert (told, len(engine.tells)) == ([1], 3)


def test_a_new_start_drops_what_ran_before():
    made, engine, _ = ensemble(lambda *_: 0.0)
    made.start(SMALL, 2, lambda _: None)
    assert engine.stopped == 1
    assert made.band(0, "trust_company").replicates == 2
