"""One table over all places of a batch: key outcomes under each arm, levels and differences.

The outcomes are the same for every place, whoever wins on them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from parley_analysis import notes, summarise
from parley_analysis.load import ALL, AnalysisError
from parley_analysis.tables import number

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
    "verdict",
)

_WIDTH_OF_PLACE = 22
_WIDTH_OF_CELL = 18  # a difference, its interval, and the space between columns


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
        sign of its mean; ties do not count) and verdict (`better`, `worse`, `unclear`, `neutral`).
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
                found = _row(part, arm, against, batch.outcome(name).sign)
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


def terminal(batch: Batch, table: pd.DataFrame, against: str) -> Iterator[RenderableType]:
    """Lay the table out for the terminal: places and arms down, outcomes across, then the notes."""
    columns = [column for column in SHOWN if column[0] in batch.outcomes]
    yield _grid(batch, table, against, columns)
    infos = [batch.outcome(name) for name, _ in columns]
    marks = (
        "± half of the 95% interval; 7/8: the sign holds in 7 of 8 replicates; ▲ better, ▼ worse, "
        "· not to be told from no difference."
    )
    yield "[dim]" + "\n".join([marks, *notes.all_notes(batch, infos, against)]) + "[/]"


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


def width(batch: Batch) -> int:
    """Characters that the table needs."""
    columns = [column for column in SHOWN if column[0] in batch.outcomes]
    return _WIDTH_OF_PLACE + len(columns) * _WIDTH_OF_CELL + 4


def _row(part: pd.DataFrame, arm: str, against: str, sign: int) -> dict[str, Any]:
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
        "verdict": summarise.verdict_of(low, high, sign),
    }


def _interval(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float, float]:
    """Mean and the 95% t interval of the mean; NaN where there are too few values."""
    if not len(values):
        return np.nan, np.nan, np.nan
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) if len(values) > 1 else np.nan
    half = float(summarise.half_width(np.array(spread), np.array(len(values))))
    return mean, mean - half, mean + half


def _grid(
    batch: Batch, table: pd.DataFrame, against: str, columns: Sequence[tuple[str, str]]
) -> Table:
    """The table itself."""
    from rich import box
    from rich.table import Table

    reference = batch.short_arm(against)
    grid = Table(
        title=f"All places: differences from {reference}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    grid.add_column("", width=_WIDTH_OF_PLACE)
    for name, group in columns:
        info = batch.outcome(name)
        whom = "" if group == ALL else f"\n{group}"
        head = f"{info.marked_label}{whom}\n[dim]{info.level_unit}[/]"
        grid.add_column(head, justify="right", width=_WIDTH_OF_CELL - 2)
    for place in batch.places:
        here = table[table["place"] == place]
        for arm in batch.arms:
            rows = here[here["arm"] == arm].set_index(["outcome", "group"]).to_dict("index")
            first = arm == batch.arms[0]
            head = f"[bold]{short_place(batch, place)}[/]\n" if first else ""
            cells = (_cell(rows.get(column), arm == against) for column in columns)
            name = f"{head}  {batch.short_arm(arm)}"
            grid.add_row(name, *(("\n" if first else "") + cell for cell in cells))
    return grid


def _cell(row: Mapping[Hashable, Any] | None, is_reference: bool) -> str:
    """A level for the reference arm; else a difference, its interval, sign and verdict."""
    if row is None:
        return "–"
    if is_reference:
        return number(row["mean"], abs(row["mean"]))
    change, half = row["difference"], row["difference_high"] - row["difference"]
    if np.isnan(change):
        return "–"
    scale = 10.0 * max(abs(change), 0.0 if np.isnan(half) else half)
    marks = {"better": "[bold blue]▲[/]", "worse": "[bold red]▼[/]", "unclear": "·", "neutral": " "}
    holds = f"{row['same_sign']:.0f}/{row['n']:.0f}"
    return f"{number(change, scale, True)} ±{number(half, scale)}\n{holds} {marks[row['verdict']]}"
