"""Sobol' indices: shares of an outcome's variance that factors make up, alone and together."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from parley_analysis.sensitivity import (
    CONFIDENCE,
    DUMMY,
    FEWEST_BLOCKS,
    FEWEST_CARRYING,
    MORE_RUNS,
    MOST_SAMPLE_ERROR,
    NEGLIGIBLE_SHARE,
    RESAMPLES,
    WIDE_SHARE,
    Yardstick,
    Z,
    carrying,
    constant_rows,
    problem,
    salib,
    table,
    varies,
)
from parley_analysis.sensitivity_sample import saltelli_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from parley_analysis.sensitivity import Floats, Sampling
    from parley_analysis.sensitivity_sample import Blocks

FIRST, TOTAL, SECOND, TOGETHER = "first", "total", "second", "interactions"
AT_LEAST, AT_MOST = "at least", "at most"
_INDICES = (FIRST, TOTAL, TOGETHER)


@dataclass(frozen=True)
class _Found:
    """What SALib gave: values and half widths (factors,), draws (resamples, factors)."""

    values: Mapping[str, Floats]
    halves: Mapping[str, Floats]
    draws: Mapping[str, Floats]
    pairs: Floats | None
    pair_halves: Floats | None


def sobol_indices(
    units: pd.DataFrame,
    y: pd.Series[float],
    sampling: Sampling,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """First-order, total and second-order indices with bootstrap intervals.

    `first` is the share of the variance that would go if the factor were known; `total` the share
    that would stay if all others were known; `interactions` is total minus first; `second` is what
    two factors make up only together. Estimators of Saltelli et al. (2010) and Saltelli (2002), as
    in SALib. Blocks with a missing value are left out and counted. Where the variance rests on
    fewer than `FEWEST_CARRYING` runs nothing is said: numerator and denominator of a share hang on
    the same runs, so that bootstrap intervals are far too narrow.

    Args:
        units: The sample in unit space, index 0, 1, 2, ... in the order of the sampler.
        y: Outcome by point.
        sampling: How it was drawn.
        groups: Name such as `block M7` -> keys of its factors. Each gets two rows, `at least` (sum
            of first-order indices) and `at most` (sum of totals): its own index lies between
            them.

    Returns:
        A table with the columns of `sensitivity.COLUMNS`.

    Raises:
        AnalysisError: The sample is not in order, or too many blocks are broken.
    """
    blocks = saltelli_blocks(units, y, sampling)
    return from_blocks(list(units.columns), blocks, sampling, groups or {})


def from_blocks(
    keys: Sequence[str],
    blocks: Blocks,
    sampling: Sampling,
    groups: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """The indices from blocks that have been checked; see `sobol_indices`."""
    used = len(blocks.values)
    base = blocks.values[:, [0, -1]].ravel()
    if not varies(blocks.values.ravel()):
        return constant_rows(keys, _INDICES, used, blocks.dropped)
    if not varies(base):
        return constant_rows(keys, _INDICES, used, blocks.dropped, MORE_RUNS)
    found = _analyse(keys, blocks, sampling)
    rows = [*_factor_rows(keys, found, used), *_pair_rows(keys, found, used)]
    rows += _group_rows(keys, found, groups, used)
    rare = carrying(base) < FEWEST_CARRYING
    _doubt(rows, set(keys) if rare else poor_columns(keys, blocks), groups)
    return table(row | {"used": used, "dropped": blocks.dropped} for row in rows)


def poor_columns(keys: Sequence[str], blocks: Blocks) -> set[str]:
    """Factors whose columns in A and in B are too much alike, or too unlike, to say anything.

    With few blocks some columns of a Sobol' sequence go together. The total index of a factor
    then misses the truth by much, and resampling blocks does not show it: all blocks share the
    fault. The sample alone does: the total index of a straight line in that factor must be 1.

    Args:
        keys: The factors.
        blocks: Blocks that have been checked.
    """
    first, last = blocks.units[:, 0], blocks.units[:, -1]
    spread = np.concatenate([first, last]).var(axis=0)
    half = 0.5 * ((first - last) ** 2).mean(axis=0)
    line = np.divide(half, spread, out=np.zeros_like(half), where=spread > 0)
    return {
        key for key, off in zip(keys, np.abs(line - 1.0), strict=True) if off > MOST_SAMPLE_ERROR
    }


def _doubt(
    rows: Sequence[dict[str, Any]], poor: set[str], groups: Mapping[str, Sequence[str]]
) -> None:
    """Take back verdicts on factors about which the sample says nothing."""
    for row in rows:
        named = {row["factor"], row["other"], *groups.get(row["factor"], ())}
        if named & poor:
            row["verdict"] = MORE_RUNS


def _analyse(keys: Sequence[str], blocks: Blocks, sampling: Sampling) -> _Found:
    """Call SALib; its seed must not be 0, which it takes for none."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Constant values encountered")
        found = salib("analyze.sobol").analyze(
            problem(keys),
            blocks.rows[1],
            calc_second_order=sampling.second_order,
            num_resamples=RESAMPLES,
            conf_level=CONFIDENCE,
            keep_resamples=True,
            seed=sampling.seed + 1,
        )
    first, total = np.asarray(found["S1_conf_all"]), np.asarray(found["ST_conf_all"])
    draws = {FIRST: first, TOTAL: total, TOGETHER: total - first}
    values = {FIRST: np.asarray(found["S1"]), TOTAL: np.asarray(found["ST"])}
    values[TOGETHER] = values[TOTAL] - values[FIRST]
    halves = {index: Z * sample.std(axis=0, ddof=1) for index, sample in draws.items()}
    pairs, pair_halves = found.get("S2"), found.get("S2_conf")
    return _Found(values, halves, draws, pairs, pair_halves)


