"""The most memory this process has held."""

from __future__ import annotations

import resource
from pathlib import Path


def peak_kb() -> int:
    """Kilobytes of resident memory at the highest.

    Linux counts what a process held before it became this program into `getrusage`, but not into
    `VmHWM`.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
