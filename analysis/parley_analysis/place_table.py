"""One table over all places of a batch: key outcomes under each arm, levels and differences.

The outcomes are the same for every place, whoever wins on them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from parley.worth import verdict_of
from parley_analysis import notes, summarise
from parley_analysis.load import ALL, AnalysisError
from parley_analysis.tables import difference_text, number

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from parley_analysis.load import Batch

MARGINALISED = "marginalised"
"""Reporting group of all marginalised residents."""

OUTCOMES = (
    "trust_company",
    "grievance_at_company",
    "benefit",
    "freedom_from_want",
    "days_lost",
    "violence",
    "npv",
)
"""Trust, grievance, who gets what, security, conflict, and the company's value."""

SHOWN = tuple((name, MARGINALISED if name == "benefit" else ALL) for name in OUTCOMES)
"""What a table or picture of all places has room for; files hold everybody and the marginalised."""

COLUMNS = (
    "place",
    "arm",
    "outcome",
    "group",
    "n",
    "mean",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "same_sign",
    "worth",
    "verdict",
)

_WIDTH_OF_PLACE = 18
_WIDTH_OF_LEVEL = 15  # a level, below the name of its arm
_WIDTH_OF_CELL = 19  # a difference, its interval, its mark, and the space between columns


def place_table(batch: Batch, against: str, outcomes: Sequence[str] = OUTCOMES) -> pd.DataFrame:
    """Compare all arms in all places on the same outcomes.

    Args:
        batch: The results.
        against: Key of the reference arm.
        outcomes: Names of outcomes; those the results do not hold are left out.

    Returns:
        One row per place, arm, outcome and group (`all`, and `marginalised` where there is one): n
        (pairs of runs), mean with its 95% interval low to high, difference (mean paired difference
        from the reference arm) with its interval, same_sign (pairs in which the difference has the
        sign of its mean; ties do not count), worth (the smallest difference worth telling) and
        verdict (`better`, `worse`, `too_small`, `unclear`, `neutral`).
        The reference arm has levels only.

    Raises:
        AnalysisError: An unknown arm, too many failed runs, or none of the outcomes is there.
    """
    batch.arm(against)
    held = [name for name in outcomes if name in batch.outcomes]
    if not held:
        raise AnalysisError(f"the results hold none of: {', '.join(outcomes)}")
    rows: list[dict[str, Any]] = []
    for name in held:
        values = summarise.levels(batch, name)
        values = values[values["group"].isin([ALL, MARGINALISED])]
        wide = values.pivot_table(
            index=["place", "group", "replicate"], columns="arm", values="value"
        )
        for (place, group), part in wide.groupby(["place", "group"], sort=False):
            for arm in (arm for arm in batch.arms if arm in part):
                found = _row(part, arm, against)
                found["verdict"] = _verdict(found, batch.outcome(name).sign, batch.margin(name))
                found["worth"] = batch.margin(name)
                rows.append({"place": place, "arm": arm, "outcome": name, "group": group, **found})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    ranks = {name: i for i, name in enumerate((*batch.places, *batch.arms, *held, ALL))}
    return table.sort_values(
        ["place", "arm", "outcome", "group"],
        key=lambda column: column.map(ranks).fillna(len(ranks)),
        kind="stable",
        ignore_index=True,
    )


def short_place(batch: Batch, place: str) -> str:
    """A place by its key, which tells variants of one country apart; or by the country itself."""
    described = cast("dict[str, dict[str, str]]", batch.results.manifest["places"])
    country = described[place].get("country", "")
    named = place == country.lower().replace(" ", "_")
    return country if named else place.replace("_", " ").capitalize()


