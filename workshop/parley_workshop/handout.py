"""What a handout shows: medians and bands by month from a results folder, packed small.

Every value becomes a whole number of 16 bits on the scale of its outcome, so that what a reader
sees lies within one 130,000th of that scale of what the runs gave.
"""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from parley.errors import OptionError, StoreError, did_you_mean
from parley_analysis.load import load, require_enough_runs
from parley_workshop.ensemble import HIGH, LOW
from parley_workshop.handout_grid import MOST_ARMS, Varied

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from parley.arrays import Floats
    from parley_analysis.load import Batch, OutcomeInfo

OUTCOMES = (
    "trust_company",
    "grievance_at_company",
    "benefit",
    "inclusion",
    "freedom_from_want",
    "violence",
    "days_lost",
    "profit",
    "community_hours",
)
"""What a room is shown, as far as a results folder holds it: gains, harms and costs."""

GROUPS = ("all", "marginalised")
NOTHING = 65_535
"""The code of a month without a value."""
TOP = 65_534
"""The code of an outcome's highest value; its lowest has 0."""
MOST_POINTS = 125
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Ensembles:
    """Everything that a handout shows.

    Attributes:
        batch: The results folder.
        place: Key of the place.
        arms: Keys of the stacks.
        varied: The sliders.
        points: Indices of levels of every combination, in the order of `bands`.
        series: Outcome and group of every line.
        bands: Shape (points, series, arms, 3, months): quantile `LOW`, median, quantile `HIGH`
            over replicates; NaN without a value. Outcomes that add up are counted from the start.
        marks: Months, from 0, at which orders are counted.
        orders: By point, series and mark: ranks of the stacks (`"021"`: the first is highest, then
            the third; equal ones share a rank), and in how many replicates.
        replicates: Draws of luck.
    """

    batch: Batch
    place: str
    arms: tuple[str, ...]
    varied: tuple[Varied, ...]
    points: tuple[tuple[int, ...], ...]
    series: tuple[tuple[str, str], ...]
    bands: Floats
    marks: tuple[int, ...]
    orders: list[list[list[dict[str, int]]]]
    replicates: int

    @property
    def outcomes(self) -> tuple[OutcomeInfo, ...]:
        """What is known about each outcome, in order."""
        return tuple(self.batch.outcome(name) for name in dict.fromkeys(n for n, _ in self.series))

    @property
    def design(self) -> Mapping[str, Any]:
        """What the folder says about its design; empty for a comparison."""
        return _design(self.batch)


def collect(
    folder: Path,
    *,
    place: str = "",
    arms: Sequence[str] = (),
    outcomes: Sequence[str] = (),
) -> Ensembles:
    """Read medians, bands and orders from a results folder.

    Args:
        folder: Results of `parley handout`, of a comparison, or of a sweep that kept every month.
        place: Key of the place; empty if there is only one.
        arms: Keys of the stacks to show; empty for all.
        outcomes: Outcomes to show; empty for `OUTCOMES`.

    Raises:
        OptionError: The folder does not hold what is asked for, or too much for one file.
        StoreError: Not a results folder, unfinished or damaged.
        AnalysisError: Too many of its runs failed.
    """
    batch = load(folder)
    require_enough_runs(batch)
    if "levels" in (batch.results.manifest.get("kept"), _design(batch).get("keep")):
        raise OptionError(
            f"{folder}: kept one number a run, not its months; a handout draws months: set "
            'keep = "paths" in the design and run it again'
        )
    place = _one_of("place", place, batch.places, folder)
    arms = tuple(_one_of("arm", arm, batch.arms, folder) for arm in arms or batch.arms)
    if len(arms) > MOST_ARMS:
        raise OptionError(
            f"{folder}: {len(arms)} stacks are too many to tell apart; choose up to {MOST_ARMS} "
            f"with --arms: {', '.join(arms)}"
        )
    varied, points, cells = _points(batch, place, folder)
    chosen = _outcomes(batch, outcomes, folder)
    where = _places_of_runs(cells, arms, len(points))
    groups = [group for group in GROUPS if group in batch.groups(place)] or ["all"]
    series, bands, orders = [], [], []
    marks = marks_of(batch.months)
    for info in chosen:
        for group in groups if info.level == "group" else ["all"]:
            values = _values(batch, info, group, where)
            series.append((info.name, group))
            bands.append(band(values))
            orders.append(_orders(values, marks))
    return Ensembles(
        batch,
        place,
        arms,
        varied,
        points,
        tuple(series),
        np.stack(bands, axis=1),
        marks,
        [[orders[s][p] for s in range(len(series))] for p in range(len(points))],
        where.runs.shape[2],
    )


