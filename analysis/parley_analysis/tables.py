"""Tables of a comparison: tidy, for programs (CSV, JSON), and compact, for the terminal."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from parley_analysis import notes, summarise
from parley_analysis.load import ALL
from parley_analysis.summarise import SPREAD, WORST

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from parley_analysis.load import Batch

KEY_OUTCOMES = (
    "trust_company",
    "grievance_at_company",
    "benefit",
    "dignity",
    "freedom_from_want",
    "harm",
    "days_lost",
    "violence",
    "profit",
    "community_hours",
)
"""Outcomes shown when none are asked for: people first, then the firm, then the price."""

_OUTCOME_WIDTH = 32
_LEVEL_WIDTH = 8
_ARM_WIDTH = 19


def key_outcomes(batch: Batch) -> list[str]:
    """Outcomes to show when none are asked for, of those the results hold."""
    return [name for name in KEY_OUTCOMES if name in batch.outcomes] or list(batch.outcomes)[:8]


def differences(
    batch: Batch, outcomes: Sequence[str], against: str, horizon: int | None = None
) -> pd.DataFrame:
    """Paired differences of several outcomes in one tidy table.

    Args:
        batch: The results.
        outcomes: Names of outcomes.
        against: Key of the reference arm.
        horizon: Months from the start that count; None for all, which outcomes known only at the
            end of a run need.

    Returns:
        The columns of `summarise.paired_differences` after outcome, label, unit, near_tautological.
    """
    tables = []
    for name in outcomes:
        info = batch.outcome(name)
        table = summarise.paired_differences(batch, name, against, horizon)
        table.insert(0, "near_tautological", info.near_tautological)
        table.insert(0, "unit", info.level_unit)
        table.insert(0, "label", info.label)
        table.insert(0, "outcome", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def to_json(batch: Batch, table: pd.DataFrame, against: str) -> str:
    """Write a table of `differences` as JSON, with its notes; unknown numbers are null."""
    rows = [
        {str(key): _plain(value) for key, value in row.items()}
        for row in table.to_dict(orient="records")
    ]
    infos = [batch.outcome(name) for name in table["outcome"].unique()]
    manifest = batch.results.manifest
    content = {
        "folder": str(batch.results.folder),
        "label": manifest.get("label"),
        "question": manifest.get("question"),
        "against": against,
        "notes": notes.all_notes(batch, infos, against),
        "counts": manifest.get("counts"),
        "differences": rows,
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)


def terminal(
    batch: Batch, table: pd.DataFrame, against: str, width: int = 100
) -> Iterator[RenderableType]:
    """Lay a table of `differences` out for the terminal.

    Args:
        batch: The results.
        table: From `differences`.
        against: Key of the reference arm.
        width: Characters in a line.

    Yields:
        One table per place (several if the arms do not fit side by side), then who is worse off,
        then the notes.
    """
    arms = [arm for arm in batch.arms if arm in set(table["arm"])]
    side_by_side = max(1, (width - _OUTCOME_WIDTH - _LEVEL_WIDTH - 2) // _ARM_WIDTH)
    for place in batch.places:
        part = table[table["place"] == place]
        for start in range(0, len(arms), side_by_side):
            yield _place_table(batch, part, against, arms[start : start + side_by_side])
    yield from _worse_off(batch, table, against)
    infos = [batch.outcome(name) for name in table["outcome"].unique()]
    yield "[dim]" + "\n".join([notes.MARKS_NOTE, *notes.all_notes(batch, infos, against)]) + "[/]"


def number(value: float, scale: float, signed: bool = False) -> str:
    """Write a number so that one of size `scale` shows three digits, with four decimals at most.

    >>> number(0.12345, 0.5), number(-1234.5, 2000.0), number(0.5, 12.0, signed=True)
    ('0.123', '−1,234', '+0.5')
    """
    if math.isnan(value):
        return "–"
    decimals = 0 if scale <= 0 else min(max(2 - math.floor(math.log10(scale)), 0), 4)
    text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
    return text.replace("-", "−")


def _place_table(
    batch: Batch, part: pd.DataFrame, against: str, arms: Sequence[str]
) -> RenderableType:
    from rich import box
    from rich.table import Table

    reference = batch.short_arm(against)
    grid = Table(
        title=batch.place_title(str(part["place"].iloc[0])),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    grid.add_column("", max_width=_OUTCOME_WIDTH)
    grid.add_column(reference, justify="right", no_wrap=True)
    for arm in arms:
        grid.add_column(f"{batch.short_arm(arm)}\n− {reference}", justify="right", no_wrap=True)
    for name in part["outcome"].unique():
        info = batch.outcome(name)
        rows = part[part["outcome"] == name]
        heading = f"[bold]{info.marked_label}[/]\n[dim]{info.level_unit}[/]"
        grid.add_row(*_cells(rows[rows["group"] == ALL], arms, heading))
        if (rows["group"] == WORST).any():
            grid.add_row(*_cells(rows[rows["group"] == WORST], arms, "  worst-off group"))
    return grid


def _cells(rows: pd.DataFrame, arms: Sequence[str], heading: str) -> Iterator[str]:
    """One line of the table: heading, reference level, then a difference for each arm."""
    by_arm = {record["arm"]: record for record in rows.to_dict(orient="records")}
    yield heading
    levels = [float(record["level_against"]) for record in by_arm.values()]
    yield number(levels[0], abs(levels[0])) if levels else "–"
    most = max((record["n"] for record in by_arm.values()), default=0)
    for arm in arms:
        yield _difference(by_arm[arm], most) if arm in by_arm else "–"


def _difference(record: Mapping[Hashable, Any], most: int) -> str:
    """One difference with half its interval and its mark; the number of pairs if some are lost."""
    pairs = f" n={record['n']}" if record["n"] < most else ""
    change = float(record["difference"])
    return difference_text(change, float(record["high"]) - change, str(record["verdict"]), pairs)


def difference_text(change: float, half: float, verdict: str, more: str = "") -> str:
    """A difference with half its interval and the mark of its verdict.

    >>> difference_text(0.0251, 0.0123, "unclear")
    '+0.025 ±0.012 ·'
    """
    scale = 10.0 * max(abs(change), 0.0 if math.isnan(half) else half)
    return f"{number(change, scale, True)} ±{number(half, scale)}{more} {notes.MARKS[verdict]}"


def _worse_off(batch: Batch, table: pd.DataFrame, against: str) -> Iterator[RenderableType]:
    """Say plainly which groups an arm leaves worse off."""
    groups = table[~table["group"].isin([WORST, SPREAD])]
    worse = groups[groups["verdict"] == "worse"]
    reference = batch.short_arm(against)
    yield f"[bold]Who is worse off than under {reference}[/]"
    for place in batch.places:
        for arm in batch.arms:
            here = (groups["place"] == place) & (groups["arm"] == arm)
            lines = list(_losses(batch, groups[here]))
            if lines:
                head = f"{batch.short_place(place)}, {batch.short_arm(arm)}:"
                yield "\n".join([head, *lines])
    judged = int((groups["verdict"] != "neutral").sum())
    if notes.has_few(batch) and worse.empty:
        yield "[dim]Too few replicates to say.[/]"
        return
    nobody = "" if len(worse) else "No group, on these outcomes, by a difference worth telling. "
    yield f"[dim]{nobody}{notes.chance_note(judged)}[/]"


def _losses(batch: Batch, rows: pd.DataFrame) -> Iterator[str]:
    """One line per outcome that got worse under one arm in one place: who, and by how much."""
    for name, every in rows.groupby("outcome", sort=False):
        info = batch.outcome(str(name))
        found = every[every["verdict"] == "worse"].to_dict(orient="records")
        if not found:
            continue
        sizes = {
            str(row["group"]): number(row["difference"], 10 * abs(row["difference"]), True)
            for row in found
        }
        labels = batch.groups(str(found[0]["place"]))
        if info.level != "group":
            who = f"{info.whom} {sizes[ALL]}"
        elif len(found) == len(every):
            who = f"every group; {labels.get(ALL, ALL)} {sizes[ALL]}"
        else:
            who = ", ".join(f"{labels.get(group, group)} {size}" for group, size in sizes.items())
        yield f"  [red]▼[/] {info.marked_label}: {who}"


def _plain(value: object) -> object:
    """A value as JSON knows it."""
    if isinstance(value, float) and math.isnan(value):
        return None
    return value
