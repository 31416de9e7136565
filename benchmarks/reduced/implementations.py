"""The ways W is written, and where each runs."""

from __future__ import annotations

from dataclasses import dataclass

OWN = ""
"""The environment of Parley itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of writing W.

    Attributes:
        label: as tables call it.
        module: module of this package that holds it.
        environment: `OWN`, or a name of `environments.FOREIGN`.
        threads: threads it may use; with one it is judged by processor time, else by the clock.
        given: whether it can take draws prepared beforehand.
        needs: a package that may be missing, or nothing.
    """

    label: str
    module: str
    environment: str = OWN
    threads: int = 1
    given: bool = True
    needs: str = ""


IMPLEMENTATIONS = {
    "objects": Entry("plain Mesa objects", "objects"),
    "frames": Entry("mesa-frames (Polars)", "frames", "mesa-frames", threads=2, given=False),
    "starsim": Entry("Starsim arrays (float32)", "starsim_arrays", "starsim", given=False),
    "views": Entry("Mesa, columns by hand", "views"),
    "numpy": Entry("Parley, NumPy", "parley_numpy"),
    "numba": Entry("Parley, compiled, 1 thread", "parley_numba", needs="numba"),
    "kernel": Entry("Parley, compiled, without Mesa's shell", "bare_kernel", needs="numba"),
    "numba2": Entry("Parley, compiled, 2 threads", "parley_numba", threads=2, needs="numba"),
    "kernel2": Entry(
        "Parley, compiled, 2 threads, without Mesa's shell",
        "bare_kernel",
        threads=2,
        needs="numba",
    ),
}
BASELINE = "objects"
