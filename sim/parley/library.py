"""Parley from Python: one finished run in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.errors import RunError
from parley.results import RunFailure, RunSpec
from parley.runner import run as run_spec

if TYPE_CHECKING:
    from parley.results import RunResult
    from parley.scenario_types import Scenario


def run(
    scenario: Scenario, replicate: int = 0, root_seed: int = 1, backend: str = "numpy"
) -> RunResult:
    """Run a scenario once.

    Args:
        scenario: From `parley.load_scenario` or `parley.make_scenario`.
        replicate: Which draw of luck, 0 or more.
        root_seed: Seed of the luck, 0 or more.
        backend: Who does the people's arithmetic: `numpy`, or `compiled` for large populations.

    Returns:
        Outcomes by month and reporting group, events, and what was missing.

    Raises:
        RunError: The run stopped with an error; the message says in which month and step. Or the
            backend is unknown or not installed.
    """
    result = run_spec(RunSpec(scenario, replicate, root_seed, backend))
    if isinstance(result, RunFailure):
        raise RunError(result.reason)
    return result
