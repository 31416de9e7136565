"""Where results come from: versions of the packages and state of the source tree."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
from pathlib import Path

PACKAGES = ("parley-sim", "mesa", "numpy", "scipy", "pandas", "pyarrow", "numba")


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that touch a number."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed as a package"
    return versions


def source_state() -> dict[str, str | bool] | None:
    """Return commit and dirty flag of the checkout this package is run from.

    Returns:
        `{"commit": ..., "dirty": ...}`, or None when the package does not come from a checkout
        (an installed wheel inside somebody else's repository is not one).
    """
    here = Path(__file__).resolve()
    tracked = _git(here.parent, "ls-files", "--error-unmatch", "results.py")
    commit = _git(here.parent, "rev-parse", "HEAD")
    if tracked is None or commit is None:
        return None
    changes = _git(here.parent, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit.strip(), "dirty": bool(changes)}


def _git(folder: Path, *words: str) -> str | None:
    """Return git's answer, or None when there is no git, no checkout or no such file."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
