"""Names for the three kinds of NumPy array the model uses.

Shapes are not part of these types: every docstring states them.
"""

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]
"""Real numbers: shares, rates, incomes, indices."""

type Bools = npt.NDArray[np.bool_]
"""Yes or no, one per element."""

type Ints = npt.NDArray[np.int64]
"""Counts, codes and money in cents."""
