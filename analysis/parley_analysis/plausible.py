"""Draws that are not ruled out: a history match on the arms without partnering, and on them alone.

A draw is kept in a place where these arms lie within open bands (`plausibility.toml`). The arm in
question is never looked at, so what it does in the draws that are kept is not chosen.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from parley_analysis.winmatrix import levels_by_arm, select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley_analysis.load import Batch

BANDS = Path(__file__).parent / "plausibility.toml"
"""The bands that come with Parley."""

FEWEST = 30
"""Below so many draws, shares on them are too coarse to be read."""


@dataclass(frozen=True, slots=True)
class Band:
    """What is known of an outcome where nobody partners.

    Attributes:
        key: Name of the band.
        label: What is bounded.
        outcome: Outcome that is looked at.
        group: Reporting group.
        arms: Arms that have to lie within the band, where they were run.
        per_month: Whether the level is divided by the months of the run.
        divide_by: What else it is divided by.
        unit: Unit of the result.
        low: Lower end.
        high: Upper end.
        source: Keys of references.
        note: What the source says, and what is not like for like.
    """

    key: str
    label: str
    outcome: str
    group: str
    arms: tuple[str, ...]
    per_month: bool
    divide_by: float
    unit: str
    low: float
    high: float
    source: tuple[str, ...]
    note: str

    def scaled(self, level: pd.Series, months: int) -> pd.Series:
        """The level in the unit of the band."""
        return level / ((months if self.per_month else 1) * self.divide_by)


def read_bands(path: Path = BANDS) -> tuple[Band, ...]:
    """The bands of a file; without one, those that come with Parley."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_band(key, row) for key, row in content.items())


def _band(key: str, row: Mapping[str, Any]) -> Band:
    lists = {name: tuple(row[name]) for name in ("arms", "source")}
    return Band(key=key, **{**row, **lists})


@dataclass(frozen=True)
class Match:
    """Which draws are kept.

    Attributes:
        kept: Place to the draws that no band rules out.
        total: Place to the number of draws.
        table: One row per place, band and arm: n, median, share of draws within the band.
    """

    kept: Mapping[str, tuple[int, ...]]
    total: Mapping[str, int]
    table: pd.DataFrame

    def too_few(self, place: str) -> bool:
        """Whether too few are left to read shares from."""
        return len(self.kept[place]) < FEWEST


def match(batch: Batch, bands: Sequence[Band]) -> Match:
    """Keep the draws that lie within all bands, place by place.

    A value that does not exist, such as a diverted share where nothing was paid, rules nothing out.

    Args:
        batch: The results.
        bands: From `read_bands`; bands on outcomes or arms that these results lack are left out.
    """
    usable = [band for band in bands if band.outcome in batch.outcomes]
    names = list(dict.fromkeys(band.outcome for band in usable))
    groups = list(dict.fromkeys(band.group for band in usable))
    levels = levels_by_arm(batch, names, groups)
    kept, total, rows = {}, {}, []
    for place in batch.places:
        draws = levels.xs(place, level="place").index.get_level_values("replicate").unique()
        good = pd.Series(True, draws.sort_values())
        for band in usable:
            table = select(levels, place, band.outcome, band.group)
            for arm in (arm for arm in band.arms if arm in table):
                value = band.scaled(table[arm].dropna(), batch.length)
                inside = value.between(band.low, band.high)
                good[inside.index[~inside]] = False
                rows.append(
                    {"place": place, "band": band.key, "arm": arm, "n": len(value),
                     "median": value.median(), "inside": float(inside.mean())}
                )  # fmt: skip
        kept[place] = tuple(int(draw) for draw in good.index[good])
        total[place] = len(good)
    columns = ["place", "band", "arm", "n", "median", "inside"]
    return Match(kept, total, pd.DataFrame(rows, columns=columns))


def only(levels: pd.DataFrame, kept: Mapping[str, Sequence[int]]) -> pd.DataFrame:
    """The rows of `winmatrix.levels_by_arm` that belong to draws that are kept."""
    places = levels.index.get_level_values("place")
    draws = levels.index.get_level_values("replicate")
    sets = {place: frozenset(chosen) for place, chosen in kept.items()}
    pairs = zip(places, draws, strict=True)
    return levels[[draw in sets.get(place, frozenset()) for place, draw in pairs]]
