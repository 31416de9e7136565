"""Whether indices have settled: the same indices from growing parts of the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley_analysis.load import AnalysisError
from parley_analysis.sensitivity_morris import from_trajectories
from parley_analysis.sensitivity_sample import saltelli_blocks, trajectories
from parley_analysis.sensitivity_sobol import from_blocks

if TYPE_CHECKING:
    import pandas as pd

    from parley_analysis.sensitivity import Sampling

_PARTS = {"sobol": (0.125, 0.25, 0.5, 1.0), "morris": (0.25, 0.5, 0.75, 1.0)}


def convergence(units: pd.DataFrame, y: pd.Series[float], sampling: Sampling) -> pd.DataFrame:
    """Indices of the first part of the sample, of a larger one, and so on to all of it.

    An eighth, a quarter, a half and all of the blocks of a Sobol' sample, the first of which are a
    Sobol' sample themselves; a quarter, a half, three quarters and all of the trajectories of a
    Morris sample. Parts of fewer than two are left out.

    Args:
        units: The sample in unit space, index 0, 1, 2, ... in the order of the sampler.
        y: Outcome by point.
        sampling: How it was drawn.

    Returns:
        Tables as from `sobol_indices` or `morris_indices`, one below the other; `used` tells them
        apart.

    Raises:
        AnalysisError: The sample is not in order, too much is missing, or the method has no
            growing parts.
    """
    import pandas as pd

    if sampling.method not in _PARTS:
        raise AnalysisError(
            f"convergence is worked out for sobol and morris samples, not for {sampling.method}"
        )
    sobol = sampling.method == "sobol"
    blocks = (saltelli_blocks if sobol else trajectories)(units, y, sampling)
    work = from_blocks if sobol else from_trajectories
    counts = sorted({round(part * len(blocks.values)) for part in _PARTS[sampling.method]})
    keys = list(units.columns)
    return pd.concat(
        [work(keys, blocks.first(count), sampling, {}) for count in counts if count >= 2],
        ignore_index=True,
    )
