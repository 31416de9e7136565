"""Pictures of a comparison, to be read from the back of a room.

Every figure is 1600 pixels wide with letters of at least 12 points, names its units, shows 95%
intervals, marks near-tautological outcomes and says at its foot what was run and what was not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib import dates as _dates

from parley_analysis import notes, summarise
from parley_analysis.load import ALL, AnalysisError
from parley_analysis.sheet import MOST_PLACES, Sheet, Words, drawn_places, place_names
from parley_analysis.style import END_POINTS, arm_styles, label_ends, label_room, look
from parley_analysis.summarise import SPREAD, WORST

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parley_analysis.load import Batch, OutcomeInfo
    from parley_analysis.style import ArmStyle

    type Ends = dict[str, tuple[float, float, ArmStyle]]

dates: Any = _dates  # its functions carry no types

_EVENTS_SHOWN = 4
_FEW_ARMS = 6
_ARM_INCHES = 0.105  # from one arm's dot to the next
_CROWDED_SHARE = 0.07  # of a panel's width: two letters nearer than that touch
_EVENT_KINDS = (
    "company_leaves",
    "accident",
    "violence",
    "leader_killed",
    "peace_accord",
    "armed_groups",
    "protest_wave",
    "strike",
    "output_change",
    "ownership_change",
    "contact_ban",
    "civic_space",
    "livelihood_shock",
    "price_shock",
    "royalty_reform",
    "state_income",
    "emission_change",
)
"""Dated events that a path may show, the most telling first: all but votes and notes."""


def paths_figure(
    batch: Batch,
    outcomes: Sequence[str],
    groups: Sequence[str] = (ALL,),
    places: Sequence[str] | None = None,
) -> Figure:
    """Draw outcomes over time: one row per outcome and group, one column per place.

    Lines are means over replicates, bands the 95% interval of the mean. Outcomes whose months are
    summed are cumulated. Letters mark dated events; the foot says which.

    Args:
        batch: The results.
        outcomes: Monthly outcomes.
        groups: Reporting groups, `worst` and `spread` included; outcomes of the whole site have
            one row whatever the groups.
        places: Keys of at most three places; None for all.

    Raises:
        AnalysisError: An unknown name, or too many places for one figure.
    """
    places = drawn_places(batch, places, MOST_PLACES)
    rows = [
        (batch.outcome(name), group)
        for name in outcomes
        for group in (groups if batch.outcome(name).level == "group" else (ALL,))
    ]
    foot = [
        f"Means of {notes.size_note(batch)} Bands: 95% interval of the mean (Student's t).",
        *notes.limits(batch, [info for info, _ in rows]),
        *(
            _event_key(batch, place, name)
            for place, name in zip(places, place_names(batch, places), strict=True)
        ),
    ]
    with look():
        room = label_room([batch.short_arm(arm) for arm in batch.arms])
        words = Words(notes.heading(batch), place_names(batch, places), foot)
        height = max(2.2, END_POINTS / 72 * len(batch.arms) + 0.1)  # names at the ends fit in
        sheet = Sheet.make(len(rows), words, row_inches=height, label_inches=room)
        for row, (info, group) in enumerate(rows):
            table = summarise.bands(batch, info.name, group)
            sheet.title_row(row, info.marked_label, _what(batch, info, group, places))
            ends = [
                _draw_paths(sheet.panels[row, column], batch, table[table["place"] == place])
                for column, place in enumerate(places)
            ]
            _same_limits(sheet.panels[row])
            for panel, place, found in zip(sheet.panels[row], places, ends, strict=True):
                _mark_events(panel, batch, place, named=row == 0)
                label_ends(panel, found)
    return sheet.figure


def groups_figure(
    batch: Batch,
    outcomes: Sequence[str],
    against: str,
    places: Sequence[str] | None = None,
    horizon: int | None = None,
) -> Figure:
    """Draw the level of every group under every arm as dots with 95% intervals.

    A group that an arm leaves worse off than the reference arm (paired difference, interval beyond
    the smallest difference worth telling) gets a triangle pointing down on a red ground, and its
    arm's name.

    Args:
        batch: The results.
        outcomes: Outcomes by group.
        against: Key of the reference arm.
        places: Keys of at most two places; None for all.
        horizon: Months from the start that count; None for all.

    Raises:
        AnalysisError: An unknown name, an outcome without groups, too many places.
    """
    places = drawn_places(batch, places, 2)
    infos = [batch.outcome(name) for name in outcomes]
    for info in infos:
        if info.level != "group":
            raise AnalysisError(f"{info.name} has no values by group")
    named = [_group_names(batch, place) for place in places]
    most = max(map(len, named))
    lines = [line for names in named for name in names for line in name.split("\n")]
    highest = max(name.count("\n") + 1 for names in named for name in names)
    each = max(0.42, 0.2 * highest + 0.08, _ARM_INCHES * len(batch.arms) + 0.1)
    foot = [
        f"Levels: means of {notes.size_note(batch, horizon)} Bars: 95% interval of the mean.",
        f"Red ground and ▼: worse off than under {batch.short_arm(against)} (paired difference, "
        "95% interval beyond the smallest difference worth telling).",
        notes.worth_note(batch, infos),
        *([note] if (note := notes.few_note(batch)) else []),
        *notes.limits(batch, infos),
    ]
    with look():
        names = place_names(batch, places)
        legend = {batch.short_arm(arm): style for arm, style in arm_styles(batch.arms).items()}
        words = Words(notes.heading(batch), names, foot, legend)
        left = max(1.9, 0.25 + 0.1 * max(map(len, lines)))
        sheet = Sheet.make(len(infos), words, row_inches=each * most, left_inches=left)
        for row, info in enumerate(infos):
            levels = summarise.levels(batch, info.name, horizon)
            change = summarise.paired_differences(batch, info.name, against, horizon)
            sheet.title_row(row, info.marked_label, f"{info.level_unit}{_better(info)}")
            for panel, place, labels in zip(sheet.panels[row], places, named, strict=True):
                worse = change[(change["place"] == place) & (change["verdict"] == "worse")]
                _draw_dots(panel, batch, levels[levels["place"] == place], worse)
                _name_groups(panel, labels)
    return sheet.figure


def _draw_paths(panel: Axes, batch: Batch, table: pd.DataFrame) -> Ends:
    """Draw the lines and bands of one panel; return where the lines end."""
    ends: Ends = {}
    styles = arm_styles(batch.arms)
    for arm in batch.arms:
        rows = table[table["arm"] == arm]
        if rows.empty:
            continue
        style = styles[arm]
        days = dates.date2num(rows["date"].to_numpy())
        mean = rows["mean"].to_numpy(float)
        panel.plot(days, mean, color=style.colour, linestyle=style.line)
        low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
        if np.isfinite(low).any():
            panel.fill_between(days, low, high, color=style.colour, alpha=0.16, linewidth=0)
        ends[batch.short_arm(arm)] = (float(days[-1]), float(mean[-1]), style)
        panel.set_xlim(float(days[0]), float(days[-1]))
    locator = dates.AutoDateLocator(minticks=2, maxticks=5)
    panel.xaxis.set_major_locator(locator)
    panel.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, show_offset=False))
    panel.margins(y=0.08)
    return ends


def _same_limits(panels: Sequence[Axes]) -> None:
    """Give the panels of a row one scale, so that places can be compared."""
    limits = [panel.get_ylim() for panel in panels]
    for panel in panels:
        panel.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))


def _shown_events(batch: Batch, place: str) -> list[dict[str, object]]:
    """The most telling dated events of a place, in order of time.

    One that goes on in the next month as another event of its kind is shown once, so that a strike
    told in two parts does not keep a second strike out.
    """
    begun = {(event["kind"], event["month"]) for event in batch.events(place)}
    events = [
        event
        for event in batch.events(place)
        if event["kind"] in _EVENT_KINDS
        and 0 <= event["month"] < batch.months
        and (event["kind"], event["month"] - 1) not in begun
    ]
    events.sort(key=lambda event: (_EVENT_KINDS.index(event["kind"]), event["month"]))
    return sorted(events[:_EVENTS_SHOWN], key=lambda event: cast("int", event["month"]))


def _event_key(batch: Batch, place: str, name: str) -> str:
    """What the letters of a place stand for."""
    parts = [
        f"{chr(ord('a') + i)} {event['label']} ({str(event['date'])[:7]})"
        for i, event in enumerate(_shown_events(batch, place))
    ]
    return f"{name}: {'; '.join(parts)}." if parts else ""


def _mark_events(panel: Axes, batch: Batch, place: str, named: bool) -> None:
    """Mark dated events with thin lines, and letters in the top row, joined where they crowd."""
    days = [dates.datestr2num(str(event["date"])) for event in _shown_events(batch, place)]
    low, high = panel.get_xlim()
    crowded = _CROWDED_SHARE * (high - low)
    labels: list[tuple[str, list[float]]] = []
    for i, day in enumerate(days):
        panel.axvline(day, color="#999999", linewidth=1.0, linestyle=(0, (1, 2)), zorder=0)
        letter = chr(ord("a") + i)
        if labels and day - labels[-1][1][-1] < crowded:
            text, at = labels.pop()
            labels.append((f"{text} {letter}", [*at, day]))
        else:
            labels.append((letter, [day]))
    for text, at in labels if named else ():
        where = (float(np.mean(at)), 1.0)
        panel.annotate(text, where, xycoords=("data", "axes fraction"), ha="center", va="bottom")


def _draw_dots(panel: Axes, batch: Batch, levels: pd.DataFrame, worse: pd.DataFrame) -> None:
    """Draw the dots of one panel, one line of groups below another."""
    place_groups = list(batch.groups(str(levels["place"].iloc[0])))
    losing = set(zip(worse["arm"], worse["group"], strict=True))
    styles = arm_styles(batch.arms)
    many = len(batch.arms) > _FEW_ARMS
    step = (0.88 if many else 0.7) / max(len(batch.arms), 1)
    for i, arm in enumerate(batch.arms):
        values = levels[levels["arm"] == arm].groupby("group")["value"]
        table = values.agg(["mean", "std", "count"]).reindex(place_groups)
        half = summarise.half_width(table["std"].to_numpy(float), table["count"].to_numpy(float))
        at = np.arange(len(place_groups)) + (i - (len(batch.arms) - 1) / 2) * step
        colour, marker = styles[arm].colour, styles[arm].marker
        mean = table["mean"].to_numpy(float)
        panel.hlines(at, mean - half, mean + half, color=colour, linewidth=2.2)
        lost = np.array([(arm, group) in losing for group in place_groups])
        panel.plot(
            mean[~lost], at[~lost], linestyle="", marker=marker, color=colour, ms=6 if many else 7
        )
        panel.plot(
            mean[lost],
            at[lost],
            linestyle="",
            marker="v",
            color=colour,
            ms=8 if many else 11,
            mec="#b00020",
            mew=1.8,
        )
        for y in at[lost]:
            panel.axhspan(y - step / 2, y + step / 2, color="#f9d5d0", zorder=0, linewidth=0)
    panel.margins(x=0.06)


def _group_names(batch: Batch, place: str) -> list[str]:
    """The groups of a place, in lines of at most twenty letters where words allow it."""
    return [notes.wrap(label, 20) for label in batch.groups(place).values()]


def _name_groups(panel: Axes, labels: Sequence[str]) -> None:
    """Write the groups at the left; everybody first."""
    panel.set_yticks(range(len(labels)), labels)
    panel.set_ylim(len(labels) - 0.5, -0.5)
    panel.grid(visible=False, axis="y")
    for edge in range(1, len(labels)):
        panel.axhline(edge - 0.5, color="#e4e4e4", linewidth=0.8, zorder=0)


def _what(batch: Batch, info: OutcomeInfo, group: str, places: Sequence[str]) -> str:
    """For whom, in which unit, and which way is better."""
    names = {ALL: "", WORST: "worst-off group, ", SPREAD: "gap between groups, "}
    labels = {key: label for place in places for key, label in batch.groups(place).items()}
    whom = names.get(group, f"{labels.get(group, group)}, ")
    unit = f"{info.level_unit}, summed from the start" if info.aggregate == "sum" else info.unit
    return f"{whom}{unit}{_better(info)}"


def _better(info: OutcomeInfo) -> str:
    return f" ({info.direction} is better)" if info.sign else ""
