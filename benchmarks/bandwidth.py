"""How fast this machine moves memory, as STREAM counts it (McCalpin 1995), measured on the spot.

`python benchmarks/bandwidth.py 2` prints gigabytes a second on two threads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

SIZES = {"8 MB": 1_000_000, "320 MB": 40_000_000}
"""Length of each of the three arrays (float64)."""

REPEATS = 7
BYTES = {"copy": 16, "triad": 24}


def measure(threads: int) -> dict[str, dict[str, float]]:
    """Measure in this process, whose numba must be set to that many threads.

    Returns:
        Gigabytes a second by kind and size, best of `REPEATS`.
    """
    from numba import njit, prange

    parallel = threads > 1

    @njit(parallel=parallel)
    def copy(a, b, _c):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        for i in prange(len(a)):
            a[i] = b[i]

    @njit(parallel=parallel)
    def triad(a, b, c):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        for i in prange(len(a)):
            a[i] = b[i] + 3.0 * c[i]

    found: dict[str, dict[str, float]] = {kind: {} for kind in BYTES}
    for label, n in SIZES.items():
        arrays = [np.full(n, float(k)) for k in range(3)]
        inner = max(1, 20_000_000 // n)
        for kind, run in (("copy", copy), ("triad", triad)):
            run(*arrays)
            best = np.inf
            for _ in range(REPEATS):
                begun = time.perf_counter()
                for _ in range(inner):
                    run(*arrays)
                best = min(best, (time.perf_counter() - begun) / inner)
            found[kind][label] = BYTES[kind] * n / best / 1e9
    return found


def alone(threads: int) -> dict[str, dict[str, float]]:
    """Measure in a fresh process."""
    variables = {"NUMBA_NUM_THREADS": str(threads), "NUMBA_THREADING_LAYER": "workqueue"}
    done = subprocess.run(
        [sys.executable, Path(__file__), str(threads)],
        env=os.environ | variables,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def bound(bytes_a_month: float, people: int, triad: dict[str, float]) -> float:
    """Seconds a month takes at the least, at the bandwidth of arrays of that size.

    Args:
        bytes_a_month: bytes a resident-month must move.
        people: how many.
        triad: gigabytes a second by size.
    """
    label = "8 MB" if bytes_a_month * people < 24e6 else "320 MB"
    return bytes_a_month * people / (triad[label] * 1e9)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
