"""What the company's money means at a place, computed from the numbers of its file.

Money is in US$ at the reference price and at full output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.place import PlaceFile
    from parley.scenario_types import Place

BUDGET = "budget.social_budget_share"
"""The parameter that sets the community budget, as a share of reference revenue."""

_MONTHS = 12
_MILLION = 1e6


@dataclass(frozen=True, slots=True)
class PlaceMoney:
    """What a site earns and what of it could reach its neighbours.

    Attributes:
        site_usd_per_year: Revenue of the site (US$ per year).
        revenue: The same for each resident (US$ per resident and month).
        median_income: Median income of an adult resident (US$ per month).
        budget_share: Community budget (share of revenue).
        budget: Community budget (US$ per resident and month).
        wages: Wages paid to residents (US$ per resident and month).
        purchases: Purchases from residents (US$ per resident and month).
        royalty: Royalty (US$ per resident and month).
        royalty_kept: Part of it that stays in the producing area at the start (US$ per resident
            and month).
    """

    site_usd_per_year: float
    revenue: float
    median_income: float
    budget_share: float
    budget: float
    wages: float
    purchases: float
    royalty: float
    royalty_kept: float

    def in_incomes(self, usd_per_month: float) -> float:
        """An amount per resident and month in median incomes (ratio)."""
        return usd_per_month / self.median_income


def place_money(place: Place, budget_share: float) -> PlaceMoney:
    """Compute the money of a place.

    Args:
        place: The place.
        budget_share: Community budget (share of reference revenue), `budget.social_budget_share`.

    >>> from parley.place import load_place
    >>> round(place_money(load_place("colombia"), 0.008).revenue)
    527
    """
    facts = place.facts
    site = facts.revenue_usd_per_year * facts.catchment_share
    revenue = site / facts.catchment_population / _MONTHS
    royalty = revenue * facts.royalty_rate_share
    return PlaceMoney(
        site_usd_per_year=site,
        revenue=revenue,
        median_income=facts.median_income_usd,
        budget_share=budget_share,
        budget=revenue * budget_share,
        wages=revenue * facts.local_wage_share,
        purchases=revenue * facts.local_purchase_share,
        royalty=royalty,
        royalty_kept=royalty * place.producing_area_share[0][1],
    )


def money_of_file(file: PlaceFile) -> PlaceMoney:
    """The money of a place file, with its own community budget or the default one."""
    from parley.registry import load_registry

    default = load_registry().parameters[BUDGET].default or 0.0
    return place_money(file.place, dict(file.parameters).get(BUDGET, default))


def money_words(money: PlaceMoney) -> str:
    """The money of a place in a few sentences.

    >>> import textwrap
    >>> from parley.place import load_place
    >>> print(textwrap.fill(money_words(place_money(load_place("colombia"), 0.008)), 80))
    At the reference price the site earns US$126 million a year, US$527 a month for
    each resident, against a median income of US$130 a month: 4.1 median incomes. A
    community budget of 0.8% of revenue is US$4.2 per resident and month, 3.2% of a
    median income. Local wages bring US$32, local purchases US$7.9, and of a royalty
    of US$48 the part that stays in the producing area at the start brings US$4.8
    per resident and month.
    """
    return (
        f"At the reference price the site earns {usd(money.site_usd_per_year)} a year, "
        f"{usd(money.revenue)} a month for each resident, against a median income of "
        f"{usd(money.median_income)} a month: {short(money.in_incomes(money.revenue))} median "
        f"incomes. A community budget of {short(100 * money.budget_share)}% of revenue is "
        f"{usd(money.budget)} per resident and month, "
        f"{short(100 * money.in_incomes(money.budget))}% of a median income. Local wages bring "
        f"{usd(money.wages)}, local purchases {usd(money.purchases)}, and of a royalty of "
        f"{usd(money.royalty)} the part that stays in the producing area at the start brings "
        f"{usd(money.royalty_kept)} per resident and month."
    )


def usd(amount: float) -> str:
    """An amount of money, rounded to what a reader can use.

    >>> usd(126.4e6), usd(2.53e9), usd(527.1), usd(4.216), usd(0.0)
    ('US$126 million', 'US$2.5 billion', 'US$527', 'US$4.2', 'US$0')
    """
    if amount >= 1000 * _MILLION:
        return f"US${amount / (1000 * _MILLION):,.1f} billion"
    if amount >= _MILLION:
        return f"US${short(amount / _MILLION)} million"
    return f"US${short(amount)}"


def short(number: float) -> str:
    """A number with two digits that count, whole from ten on.

    >>> short(4.0549), short(0.7512), short(504.2), short(1234.0), short(0.0)
    ('4.1', '0.75', '504', '1,234', '0')
    """
    if number >= 10:
        return f"{number:,.0f}"
    text = f"{number:.2g}"
    return f"{float(text):f}".rstrip("0").rstrip(".")