def marks_of(months: int) -> tuple[int, ...]:
    """The last month of every year and of the run, from 0.

    >>> marks_of(30)
    (11, 23, 29)
    """
    return tuple(sorted({*range(_YEAR - 1, months, _YEAR), months - 1}))


def band(values: Floats) -> Floats:
    """Quantiles over replicates.

    Args:
        values: Shape (points, arms, replicates, months); NaN where a run has no value.

    Returns:
        Shape (points, arms, 3, months), NaN where no run has a value.
    """
    some = np.isfinite(values).any(axis=2)
    filled = np.where(some[:, :, None, :], values, 0.0)
    found = np.moveaxis(np.nanquantile(filled, [LOW, 0.5, HIGH], axis=2), 0, 2)
    return np.where(some[:, :, None, :], found, np.nan)


def ranks(values: Floats) -> str:
    """Ranks from the highest value down; equal values share one.

    >>> ranks(np.array([0.2, 0.5, 0.2]))
    '101'
    """
    scale = float(np.abs(values).max()) or 1.0
    rounded = np.round(values / scale, 9)
    order = np.unique(rounded)[::-1].tolist()
    return "".join(str(order.index(value)) for value in rounded.tolist())


def pack(ensembles: Ensembles, step: int = 1) -> dict[str, Any]:
    """The numbers as JSON: codes of 16 bits, little-endian, in base64.

    Args:
        ensembles: What to show.
        step: Keep every so many months, the last one always.
    """
    months = np.arange((ensembles.bands.shape[-1] - 1) % step, ensembles.bands.shape[-1], step)
    bands = ensembles.bands[..., months]
    codes = np.full(bands.shape, NOTHING, dtype="<u2")
    names = [name for name, _ in ensembles.series]
    scales = {}
    for name in dict.fromkeys(names):
        here = [index for index, other in enumerate(names) if other == name]
        part = bands[:, here]
        known = part[np.isfinite(part)]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
        with np.errstate(invalid="ignore"):
            whole = np.round((part - low) / ((high - low) or 1.0) * TOP)
        codes[:, here] = np.where(np.isfinite(part), whole, NOTHING).astype("<u2")
        scales[name] = [low, high]
    return {
        "shape": list(codes.shape),
        "months": (months + 1).tolist(),
        "scales": scales,
        "codes": base64.b64encode(codes.tobytes()).decode("ascii"),
        "series": [list(pair) for pair in ensembles.series],
        "points": [list(point) for point in ensembles.points],
        "marks": [month + 1 for month in ensembles.marks],
        "orders": ensembles.orders,
    }


@dataclass(frozen=True, slots=True)
class _Where:
    """Index of every run by identity, and at (point, arm, replicate), -1 for no run."""

    identities: dict[str, int]
    runs: Any


def _one_of(what: str, given: str, known: Sequence[str], folder: Path) -> str:
    if not given and len(known) == 1:
        return known[0]
    if given not in known:
        said = f"no {what} {given!r}" if given else f"holds several {what}s; name one"
        hint = did_you_mean(given, known) if given else ""
        raise OptionError(f"{folder}: {said}; there are: {', '.join(known)}; {hint}".rstrip("; "))
    return given


def _outcomes(batch: Batch, given: Sequence[str], folder: Path) -> list[OutcomeInfo]:
    known = [name for name, info in batch.outcomes.items() if info.level != "run"]
    for name in given:
        _one_of("outcome with months", name, known, folder)
    chosen = list(given) or [name for name in OUTCOMES if name in known] or known[: len(OUTCOMES)]
    return [batch.outcome(name) for name in dict.fromkeys(chosen)]


