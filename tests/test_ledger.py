"""Money is conserved to the cent."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import ConservationError
from parley.ledger import OUTCOMES, Ledger

WALLETS = ("market", "site", "fund", "contractor", "people", "fixer")


def new_ledger() -> Ledger:
    return Ledger(WALLETS, 25_000, outside=["market"], channels=["fund", "contractor"])


def funded_ledger() -> Ledger:
    ledger = new_ledger()
    ledger.transfer("market", "site", 1_000, "revenue")
    return ledger


@given(
    st.lists(
        st.tuples(st.sampled_from(WALLETS), st.sampled_from(WALLETS), st.integers(0, 10**12)),
        max_size=40,
    )
)
@settings(deadline=None, max_examples=50)
def test_no_sequence_of_transfers_makes_or_loses_a_cent(
    moves: list[tuple[str, str, int]],
) -> None:
    """T-A1, T-A2, whatever happens, including refused transfers."""
    ledger = new_ledger()
    channels = {"fund", "contractor"}
    for source, target, cents in moves:
        before = ledger.balances()
        try:
            if source in channels and target not in channels:
                ledger.settle(source, target, cents, OUTCOMES[cents % 3])
            elif target in channels and source not in channels:
                ledger.pay(source, target, cents)
            elif source not in channels:
                ledger.transfer(source, target, cents, "any")
        except ConservationError:
            assert ledger.balances() == before
        ledger.check()
    assert sum(ledger.balances().values()) == 0
    assert all(ledger.balance(name) >= 0 for name in WALLETS if name != "market")


def test_an_inside_wallet_cannot_spend_what_it_does_not_hold() -> None:
    ledger = funded_ledger()
    with pytest.raises(ConservationError, match="holds 1000 cents and cannot pay 1001"):
        ledger.transfer("site", "people", 1_001, "wages")
    ledger.transfer("site", "people", 1_000, "wages")
    assert ledger.balance("market") == -1_000


def test_flows_are_those_of_the_month() -> None:
    ledger = funded_ledger()
    ledger.transfer("market", "site", 500, "revenue")
    ledger.pay("site", "fund", 600)
    ledger.settle("fund", "people", 300, "delivered")
    ledger.settle("fund", "fixer", 100, "diverted")
    ledger.settle("fund", "market", 50, "overhead")
    assert ledger.flows() == {
        "revenue": 1_500,
        "paid": 600,
        "delivered": 300,
        "diverted": 100,
        "overhead": 50,
    }
    fund = {word: cents for (name, word), cents in ledger.channel_flows().items() if name == "fund"}
    assert fund == {"paid": 600, "delivered": 300, "diverted": 100, "overhead": 50, "pending": 150}
    ledger.start_month()
    assert ledger.flows() == {}
    assert ledger.channel_flows()["fund", "delivered"] == 0
    assert ledger.channel_flows()["fund", "pending"] == 150
    ledger.settle("fund", "people", 150, "delivered")
    ledger.check()
    assert ledger.channel_flows()["fund", "pending"] == 0


def test_check_sees_a_cent_from_nowhere() -> None:
    ledger = funded_ledger()
    ledger._balances[1] += 1
    with pytest.raises(ConservationError, match="sum to 1 cents"):
        ledger.check()


def test_check_sees_an_overdrawn_wallet() -> None:
    ledger = funded_ledger()
    ledger._balances[4] -= 5
    ledger._balances[0] += 5
    with pytest.raises(ConservationError, match="overdrawn: people"):
        ledger.check()


def test_check_sees_money_that_went_round_a_channel() -> None:
    """T-A2: plain transfers into or out of a channel are not accounted for."""
    ledger = funded_ledger()
    ledger.pay("site", "fund", 200)
    ledger.check()
    ledger.transfer("fund", "fixer", 50, "gift")
    with pytest.raises(ConservationError, match="channel 'fund'"):
        ledger.check()


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (("site", "peple", 1, "x"), KeyError, "did you mean 'people'"),
        (("nobody-like-this", "people", 1, "x"), KeyError, "unknown wallet"),
        (("site", "people", -1, "x"), ValueError, ">= 0"),
        (("site", "people", 1.0, "x"), TypeError, "whole number"),
        (("site", "people", np.float64(2), "x"), TypeError, "whole number"),
        (("site", "people", True, "x"), TypeError, "whole number"),
    ],
)
def test_wrong_calls_are_refused_and_change_nothing(
    call: Any, error: type[Exception], match: str
) -> None:
    ledger = funded_ledger()
    before = ledger.balances()
    with pytest.raises(error, match=match):
        ledger.transfer(*call)
    assert ledger.balances() == before


def test_numpy_integers_are_whole_cents() -> None:
    ledger = funded_ledger()
    ledger.pay("site", "fund", np.int64(10))
    assert ledger.balance("fund") == 10
    assert type(ledger.channel_flows()["fund", "paid"]) is int


def test_channels_and_outcomes_are_checked() -> None:
    ledger = funded_ledger()
    with pytest.raises(KeyError, match="not a channel"):
        ledger.pay("site", "people", 1)
    with pytest.raises(KeyError, match="not a channel"):
        ledger.settle("site", "people", 1, "delivered")
    with pytest.raises(KeyError, match="unknown outcome"):
        ledger.settle("fund", "people", 0, "stolen")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((["a", "a"], 100), ValueError),
        ((["a"], 0), ValueError),
        ((["a"], 100, ["b"]), KeyError),
        ((["a"], 100, [], ["b"]), KeyError),
    ],
)
def test_impossible_ledgers_are_refused(arguments: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Ledger(*arguments)


def test_incomes_and_cents() -> None:
    ledger = new_ledger()
    assert ledger.to_cents(0.5) == 12_500
    assert ledger.to_income(50_000) == 2.0