def yardstick(dummy_high: float, used: int) -> Yardstick:
    """What an index is held against: the dummy's upper end, and what is negligible."""
    floor = max(dummy_high, NEGLIGIBLE_SHARE)
    return Yardstick(floor, max(dummy_high, 0.0) + WIDE_SHARE, used >= FEWEST_BLOCKS)


def _row(stick: Yardstick, index: str, value: float, half: float, **names: str) -> dict[str, Any]:
    low, high = value - half, value + half
    numbers = {"index": index, "value": value, "low": low, "high": high, "floor": stick.floor}
    usual = {"level": "factor", "factor": "", "other": ""}
    return usual | names | numbers | {"verdict": stick.verdict(low, high)}


def _factor_rows(keys: Sequence[str], found: _Found, used: int) -> list[dict[str, Any]]:
    rows = []
    for index in _INDICES:
        values, halves = found.values[index], found.halves[index]
        dummy = [i for i, key in enumerate(keys) if key == DUMMY]
        stick = yardstick(max((float(values[i] + halves[i]) for i in dummy), default=0.0), used)
        rows += [
            _row(stick, index, float(values[i]), float(halves[i]), factor=key)
            for i, key in enumerate(keys)
        ]
    return rows


def _pair_rows(keys: Sequence[str], found: _Found, used: int) -> list[dict[str, Any]]:
    if found.pairs is None or found.pair_halves is None:
        return []
    pairs = [
        (i, j, float(found.pairs[i, j]), float(found.pair_halves[i, j]))
        for i, j in combinations(range(len(keys)), 2)
    ]
    # Pairs with the dummy scatter around zero as all others do, so the interval holds their noise
    # already; what they reached is the floor, not where their intervals end.
    dummy = [value for i, j, value, _ in pairs if DUMMY in (keys[i], keys[j])]
    stick = yardstick(max(dummy, default=0.0), used)
    return [
        _row(stick, SECOND, value, half, level="pair", factor=keys[i], other=keys[j])
        for i, j, value, half in pairs
    ]


def _group_rows(
    keys: Sequence[str], found: _Found, groups: Mapping[str, Sequence[str]], used: int
) -> list[dict[str, Any]]:
    rows = []
    stick = yardstick(0.0, used)
    for name, members in groups.items():
        inside = np.isin(np.array(keys), list(members))
        if not inside.any():
            continue
        least = found.values[FIRST][inside].sum()
        most = found.values[TOTAL][inside].sum()
        half = Z * found.draws[FIRST][:, inside].sum(axis=1).std(ddof=1)
        most_half = Z * found.draws[TOTAL][:, inside].sum(axis=1).std(ddof=1)
        level = name.partition(" ")[0]
        rows.append(_row(stick, AT_LEAST, float(least), float(half), level=level, factor=name))
        rows.append(_row(stick, AT_MOST, float(most), float(most_half), level=level, factor=name))
    return rows