def terminal(
    batch: Batch, table: pd.DataFrame, against: str, width: int = 80
) -> Iterator[RenderableType]:
    """Lay the table out for the terminal, one outcome at a time: places down, arms across.

    Args:
        batch: The results.
        table: From `place_table`.
        against: Key of the reference arm.
        width: Characters in a line.

    Yields:
        One table per outcome (several if the arms do not fit side by side), then the notes.
    """
    columns = [column for column in SHOWN if column[0] in batch.outcomes]
    arms = [arm for arm in batch.arms if arm != against]
    room = width - _WIDTH_OF_PLACE - _WIDTH_OF_LEVEL
    side_by_side = max(1, room // _WIDTH_OF_CELL)
    for column in columns:
        for start in range(0, len(arms), side_by_side):
            yield _grid(batch, table, (against, *arms[start : start + side_by_side]), column)
    infos = [batch.outcome(name) for name, _ in columns]
    lines = [notes.MARKS_NOTE, *notes.all_notes(batch, infos, against)]
    yield "[dim]" + "\n".join(lines) + "[/]"


def to_json(batch: Batch, table: pd.DataFrame, against: str) -> str:
    """Write the table as JSON, with its notes; unknown numbers are null."""
    infos = [batch.outcome(str(name)) for name in table["outcome"].unique()]
    content = {
        "folder": str(batch.results.folder),
        "against": against,
        "notes": notes.all_notes(batch, infos, against),
        "counts": batch.results.manifest.get("counts"),
        "places": json.loads(table.to_json(orient="records", double_precision=15)),
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)


def _verdict(row: Mapping[str, Any], sign: int, margin: float) -> str | None:
    """What a row says; nothing for the reference arm."""
    if "difference" not in row:
        return None
    return verdict_of(row["difference_low"], row["difference_high"], sign, margin, row["n"])


def _row(part: pd.DataFrame, arm: str, against: str) -> dict[str, Any]:
    """Level of an arm and its paired difference from the reference arm."""
    level = part[arm].dropna().to_numpy(float)
    mean, low, high = _interval(level)
    row = {"n": len(level), "mean": mean, "low": low, "high": high}
    if arm == against or against not in part:
        return row
    pairs = part[[arm, against]].dropna()
    change = summarise.changes(pairs[arm].to_numpy(float), pairs[against].to_numpy(float))
    difference, low, high = _interval(change)
    same = int((np.sign(change) == np.sign(difference)).sum()) if difference else 0
    return row | {
        "n": len(change),
        "difference": difference,
        "difference_low": low,
        "difference_high": high,
        "same_sign": same,
    }


def _interval(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float, float]:
    """Mean and the 95% t interval of the mean; NaN where there are too few values."""
    if not len(values):
        return np.nan, np.nan, np.nan
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) if len(values) > 1 else np.nan
    half = float(summarise.half_width(np.array(spread), np.array(len(values))))
    return mean, mean - half, mean + half


def _grid(batch: Batch, table: pd.DataFrame, arms: Sequence[str], column: tuple[str, str]) -> Table:
    """One outcome: levels of the first arm, then differences from it."""
    from rich import box
    from rich.table import Table

    against, *others = arms
    info, group = batch.outcome(column[0]), column[1]
    reference = batch.short_arm(against)
    whom = "" if group == ALL else f", {group} residents"
    grid = Table(
        title=f"{info.marked_label}{whom} [not bold dim]({info.level_unit})[/]",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    grid.add_column("", width=_WIDTH_OF_PLACE - 2)
    grid.add_column(reference, justify="right", max_width=_WIDTH_OF_LEVEL - 2)
    for arm in others:
        head = f"{batch.short_arm(arm)}\n− {reference}"
        grid.add_column(head, justify="right", max_width=_WIDTH_OF_CELL - 2)
    rows = table[(table["outcome"] == column[0]) & (table["group"] == group)]
    cells = {(row["place"], row["arm"]): row for row in rows.to_dict("records")}
    for place in batch.places:
        level = cells.get((place, against))
        shown = "–" if level is None else number(level["mean"], abs(level["mean"]))
        changes = (_cell(cells.get((place, arm))) for arm in others)
        grid.add_row(short_place(batch, place), shown, *changes)
    return grid


def _cell(row: Mapping[Hashable, Any] | None) -> str:
    """A difference, half its interval and the mark of its verdict."""
    if row is None or np.isnan(row["difference"]):
        return "–"
    change = float(row["difference"])
    return difference_text(change, float(row["difference_high"]) - change, str(row["verdict"]))
