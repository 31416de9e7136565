"""Which channel an effect comes through: money, process or delivery, by contrasts of single arms.

Each contrast holds two arms against each other that differ in one channel alone. In worlds where
the truth is planted the verdict has to name it, and in a world where nothing matters it has to
refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from parley_analysis.winmatrix import gains, levels_by_arm, wilson_interval, win_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley_analysis.load import Batch

DOMINANCE = 2.0
"""The largest median effect must be at least so many times as large as any other."""

UNCLEAR = "unclear"


@dataclass(frozen=True)
class ChannelVerdict:
    """What the contrasts say of one set of worlds.

    Attributes:
        truth: Which channel was planted, or what the worlds are.
        said: The channel that the contrasts name, or `unclear`.
        table: One row per contrast: n, share (won, ties as half), low, high, ties, median.
    """

    truth: str
    said: str
    table: pd.DataFrame


def read_verdict(batch: Batch) -> ChannelVerdict:
    """Judge a batch by the contrasts that its manifest names, all places together."""
    part = cast("Mapping[str, Any]", batch.results.manifest["part"])
    levels = levels_by_arm(batch, [part["outcome"]], [part["group"]])
    sign = batch.outcome(part["outcome"]).sign
    rows = []
    for channel, (arm, other) in part["contrasts"].items():
        gain = gains(levels, arm, other, sign).to_numpy(float)
        share = win_share(gain)
        low, high = wilson_interval(share, gain.size)
        rows.append(
            {"channel": channel, "n": gain.size, "share": share, "low": low, "high": high,
             "ties": float((gain == 0.0).mean()), "median": float(np.median(gain))}
        )  # fmt: skip
    table = pd.DataFrame(rows)
    return ChannelVerdict(str(part["truth"]), judge(table), table)


def judge(table: pd.DataFrame) -> str:
    """The channel whose contrast outweighs all others, or `unclear`.

    Args:
        table: Columns channel, low, high, median.

    >>> table = pd.DataFrame({"channel": ["money", "process"], "low": [0.7, 0.4],
    ...                       "high": [0.9, 0.6], "median": [0.02, 0.001]})
    >>> judge(table), judge(table.assign(median=0.02)), judge(table.assign(low=0.4))
    ('money', 'unclear', 'unclear')
    """
    size = table["median"].abs().to_numpy(float)
    order = np.argsort(-size, kind="stable")
    first = table.iloc[int(order[0])]
    rest = float(size[order[1]]) if len(order) > 1 else 0.0
    sure = float(first["low"]) > 0.5 or float(first["high"]) < 0.5
    if sure and size[order[0]] > 0.0 and size[order[0]] >= DOMINANCE * rest:
        return str(first["channel"])
    return UNCLEAR
