"""Environments of their own for packages that cannot share Parley's.

mesa-frames pins an old numpy and starsim brings forty packages, so each lives in
`.venv-bench-<name>` beside `.venv`, made from `benchmarks/<name>.lock` when a benchmark first needs
it. Where that fails the benchmark goes on without the package and says why.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOREIGN = ("mesa-frames", "starsim")
PYTHONS = {"mesa-frames": ((3, 12),), "starsim": ((3, 13), (3, 12))}
"""Versions of Python for which the locked packages have wheels, best first."""

INSTALL_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Environment:
    """Where an implementation runs.

    Attributes:
        python: the interpreter, or None where the environment could not be made.
        missing: why not, in one line; empty where it could.
    """

    python: Path | None
    missing: str = ""


def prepare(name: str) -> Environment:
    """Make the environment of a package unless it is there already.

    Args:
        name: one of `FOREIGN`.
    """
    lock = ROOT / "benchmarks" / f"{name}.lock"
    folder = ROOT / f".venv-bench-{name}"
    python = folder / "bin" / "python"
    stamp = folder / ".installed"
    checksum = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == checksum:
        return Environment(python)
    found = _find_python(PYTHONS[name])
    if found is None:
        wanted = " or ".join(f"{major}.{minor}" for major, minor in PYTHONS[name])
        return Environment(None, f"{name} needs Python {wanted}, and none was found")
    print(f"Installing {name} into {folder.name} (a minute the first time)", flush=True)
    try:
        subprocess.run([found, "-m", "venv", "--clear", folder], check=True, capture_output=True)
        subprocess.run(
            [
                *(python, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"),
                *("install", "--require-hashes", "--requirement", lock),
            ],
            check=True,
            capture_output=True,
            timeout=INSTALL_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", b"") or b""
        lines = said.decode(errors="replace").strip().splitlines() or [str(error)]
        return Environment(None, f"{name} could not be installed: {lines[-1][:200]}")
    stamp.write_text(checksum, encoding="utf-8")
    return Environment(python)


def _find_python(versions: tuple[tuple[int, int], ...]) -> str | None:
    """An interpreter of one of these versions that really starts."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for major, minor in versions:
        named = f"python{major}.{minor}"
        candidates = [
            *([sys.executable] if sys.version_info[:2] == (major, minor) else []),
            *([shutil.which(named)] if shutil.which(named) else []),
            *(str(path) for path in sorted(pyenv.glob(f"{major}.{minor}.*/bin/python"))),
        ]
        for candidate in candidates:
            if candidate and _is_version(candidate, (major, minor)):
                return candidate
    return None


def _is_version(python: str, version: tuple[int, int]) -> bool:
    program = f"import ensurepip, sys; sys.exit(sys.version_info[:2] != {version})"
    try:
        done = subprocess.run([python, "-c", program], capture_output=True, check=False, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
