"""Money: every cent has a wallet, and no cent is made or lost.

All wallets start empty and money only moves between them, so the balances always sum to zero.
Wallets outside the model (world market, suppliers, national treasury) may go negative: what comes
in from outside is their debt. All others refuse to spend what they do not hold. Opening balances
are transfers from outside.

Money on its way to people runs through channels. A channel's wallet holds what was paid in and is
still pending; it is settled as delivered, diverted or overhead.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from parley.errors import ConservationError, did_you_mean

type Outcome = Literal["delivered", "diverted", "overhead"]
"""What became of money that left a channel."""

PAID, PENDING = "paid", "pending"
OUTCOMES: tuple[Outcome, ...] = ("delivered", "diverted", "overhead")


class Ledger:
    """Balances of all wallets and the flows of the current month, in integer cents.

    Args:
        wallets: Names of all wallets, unique.
        cents_per_income: Cents in one median monthly income, > 0.
        outside: Which wallets lie outside the model and may go negative.
        channels: Which wallets are channels: money goes in by `pay` and out by `settle`.

    Raises:
        ValueError: If a name occurs twice or the income is not positive.
        KeyError: If `outside` or `channels` names no wallet.

    A market pays a site 100.00; 40.00 go through a fund, which delivers 30.00 and still holds 2.00.

    >>> ledger = Ledger(["market", "site", "fund", "people", "fixer"], 20_000,
    ...                 outside=["market"], channels=["fund"])
    >>> ledger.transfer("market", "site", 10_000, "revenue")
    >>> ledger.pay("site", "fund", 4_000)
    >>> ledger.settle("fund", "people", 3_000, "delivered")
    >>> ledger.settle("fund", "fixer", 800, "diverted")
    >>> ledger.check()
    >>> ledger.balances()
    {'market': -10000, 'site': 6000, 'fund': 200, 'people': 3000, 'fixer': 800}
    >>> ledger.channel_flows()["fund", "pending"]
    200
    """

    def __init__(
        self,
        wallets: Sequence[str],
        cents_per_income: int,
        outside: Collection[str] = (),
        channels: Collection[str] = (),
    ) -> None:
        if len(set(wallets)) != len(wallets):
            raise ValueError(f"wallet names must be unique: {sorted(wallets)}")
        if cents_per_income <= 0:
            raise ValueError(f"cents_per_income must be > 0, not {cents_per_income}")
        self.cents_per_income = cents_per_income
        self._row = {name: row for row, name in enumerate(wallets)}
        self._balances = [0] * len(wallets)
        self._outside = {self._find(name) for name in outside}
        self._channels = {name: self._find(name) for name in channels}
        self.start_month()

    def start_month(self) -> None:
        """Forget last month's flows; what channels hold now is their opening balance."""
        self._flows: defaultdict[str, int] = defaultdict(int)
        self._opening = {name: self._balances[row] for name, row in self._channels.items()}
        self._channel_flows = {
            (name, word): 0 for name in self._channels for word in (PAID, *OUTCOMES)
        }

    def transfer(self, source: str, target: str, cents: int, kind: str) -> None:
        """Move money from one wallet to another.

        Args:
            source: Wallet that pays.
            target: Wallet that receives.
            cents: Amount, >= 0, a whole number.
            kind: What it is for; flows of the month are summed by kind.

        Raises:
            KeyError: If a wallet is unknown.
            TypeError: If the amount is not a whole number.
            ValueError: If the amount is negative.
            ConservationError: If a wallet inside the model would spend more than it holds.
        """
        amount = _whole_cents(cents)
        try:
            payer, receiver = self._row[source], self._row[target]
        except KeyError:
            payer, receiver = self._find(source), self._find(target)  # says which is unknown
        held = self._balances[payer]
        if amount > held and payer not in self._outside:
            raise ConservationError(
                f"wallet {source!r} holds {held} cents and cannot pay {amount} "
                f"to {target!r} ({kind})"
            )
        self._balances[payer] -= amount
        self._balances[receiver] += amount
        self._flows[kind] += amount

    def pay(self, source: str, channel: str, cents: int) -> None:
        """Pay money into a channel, where it is pending until settled.

        Args:
            source: Wallet that pays.
            channel: Channel that receives.
            cents: Amount, >= 0, a whole number.

        Raises:
            KeyError: If `channel` is not a channel.
            ConservationError: If the source does not hold the amount; see `transfer`.
        """
        self._find_channel(channel)
        self.transfer(source, channel, cents, PAID)
        self._channel_flows[channel, PAID] += int(cents)

    def settle(self, channel: str, target: str, cents: int, outcome: Outcome) -> None:
        """Let money leave a channel, as what it turned out to be.

        Args:
            channel: Channel that pays out.
            target: Wallet that receives.
            cents: Amount, >= 0, a whole number.
            outcome: One of `delivered`, `diverted`, `overhead`.

        Raises:
            KeyError: If `channel` is not a channel or the outcome is unknown.
            ConservationError: If the channel does not hold the amount; see `transfer`.
        """
        self._find_channel(channel)
        if outcome not in OUTCOMES:
            raise KeyError(f"unknown outcome {outcome!r}; one of {', '.join(OUTCOMES)}")
        self.transfer(channel, target, cents, outcome)
        self._channel_flows[channel, outcome] += int(cents)

    def balance(self, wallet: str) -> int:
        """Give the cents a wallet holds (negative: owes, outside wallets only)."""
        return self._balances[self._find(wallet)]

    def balances(self) -> dict[str, int]:
        """Give the cents every wallet holds, by name, in the order of creation."""
        return dict(zip(self._row, self._balances, strict=True))

    def flows(self) -> dict[str, int]:
        """Give this month's transfers in cents, summed by kind."""
        return dict(self._flows)

    def channel_flows(self) -> dict[tuple[str, str], int]:
        """Give this month's cents by (channel, word).

        Words: `paid`, `delivered`, `diverted`, `overhead` for the month's flows and `pending` for
        what the channel holds now.
        """
        pending = {(name, PENDING): self._balances[row] for name, row in self._channels.items()}
        return self._channel_flows | pending

    def to_cents(self, income: float) -> int:
        """Turn median monthly incomes into cents, rounded to the nearest."""
        return round(income * self.cents_per_income)

    def to_income(self, cents: int) -> float:
        """Turn cents into median monthly incomes."""
        return cents / self.cents_per_income

    def check(self) -> None:
        """Prove that no cent was made or lost.

        Raises:
            ConservationError: If the balances do not sum to zero, a wallet inside the model is
                negative, or for some channel opening + paid differs from delivered + diverted +
                overhead + pending.
        """
        total = sum(self._balances)
        if total != 0:
            raise ConservationError(f"balances sum to {total} cents instead of 0")
        overdrawn = [
            name
            for (name, row), held in zip(self._row.items(), self._balances, strict=True)
            if held < 0 and row not in self._outside
        ]
        if overdrawn:
            raise ConservationError(f"overdrawn: {', '.join(overdrawn)}")
        for name, row in self._channels.items():
            came = self._opening[name] + self._channel_flows[name, PAID]
            left = sum(self._channel_flows[name, outcome] for outcome in OUTCOMES)
            pending = self._balances[row]
            if came != left + pending:
                raise ConservationError(
                    f"channel {name!r}: opening + paid = {came} cents, but delivered + diverted "
                    f"+ overhead + pending = {left + pending}"
                )

    def _find(self, wallet: str) -> int:
        """Give the row of a wallet."""
        try:
            return self._row[wallet]
        except KeyError:
            hint = did_you_mean(wallet, self._row)
            raise KeyError(f"unknown wallet {wallet!r}; {hint}".rstrip("; ")) from None

    def _find_channel(self, channel: str) -> None:
        """Refuse a wallet that is not a channel."""
        if channel not in self._channels:
            raise KeyError(f"{channel!r} is not a channel; channels: {', '.join(self._channels)}")


def _whole_cents(cents: int) -> int:
    """Check that an amount is a whole, non-negative number of cents."""
    if type(cents) is not int and not isinstance(cents, np.integer):
        raise TypeError(f"cents must be a whole number, not {type(cents).__name__} {cents!r}")
    if cents < 0:
        raise ValueError(f"cents must be >= 0, not {cents}")
    return int(cents)
