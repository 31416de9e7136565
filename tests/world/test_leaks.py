"""Leaks planted on purpose: the books of the month must notice each of them.

Every leak is put into a run that balances, in one month, by making one step do something it should
not. A leak that nobody notices would make the conservation tests worthless.
"""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
import worlds
from world.helpers import finished, started

import parley.model
from parley.errors import ConservationError
from parley.ledger import Ledger
from parley.mechanisms.delivery import FORGIVEN
from parley.schedule import Step

MONTH = 14
HAND_OUT = "benefits reach people"
EXECUTE = "practices are executed"
TASKS = "tasks are worked on"
CHECK = "the books are checked"


@pytest.fixture(scope="module")
def world():
    """A place where transfers, projects and contracts all flow, with its books open."""
    return worlds.world(worlds.practices(0.5, transfer_share=0.3), months=MONTH + 1)


def run_with(world, leak, after=HAND_OUT, checks=True):
    """Run one month in which something wrong happens right after a step.

    Args:
        world: the scenario.
        leak: does the wrong thing to the model.
        after: label of the step.
        checks: whether the books are kept at all.
    """
    model = started(world, MONTH, 6)
    model.world = model.world if checks else world_without_checks(world)
    planted = Step("planted", "", leak)
    model.timings[planted.label] = 0.0
    schedule = [
        part
        for step in parley.model.SCHEDULE
        for part in ([step, planted] if step.label == after else [step])
    ]
    with patch.object(parley.model, "SCHEDULE", tuple(schedule)):
        model.step()
    return model


def world_without_checks(world):
    return replace(world, conservation_checks=False)


# --- the leaks ----------------------------------------------------------------------------------


def cent_from_nowhere(model):
    model.ledger._balances[model.ledger._find("people")] += 1


def cent_to_nowhere(model):
    model.ledger._balances[model.ledger._find("company")] -= 1


def money_that_a_channel_forgets(model):
    """What was pending goes to the company, and no channel has settled it."""
    ledger = model.ledger
    ledger.pay("company", "contractor", 100)
    ledger._balances[ledger._find("contractor")] -= 100
    ledger._balances[ledger._find("company")] += 100


def overdraft(model):
    ledger = model.ledger
    held = ledger.balance("municipality")
    ledger._balances[ledger._find("municipality")] -= held + 50
    ledger._balances[ledger._find("builders")] += held + 50


def benefit_without_money(model):
    model.people["benefit"][7] += 0.001


def benefit_that_vanishes(model):
    model.people["benefit"][:] *= 0.999


def goods_from_the_air(model):
    model.state.goods[1, 3] += 1e-6


def goods_that_vanish(model):
    model.state.goods[:] *= 1.0 - 1e-6


def transfers_that_nobody_paid(model):
    """More is handed out than any wallet sent: planted before people get it."""
    model.now.transfers_arrived += 1000


def wages_that_nobody_paid(model):
    model.now.wages += 1000


def promise_dropped(model):
    """The newest promise is struck from the book."""
    model.promises._made -= 1


def promise_dropped_from_the_middle(model):
    """An old promise is struck and the later ones move up."""
    book = model.promises
    for column in book._columns.values():
        column[0 : book._made - 1] = column[1 : book._made].copy()
    book._made -= 1


def promise_made_smaller(model):
    rows = model.promises.rows
    rows.cost[np.flatnonzero(rows.months_left > 0)[0]] -= 1


def promise_paid_twice(model):
    rows = model.promises.rows
    rows.paid[np.flatnonzero(rows.paid < rows.cost)[0]] += 1


def promise_out_of_every_state(model):
    model.promises.rows.state[0] = FORGIVEN + 1


def trust_out_of_range(model):
    model.people["trust_state"][3] = 1.0 + 1e-9


def grievance_that_is_no_number(model):
    model.people["grievance_legacy"][0] = np.nan


def benefit_below_zero(model):
    model.people["state_benefit"][0] = -1e-9


def executed_more_than_funded(model):
    model.site_team.executed[0] += 0.5


def funded_more_than_announced(model):
    model.site_team.funded[0] = 1.0


BEFORE_HAND_OUT = "local government spends"
LEAKS = (
    (cent_from_nowhere, HAND_OUT, "sum to 1 cents"),
    (cent_to_nowhere, HAND_OUT, "sum to -1 cents"),
    (money_that_a_channel_forgets, HAND_OUT, "contractor"),
    (overdraft, HAND_OUT, "overdrawn: municipality"),
    (benefit_without_money, HAND_OUT, "people"),
    (benefit_that_vanishes, HAND_OUT, "people"),
    (goods_from_the_air, HAND_OUT, "goods"),
    (goods_that_vanish, HAND_OUT, "goods"),
    (transfers_that_nobody_paid, BEFORE_HAND_OUT, "people"),
    (wages_that_nobody_paid, BEFORE_HAND_OUT, "people"),
    (promise_dropped, TASKS, "promise"),
    (promise_dropped_from_the_middle, TASKS, "promise"),
    (promise_made_smaller, TASKS, "promise"),
    (promise_paid_twice, TASKS, "promise"),
    (promise_out_of_every_state, HAND_OUT, "no known state"),
    (trust_out_of_range, "trust moves", "trust_state"),
    (grievance_that_is_no_number, "grievance moves", "grievance_legacy"),
    (benefit_below_zero, HAND_OUT, "state_benefit"),
    (executed_more_than_funded, EXECUTE, "levels out of order"),
    (funded_more_than_announced, EXECUTE, "levels out of order"),
)


def nothing(model):
    """Plants nothing."""


@pytest.mark.parametrize(
    ("leak", "after", "named"), LEAKS, ids=[leak.__name__ for leak, _, _ in LEAKS]
)
def test_a_planted_leak_is_found_in_its_month_and_named(world, leak, after, named):
    with pytest.raises(ConservationError, match=named):
        run_with(world, leak, after)


def test_without_a_leak_the_month_passes(world):
    """What the leaks are planted into balances by itself, and has all that they need."""
    model = run_with(world, nothing)
    assert model.now.index == MONTH
    assert model.now.transfers_arrived > 0
    assert model.state.goods.sum() > 0.0
    assert len(model.promises) > 4


def test_a_leak_passes_unnoticed_where_the_books_are_closed(world):
    """The switch is for benchmarks; it really switches the counting off."""
    model = run_with(world, cent_from_nowhere, checks=False)
    assert sum(model.ledger.balances().values()) == 1


def test_a_ledger_that_loses_a_cent_on_every_transfer_stops_the_first_month(world):
    honest = Ledger.transfer

    def leaky(self, source, target, cents, kind):
        honest(self, source, target, cents, kind)
        if cents > 0:
            self._balances[self._find(target)] -= 1

    with (
        patch.object(Ledger, "transfer", leaky),
        pytest.raises(ConservationError, match="cents"),
    ):
        finished(world)


def test_nobody_can_be_added_to_or_taken_from_a_running_model(world):
    model = started(world, 2)
    with pytest.raises(ConservationError, match="people are conserved"):
        model.people.discard(model.people[0])
    with pytest.raises(ConservationError, match="people are conserved"):
        model.people[5].remove()
    with pytest.raises((ValueError, AttributeError)):
        model.people["village"][0] = 1
    model.step()
    assert len(model.people) == model.world.population
