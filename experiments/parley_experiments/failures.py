"""Failed runs: when there are too many of them to go on, and what to say then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from parley.errors import OptionError, RunError

if TYPE_CHECKING:
    from pathlib import Path


class TooManyFailuresError(RunError):
    """More runs failed than were allowed. Finished and failed runs are on disk."""

    def __init__(self, folder: Path, failed: int, allowed: int, left: int) -> None:
        """Say how many, and how to go on."""
        super().__init__(
            f"{folder}: {failed} runs failed, more than the {allowed} allowed; no further runs "
            f"were started. Finished runs are kept and {left} are still to make; the reasons are "
            f"in {folder / 'failures'}. To go on, mend the cause and resume with the failed runs "
            "made again (--retry-failed), or resume with a higher limit (--max-failures)"
        )
        self.folder = folder
        self.failed = failed
        self.allowed = allowed
        self.left = left

    def __reduce__(self) -> tuple[type[TooManyFailuresError], tuple[Path, int, int, int]]:
        """Rebuild from the numbers, so that the error survives a process border."""
        return type(self), (self.folder, self.failed, self.allowed, self.left)


def allowed_failures(most: float | None, planned: int) -> float:
    """Turn a limit as a user gives it into a number of runs.

    Args:
        most: A whole number of runs from 0, a share of the planned runs between 0 and 1, or None
            for no limit.
        planned: Planned runs.

    Raises:
        OptionError: It is neither.

    >>> allowed_failures(0.02, 150), allowed_failures(5, 150), allowed_failures(None, 150)
    (3, 5, inf)
    """
    if most is None:
        return math.inf
    if 0 < most < 1:
        return math.floor(most * planned)
    if most < 0 or not float(most).is_integer():
        raise OptionError(
            f"max_failures = {most}: expected a whole number of runs from 0, or a share of the "
            "runs between 0 and 1"
        )
    return int(most)
