"""Who does the people's arithmetic: NumPy, or compiled passes with the same rules and luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.errors import MissingExtraError, Problem, ScenarioError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from parley.model import PartneringModel

BACKENDS = ("numpy", "compiled")


def check_backend(backend: str) -> None:
    """Refuse a backend that there is not, or that is not installed.

    Raises:
        ScenarioError: there is none of that name.
        MissingExtraError: it needs a library that is missing.
    """
    if backend not in BACKENDS:
        allowed, hint = " or ".join(BACKENDS), did_you_mean(backend, BACKENDS)
        raise ScenarioError([Problem("run", "backend", backend, "is unknown", allowed, hint)])
    if backend == "compiled":
        try:
            import numba  # noqa: F401
        except ImportError:
            raise MissingExtraError("Numba", "fast") from None


def passes_of(
    backend: str, model: PartneringModel
) -> Mapping[str, Callable[[PartneringModel], None]]:
    """What runs in place of entries of the schedule, by label; nothing with NumPy.

    Args:
        backend: one of `BACKENDS`.
        model: the model, built except for this.
    """
    if backend == "numpy":
        return {}
    from parley.compiled.passes import passes

    return passes(model)
