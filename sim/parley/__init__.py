"""Parley: an agent-based laboratory for company-community relations.

>>> import parley
>>> sorted(parley.__all__)
['RunSpec', 'compare', 'load_scenario', 'make_scenario', 'open_results', 'run']

Everything is loaded when first used, so that `import parley` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.library import run
    from parley.results import RunSpec
    from parley.scenario import load_scenario, make_scenario
    from parley.store import open_results
    from parley_experiments.comparison import compare

__all__ = ["RunSpec", "compare", "load_scenario", "make_scenario", "open_results", "run"]

_HOMES = {
    "RunSpec": "parley.results",
    "compare": "parley_experiments.comparison",
    "load_scenario": "parley.scenario",
    "make_scenario": "parley.scenario",
    "open_results": "parley.store",
    "run": "parley.library",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'parley' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Public names."""
    return __all__
