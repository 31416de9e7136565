"""Where results come from: versions of the packages and state of the source tree."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import tomllib
from pathlib import Path

OWN = "parley-sim"
PACKAGES = (OWN, "mesa", "numpy", "scipy", "pandas", "pyarrow", "numba")


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that touch a number."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed as a package"
    own = Path(__file__).resolve().parents[2] / "pyproject.toml"
    if own.is_file():  # a checkout; what was noted when it was installed may be older
        versions[OWN] = _version(own.read_text("utf-8")) or versions[OWN]
    return versions


def version_at(commit: str) -> str | None:
    """Return the version that the source has at a commit; None when it cannot be looked up."""
    if not commit.isalnum():
        return None
    text = _git(Path(__file__).resolve().parent, "show", f"{commit}:pyproject.toml")
    return None if text is None else _version(text)


def _version(text: str) -> str | None:
    """Return the version in a `pyproject.toml`, None when it is that of something else."""
    project = tomllib.loads(text).get("project", {})
    return str(project["version"]) if project.get("name") == OWN else None


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
