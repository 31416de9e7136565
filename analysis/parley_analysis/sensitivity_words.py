"""Words of the page of sensitivity that are the same every time, and how numbers are written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from parley_analysis import sensitivity as terms
from parley_analysis.sensitivity import CONSTANT, MATTERS, MORE_RUNS
from parley_analysis.win_tables import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAIN = {"sobol": "total", "morris": "mu_star", "pawn": "pawn", "delta": "delta"}
"""The index that the page leads with, by method."""


def reading(method: str, *, dummy: bool) -> str:
    """How verdicts come about, with every threshold.

    Args:
        method: The method the page leads with.
        dummy: Whether a dummy is among the factors.
    """
    floor = (
        "the upper end of the dummy's interval, and never less than negligible"
        if dummy
        else "what is negligible (there is no dummy among the factors)"
    )
    zero = (
        " Where points share their luck, or luck is a factor, a dummy changes nothing and its "
        "index is exactly zero: then it shows that the sums are right, not how large noise is, and "
        "the intervals alone tell noise apart."
        if dummy and method in ("sobol", "morris")
        else ""
    )
    return (
        "## How to read it\n\n"
        f"- *{MATTERS}*: the whole 95% interval lies above the noise floor. For Sobol' and Morris "
        f"the floor is {floor}: {terms.NEGLIGIBLE_SHARE:.0%} of the variance (assumption), in "
        "Morris the slope of a straight line that makes up so much.\n"
        "- For PAWN and delta the floor is the 95% quantile of made-up factors, a factor's own "
        "values in random order. Luck is left out there: a slice of it holds draws that have "
        "nothing in common.\n"
        f"- *{terms.NOTHING}*: zero stands for the floor. The interval reaches down to it, though "
        "perhaps not to nothing at all, and ends below "
        f"{terms.WIDE_SHARE:.0%} of the variance, or {terms.WIDE_DISTANCE:g} above the floor for "
        "PAWN and delta (assumptions).\n"
        f"- *{MORE_RUNS}*: the interval reaches down to the floor and beyond that, so that neither "
        f"can be said; also wherever there are fewer than {terms.FEWEST_BLOCKS} blocks, "
        f"{terms.FEWEST_TRAJECTORIES} trajectories or {terms.FEWEST_ROWS} rows, and where "
        "the sample itself is at fault: with few blocks some columns of a Sobol' sample go "
        "together, and a straight line in that factor would get a total index that is off by more "
        f"than {terms.MOST_SAMPLE_ERROR:g}; for Sobol' indices also where the variance rests on "
        f"fewer than {terms.FEWEST_CARRYING} runs (assumptions).\n"
        f"- *{CONSTANT}*: the outcome is the same at every point.\n"
        "- Negative indices are noise around zero, shares above 100% noise around less. "
        "First-order and total indices of a factor may "
        f"cross within their intervals.{zero}"
    )


def limits(method: str) -> str:
    """What the indices of a method do not say."""
    lines = [
        "A share is a share under the priors of the factors: with other ranges it is another. "
        "What was not varied cannot matter here.",
        "Nothing is calibrated; that a number matters says where to look, not that it is right.",
        "The index of a difference is not the difference of two indices: what moves both arms "
        "alike moves the difference not at all.",
    ]
    if method in ("pawn", "delta"):
        lines.append(
            "PAWN and delta see a factor's effect on the whole distribution, but not whether it "
            "comes about alone or with others; a sobol design tells these apart."
        )
    if method == "sobol":
        lines.append(
            "PAWN and delta use the rows of the two base samples alone; delta tends to be low."
        )
    return "## Limits\n\n" + "\n".join(f"- {line}" for line in lines)


def number(value: float) -> str:
    """A number as it stands in a table.

    >>> number(0.123), number(2.0), number(924.2), number(12345.6), number(0.00123)
    ('0.12', '2.00', '924', '12,346', '0.0012')
    """
    size = abs(value)
    if math.isnan(value):
        return "–"
    if 1e-9 < size < 0.1:
        return f"{value:.2g}"
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:#.3g}" if size >= 1 else f"{value + 0.0:.2f}"


def percent(value: float) -> str:
    """A share in percent, without a sign before zero.

    >>> percent(0.123), percent(-0.001), percent(float("nan"))
    ('12%', '0%', '–')
    """
    return "–" if math.isnan(value) else f"{round(value, 2) + 0.0:.0%}"


def share(alone: float, low: float, high: float) -> str:
    """A share with its interval in percent; a dash where it is not known."""
    return "–" if math.isnan(alone) else f"{percent(alone)} [{percent(low)}, {percent(high)}]"


def listing(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of words in Markdown, every column to the left.

    >>> print(listing(["a", "b"], [["x", "y"]]))
    | a | b |
    |:---|:---|
    | x | y |
    """
    return markdown(head, rows).replace("---:|", ":---|", len(head))


def cell(value: object) -> str:
    r"""A value in a table of Markdown; nothing where there is none.

    >>> cell("a | b"), cell(0.5), cell(float("nan"))
    ('a \\| b', '0.5', '')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value).replace("|", "\\|")