def _design(batch: Batch) -> Mapping[str, Any]:
    found = batch.results.manifest.get("design")
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}


def _points(
    batch: Batch, place: str, folder: Path
) -> tuple[tuple[Varied, ...], tuple[tuple[int, ...], ...], pd.DataFrame]:
    """Sliders, combinations, and the table of runs: point, arm, replicate, identity."""
    design = _design(batch)
    kind = design.get("kind")
    if kind not in ("handout", "sweep"):
        runs = batch.runs
        return (), ((),), runs[runs["place"] == place].assign(point=0)
    cells = batch.results.attached("cells")
    cells = cells[cells["place"] == place]
    if kind == "handout":
        varied = tuple(_varied(one) for one in design["varied"])
        return varied, tuple(tuple(point) for point in design["points"]), cells
    table = batch.results.attached("points").set_index("point").sort_index()
    sliders, columns = [], []
    for about in design["factors"]:
        values = table[about["key"]].to_numpy()
        levels = np.unique(values)
        if len(levels) > 1:
            told: tuple[float | None, ...] = tuple(map(float, levels))
            sliders.append(Varied(about["key"], "parameter", about["label"], about["unit"], told))
            columns.append(np.searchsorted(levels, values))
    points = tuple(tuple(int(i) for i in row) for row in zip(*columns, strict=True)) or ((),)
    wanted = int(np.prod([len(one.levels) for one in sliders]))
    if wanted != len(table) or len(set(points)) != wanted or wanted > MOST_POINTS:
        raise OptionError(
            f"{folder}: {len(table)} points of {len(sliders)} varied numbers are no grid of at "
            f"most {MOST_POINTS} combinations, which sliders need; use method = "
            '"full_factorial" with few levels, or parley handout --vary'
        )
    return tuple(sliders), points, cells


def _varied(kept: Mapping[str, Any]) -> Varied:
    own = tuple((str(arm), float(value)) for arm, value in kept["own"])
    return Varied(**{**kept, "levels": tuple(kept["levels"]), "own": own})


def _places_of_runs(cells: pd.DataFrame, arms: Sequence[str], points: int) -> _Where:
    cells = cells[cells["arm"].isin(list(arms))]
    if cells.empty:
        raise StoreError("the results hold no run of these stacks in this place")
    identities = {name: i for i, name in enumerate(dict.fromkeys(cells["identity"]))}
    lucks = {luck: i for i, luck in enumerate(sorted(set(cells["replicate"])))}
    runs = np.full((points, len(arms), len(lucks)), -1)
    columns = (
        cells["point"],
        cells["arm"].map({arm: i for i, arm in enumerate(arms)}),
        cells["replicate"].map(lucks),
    )
    at = tuple(column.to_numpy(dtype=np.int64) for column in columns)
    runs[at] = cells["identity"].map(identities).to_numpy(dtype=np.int64)
    return _Where(identities, runs)


def _values(batch: Batch, info: OutcomeInfo, group: str, where: _Where) -> Floats:
    """Shape (points, arms, replicates, months); sums counted from the start."""
    table = batch.results.series([info.name], [group], identities=True)
    table = table[table["identity"].isin(list(where.identities)) & (table["month"] < batch.months)]
    by_run = np.full((len(where.identities) + 1, batch.months), np.nan)  # the last: no such run
    rows = table["identity"].map(where.identities).to_numpy(dtype=np.int64)
    by_run[rows, table["month"].to_numpy(dtype=np.int64)] = table[info.name].to_numpy(float)
    if info.aggregate == "sum":
        by_run = np.cumsum(by_run, axis=1)
    return cast("Floats", by_run[where.runs])


def _orders(values: Floats, marks: Sequence[int]) -> list[list[dict[str, int]]]:
    """By point and mark: ranks of the stacks, and in how many replicates."""
    found = []
    for point in values:
        row = []
        for month in marks:
            runs = [run for run in point[:, :, month].T if np.isfinite(run).all()]
            row.append(dict(Counter(map(ranks, runs)).most_common()))
        found.append(row)
    return found
