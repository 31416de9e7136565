"""From runs to answers: levels, paired differences with intervals, bands over time, win shares.

Arms share their luck: replicate 3 of every arm meets the same people, prices and shocks. So an arm
is held against another one replicate by replicate, and the interval is that of the mean paired
difference (Student's t, 95%). The spread of unpaired differences is reported beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from parley.worth import verdict_of
from parley_analysis.load import ALL, AnalysisError, require_enough_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley.arrays import Floats
    from parley_analysis.load import Batch, OutcomeInfo

CONFIDENCE = 0.95
WORST = "worst"
"""Pseudo-group: the group worst off in a run, whichever that is."""
SPREAD = "spread"
"""Pseudo-group: distance between the highest and the lowest group of a run."""

_DIFFERENCE_COLUMNS = [
    "place",
    "arm",
    "group",
    "n",
    "level",
    "level_against",
    "difference",
    "low",
    "high",
    "sd_paired",
    "sd_unpaired",
    "worth",
    "verdict",
]
_RUN = ["place", "arm", "replicate"]
_ROUNDING = 1e-12  # of the larger value; a sum of 120 months is good to about 1e-14


def levels(batch: Batch, outcome: str, horizon: int | None = None) -> pd.DataFrame:
    """One number per run and group: months are aggregated as the outcome prescribes.

    Args:
        batch: The results.
        outcome: Name of an outcome.
        horizon: Months from the start that count; None for all. An outcome known only at the end
            of a run has no other horizon.

    Returns:
        Columns place, arm, replicate, group, value. Outcomes by group also have the pseudo-groups
        `worst` (if a direction is better) and `spread`. Rows without a value are left out.

    Raises:
        AnalysisError: The outcome is unknown, the horizon impossible, or too many runs failed; or
            runs share place, arm and replicate, as in a sweep.
    """
    require_enough_runs(batch)
    if batch.runs.duplicated(_RUN).any():
        raise AnalysisError(
            "several runs share place, arm and replicate and would be taken for one; read a sweep "
            "with parley_analysis.sweep_data.open_sweep"
        )
    info = batch.outcome(outcome)
    horizon = _horizon(batch, horizon)
    if info.level == "run":
        if horizon != batch.months:
            raise AnalysisError(f"{outcome} is known only at the end of a run, not at {horizon}")
        runs = batch.runs[batch.runs["status"] == "ok"]
        table = runs[_RUN].assign(group=ALL, value=runs[outcome].astype(float))
    else:
        groups = None if info.level == "group" else [ALL]
        last = horizon - 1 if info.aggregate == "last" else None
        series = batch.results.series([outcome], groups, last)
        series = series[series["month"] < horizon].rename(columns={outcome: "value"})
        if info.aggregate == "last":
            table = series[[*_RUN, "group", "value"]]
        else:
            grouped = series.groupby([*_RUN, "group"], sort=False)["value"]
            value = grouped.mean() if info.aggregate == "mean" else grouped.sum(min_count=1)
            table = value.reset_index()
    table = table.dropna(subset="value")
    if info.level == "group":
        table = pd.concat([table, _extremes(table, info)], ignore_index=True)
    return table


def paired_differences(
    batch: Batch, outcome: str, against: str, horizon: int | None = None
) -> pd.DataFrame:
    """Compare every arm with a reference arm, replicate by replicate.

    Args:
        batch: The results.
        outcome: Name of an outcome.
        against: Key of the reference arm.
        horizon: Months from the start that count; None for all.

    Returns:
        One row per place, arm (the reference left out) and group, pseudo-groups included: n (pairs
        of runs), level and level_against (means over the pairs), difference (mean paired
        difference), low and high (95% t interval; NaN for fewer than two pairs), sd_paired (of the
        paired differences), sd_unpaired (were the runs not paired), worth (the smallest difference
        worth telling, in the unit of the level) and verdict (see `parley.worth.verdict_of`: only an
        interval wholly beyond `worth` is `better` or `worse`, one wholly within it is `too_small`;
        a wider `spread` is worse). No rows where an arm or the reference has no value: equality
        of voice, say, does not exist where nobody meets.

    Raises:
        AnalysisError: As `levels`, or an unknown arm.
    """
    batch.arm(against)
    info = batch.outcome(outcome)
    wide = _by_arm(levels(batch, outcome, horizon))
    margin = batch.margin(outcome, horizon)
    rows = []
    for arm in (arm for arm in batch.arms if arm != against and {arm, against} <= set(wide)):
        pairs = wide[[arm, against]].dropna()
        for (place, group), pair in pairs.groupby(["place", "group"], sort=False):
            sign = -abs(info.sign) if group == SPREAD else info.sign
            rows.append(
                {"place": place, "arm": arm, "group": group, **_compare(pair, sign, margin)}
            )
    return _in_order(batch, pd.DataFrame(rows, columns=_DIFFERENCE_COLUMNS))


def bands(batch: Batch, outcome: str, group: str = ALL) -> pd.DataFrame:
    """Paths over time: mean over replicates and the 95% interval of that mean.

    Args:
        batch: The results.
        outcome: Name of a monthly outcome. One whose months are summed is cumulated, so that the
            end of its path is its level.
        group: Reporting group, `worst` or `spread`.

    Returns:
        Columns place, arm, month, date, mean, low, high, n.

    Raises:
        AnalysisError: The outcome is unknown or not monthly, or too many runs failed.
    """
    require_enough_runs(batch)
    info = batch.outcome(outcome)
    if info.level == "run":
        raise AnalysisError(f"{outcome} is known only at the end of a run and has no path")
    wanted = None if group in (WORST, SPREAD) else [group]
    series = batch.results.series([outcome], wanted).rename(columns={outcome: "value"})
    series = series.dropna(subset="value")
    if wanted is None:
        series = _extremes(series, info, ["month", "date"]).query("group == @group")
    if info.aggregate == "sum":
        series["value"] = series.groupby([*_RUN], sort=False)["value"].cumsum()
    grouped = series.groupby(["place", "arm", "month", "date"], sort=False)["value"]
    table = grouped.agg(["mean", "std", "count"]).reset_index()
    half = half_width(table["std"].to_numpy(), table["count"].to_numpy())
    table = table.assign(low=table["mean"] - half, high=table["mean"] + half, n=table["count"])
    return _in_order(batch, table.drop(columns=["std", "count"]), ["month"])


def win_shares(
    batch: Batch, outcomes: Sequence[str], arm: str, horizon: int | None = None
) -> pd.DataFrame:
    """How often one arm is better than each other arm under the same luck.

    Args:
        batch: The results.
        outcomes: Outcomes; those of which neither direction is better are left out.
        arm: Key of the arm in question.
        horizon: Months from the start that count; None for all.

    Returns:
        One row per place, other arm, outcome and group: n (pairs of runs), wins and ties (shares
        of the pairs in which `arm` is better, or the same but for rounding). Groups are everybody
        and, for outcomes by group, `worst`.
    """
    batch.arm(arm)
    rows = []
    for name in outcomes:
        info = batch.outcome(name)
        if not info.sign:
            continue
        table = levels(batch, name, horizon)
        wide = _by_arm(table[table["group"].isin([ALL, WORST])])
        for other in (a for a in batch.arms if a != arm and a in wide and arm in wide):
            pairs = wide[[arm, other]].dropna()
            change = changes(pairs[arm].to_numpy(float), pairs[other].to_numpy(float))
            gain = pd.Series(info.sign * change, pairs.index)
            for (place, group), part in gain.groupby(["place", "group"], sort=False):
                wins, ties = float((part > 0).mean()), float((part == 0).mean())
                rows.append((place, other, name, group, len(part), wins, ties))
    columns = ["place", "arm", "outcome", "group", "n", "wins", "ties"]
    return _in_order(batch, pd.DataFrame(rows, columns=columns))


def losers(
    batch: Batch, outcomes: Iterable[str], against: str, horizon: int | None = None
) -> pd.DataFrame:
    """Groups that an arm leaves worse off by more than the smallest difference worth telling.

    Returns:
        The rows of `paired_differences` whose verdict is `worse`, pseudo-groups left out, with the
        outcome in front.
    """
    found = []
    for name in outcomes:
        table = paired_differences(batch, name, against, horizon)
        worse = (table["verdict"] == "worse") & ~table["group"].isin([WORST, SPREAD])
        found.append(table[worse].assign(outcome=name))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def half_width(sd: Floats, n: Floats) -> Floats:
    """Half the width of the 95% t interval of a mean.

    Args:
        sd: Standard deviations with n - 1 in the denominator, any shape.
        n: Numbers of values, the same shape.

    Returns:
        The half widths; NaN where n < 2.

    >>> half_width(np.array([1.0]), np.array([4])).round(4)
    array([1.5912])
    """
    sd, n = np.asarray(sd, float), np.asarray(n, float)
    enough = n >= 2
    safe = np.where(enough, n, 2.0)
    quantile = stats.t.ppf(0.5 + CONFIDENCE / 2, safe - 1)
    return np.where(enough, quantile * sd / np.sqrt(safe), np.nan)


def _compare(pair: pd.DataFrame, sign: int, margin: float) -> dict[str, object]:
    """Statistics of one arm (first column) against another (last column), one row per pair."""
    arm, reference = pair.iloc[:, 0].to_numpy(float), pair.iloc[:, -1].to_numpy(float)
    n = len(arm)
    change = changes(arm, reference)
    mean = float(change.mean())
    spread = [float(x.std(ddof=1)) if n > 1 else np.nan for x in (arm, reference, change)]
    half = float(half_width(np.array(spread[2]), np.array(n)))
    return {
        "n": n,
        "level": float(arm.mean()),
        "level_against": float(reference.mean()),
        "difference": mean,
        "low": mean - half,
        "high": mean + half,
        "sd_paired": spread[2],
        "sd_unpaired": float(np.hypot(spread[0], spread[1])),
        "worth": margin,
        "verdict": verdict_of(mean - half, mean + half, sign, margin, n),
    }


def changes(arm: Floats, reference: Floats) -> Floats:
    """Differences, those that are mere rounding of floating-point sums set to zero."""
    change = arm - reference
    size = np.maximum(np.abs(arm), np.abs(reference))
    return np.where(np.abs(change) > _ROUNDING * size, change, 0.0)


def _by_arm(table: pd.DataFrame) -> pd.DataFrame:
    """One row per place, group and replicate, one column per arm."""
    index = ["place", "group", "replicate"]
    if table.duplicated([*index, "arm"]).any():
        raise AnalysisError(
            "several runs share place, arm and replicate; pairs of runs would be ambiguous"
        )
    return table.pivot_table(index=index, columns="arm", values="value")


def _extremes(table: pd.DataFrame, info: OutcomeInfo, also: Sequence[str] = ()) -> pd.DataFrame:
    """Rows for the pseudo-groups `worst` and `spread`, from the groups other than everybody."""
    groups = table[table["group"] != ALL]
    ends = groups.groupby([*_RUN, *also], sort=False)["value"].agg(["min", "max"]).reset_index()
    keep = [*_RUN, *also]
    spread = ends[keep].assign(group=SPREAD, value=ends["max"] - ends["min"])
    if not info.sign:
        return spread
    worst = ends[keep].assign(group=WORST, value=ends["min" if info.sign > 0 else "max"])
    return pd.concat([worst, spread], ignore_index=True)


def _horizon(batch: Batch, horizon: int | None) -> int:
    if horizon is None:
        return batch.months
    if not 1 <= horizon <= batch.months:
        raise AnalysisError(f"horizon = {horizon}: allowed are 1 to {batch.months} months")
    return horizon


def _in_order(batch: Batch, table: pd.DataFrame, then: Sequence[str] = ()) -> pd.DataFrame:
    """Sort rows by place, arm and group as the batch lists them, and by other columns after."""
    ranks = {
        "place": {name: i for i, name in enumerate(batch.places)},
        "arm": {name: i for i, name in enumerate(batch.arms)},
        "group": {name: i for i, name in enumerate(batch.all_groups())},
    }
    by = [name for name in ("place", "arm", "outcome", "group") if name in table]

    def rank(column: pd.Series) -> pd.Series:
        known = ranks.get(str(column.name))
        return column if known is None else column.map(known).fillna(len(known))

    return table.sort_values([*by, *then], key=rank, kind="stable", ignore_index=True)
