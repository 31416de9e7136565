"""Functions whose sensitivity indices are known, and samples to put through them."""

import numpy as np
import pandas as pd
from SALib.sample import latin, morris, sobol

from parley_analysis.sensitivity import Sampling, problem

ISHIGAMI_FIRST = (0.3139, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)


def sobol_sample(names, blocks, seed, second_order=True):
    rows = sobol.sample(problem(names), blocks, calc_second_order=second_order, seed=seed)
    return pd.DataFrame(rows, columns=list(names)), Sampling("sobol", seed, second_order)


def morris_sample(names, count, seed, levels=4):
    rows = morris.sample(problem(names), count, num_levels=levels, seed=seed)
    return pd.DataFrame(rows, columns=list(names)), Sampling("morris", seed, levels=levels)


def latin_sample(names, count, seed):
    rows = latin.sample(problem(names), count, seed=seed)
    return pd.DataFrame(rows, columns=list(names)), Sampling("latin_hypercube", seed)


def ishigami(units, a=7.0, b=0.1):
    """Ishigami and Homma (1990) of the first three factors."""
    x = np.pi * (2.0 * units.to_numpy()[:, :3] - 1.0)
    values = np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
    return pd.Series(values, index=units.index)


def g_function(units, a):
    """The g-function of Sobol' of the first factors, as many as there are numbers in a."""
    x = units.to_numpy()[:, : len(a)]
    parts = (np.abs(4.0 * x - 2.0) + np.array(a)) / (1.0 + np.array(a))
    return pd.Series(parts.prod(axis=1), index=units.index)


def g_indices(a):
    """First-order and total indices of the g-function, by its closed form."""
    parts = 1.0 / (3.0 * (1.0 + np.array(a, dtype=float)) ** 2)
    whole = np.prod(1.0 + parts) - 1.0
    others = np.prod(1.0 + parts) / (1.0 + parts)
    return parts / whole, parts * others / whole


def column(table, index, of="value", level="factor"):
    """One column of the rows of an index, by factor."""
    rows = table[(table["index"] == index) & (table["level"] == level)]
    return rows.set_index("factor")[of]
