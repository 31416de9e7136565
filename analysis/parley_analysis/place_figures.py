"""Pictures over places: one for a comparison of all of them, one for each place's page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from parley_analysis import notes
from parley_analysis.load import ALL, AnalysisError
from parley_analysis.place_panels import Dot, Frame, Panel, draw_panels
from parley_analysis.place_table import MARGINALISED, SHOWN, short_place
from parley_analysis.style import ArmStyle, arm_styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from parley_analysis.load import Batch, OutcomeInfo

_MOST_COUNTED = 3
"""With more arms in a row there is no room for counts of signs."""
_EVERYBODY = ArmStyle("#0072B2", "-", "o")
_LEFT_OUT = ArmStyle("#D55E00", "-", "s")


def all_places_figure(
    batch: Batch, table: pd.DataFrame, against: str, *, turned: bool = False
) -> Figure:
    """Draw what every arm changes in every place: rows places, panels outcomes, dots arms.

    A dot is the mean paired difference from the reference arm with its 95% interval, filled where
    the interval lies beyond the smallest difference worth telling, which a grey band shows. With up
    to three arms the count beside it says in how many replicates the sign holds; the table has it
    for all.

    Args:
        batch: The results.
        table: From `place_table.place_table` with the same reference arm.
        against: Key of the reference arm.
        turned: Draw the reference arm less each other arm instead.

    Raises:
        AnalysisError: There is nothing to draw.
    """
    arms = [arm for arm in batch.arms if arm != against and arm in set(table["arm"])]
    reference = batch.short_arm(against)
    names = {
        arm: f"less {batch.short_arm(arm)}" if turned else batch.short_arm(arm) for arm in arms
    }
    if turned:
        table = _turned(table)
    styles = arm_styles(batch.arms)
    rows = [short_place(batch, place) for place in batch.places]
    panels, infos = [], []
    for name, group in SHOWN:
        here = table[(table["outcome"] == name) & (table["group"] == group)]
        here = here[here["difference"].notna()]
        if here.empty:
            continue
        infos.append(batch.outcome(name))
        counted = len(arms) <= _MOST_COUNTED
        dots = [
            Dot(
                short_place(batch, str(row["place"])),
                names[str(row["arm"])],
                float(row["difference"]),
                float(row["difference_low"]),
                float(row["difference_high"]),
                f"{row['same_sign']:.0f}/{row['n']:.0f}" if counted else "",
                row["verdict"] in ("better", "worse"),
            )
            for row in here.to_dict("records")
        ]
        panels.append(_panel(infos[-1], group, dots, batch.margin(name)))
    if not panels:
        raise AnalysisError("there is nothing to hold the arms against in any place")
    what = f"{reference} less each other arm" if turned else f"Differences from {reference}"
    foot = [
        f"{what} under the same luck: means of {notes.size_note(batch)}",
        "Bars: 95% interval of the mean difference (Student's t). Grey band: too small a "
        "difference to tell; filled dots: the whole bar lies beyond it. "
        + (_counts_note(table) if len(arms) <= _MOST_COUNTED else "")
        + "The widest bars may run out of their panel; the table has their ends.",
        notes.worth_note(batch, infos),
        notes.few_note(batch),
        *notes.limits(batch, infos),
    ]
    series = {names[arm]: styles[arm] for arm in arms}
    title = f"{reference if turned else 'All arms'} in {len(rows)} places"
    title += ": less each other arm" if turned else f": differences from {reference}"
    return draw_panels(Frame(title, rows, series, foot, zero=True), panels)


def place_figure(batch: Batch, table: pd.DataFrame, place: str) -> Figure:
    """Draw the levels of one place: rows arms, panels outcomes, with 95% intervals.

    Args:
        batch: The results.
        table: From `place_table.place_table`.
        place: Key of the place.

    Raises:
        AnalysisError: The table has no such place.
    """
    rows = [_row_name(batch, arm) for arm in batch.arms]
    here = table[table["place"] == place]
    if here.empty:
        raise AnalysisError(f"there are no runs of {place!r}")
    series = {"all residents": _EVERYBODY, "marginalised residents": _LEFT_OUT}
    words = {ALL: "all residents", MARGINALISED: "marginalised residents"}
    panels, infos = [], []
    for name in dict.fromkeys(here["outcome"]):
        info = batch.outcome(str(name))
        dots = [
            Dot(
                _row_name(batch, str(row["arm"])),
                words[str(row["group"])],
                float(row["mean"]),
                float(row["low"]),
                float(row["high"]),
            )
            for row in here[here["outcome"] == name].to_dict("records")
        ]
        infos.append(info)
        panels.append(_panel(info, ALL, dots))
    foot = [
        f"Means of {notes.size_note(batch)} Bars: 95% interval of the mean (Student's t).",
        "Arms share their luck, so differences between them are surer than these bars look.",
        *notes.limits(batch, infos),
    ]
    frame = Frame(batch.place_title(place), rows, series, foot)
    return draw_panels(frame, panels)


def _counts_note(table: pd.DataFrame) -> str:
    """What the counts beside dots mean, told of the replicates there are."""
    n = int(table["n"].max())
    return f"{n - 1}/{n}: the sign holds in {n - 1} of {n} replicates. "


def _turned(table: pd.DataFrame) -> pd.DataFrame:
    """The table with all differences the other way round."""
    return table.assign(
        difference=-table["difference"],
        difference_low=-table["difference_high"],
        difference_high=-table["difference_low"],
    )


def _row_name(batch: Batch, arm: str) -> str:
    """The short name of an arm, on at most two lines."""
    return notes.wrap(batch.short_arm(arm), 18)


def _panel(info: OutcomeInfo, group: str, dots: Sequence[Dot], band: float = 0.0) -> Panel:
    """A panel with its words; dots without a value are left out."""
    whom = "" if group == ALL else f", {group}"
    dagger = " †" if info.near_tautological else ""
    better = f"{info.direction} is better" if info.sign else ""
    drawn = [dot for dot in dots if math.isfinite(dot.value)]
    return Panel(f"{info.label}{whom}{dagger}", (info.level_unit, better), drawn, band)
