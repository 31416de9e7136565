"""The finder runs each candidate, passes over those that do not work, and says what it tried."""

import shutil
import subprocess
import sys
from pathlib import Path

FINDER = Path(__file__).resolve().parents[2] / "scripts" / "find-python"


def program(folder, name, body):
    """Put an executable shell script on a private PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def find(path, home, **extra):
    """Run the finder where PATH holds only `path` and the tools the script itself uses."""
    for tool in ("bash", "env", "sort"):
        (path / tool).symlink_to(shutil.which(tool))
    environment = {"PATH": str(path), "HOME": str(home), **extra}
    return subprocess.run(
        [FINDER], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_shim_that_starts_nothing_is_passed_over(tmp_path):
    program(tmp_path / "bin", "python3.14", "echo 'shim: command not found' >&2; exit 127")
    program(tmp_path / "bin", "python3", f'exec {sys.executable} "$@"')
    found = find(tmp_path / "bin", tmp_path)
    assert found.returncode == 0
    assert Path(found.stdout.strip()).exists()
    assert found.stderr == ""


def test_a_version_manager_s_folder_is_searched_newest_first(tmp_path):
    (tmp_path / "bin").mkdir()
    versions = tmp_path / "managed" / "versions"
    program(versions / "3.9.1" / "bin", "python", "exit 1")
    program(versions / "3.12.10" / "bin", "python", f'exec {sys.executable} "$@"')
    found = find(tmp_path / "bin", tmp_path, PYENV_ROOT=str(tmp_path / "managed"))
    assert found.returncode == 0


def test_none_found_names_everything_tried(tmp_path):
    program(tmp_path / "bin", "python3", "echo 'is Python 3.9' >&2; exit 1")
    versions = tmp_path / ".pyenv" / "versions"
    program(versions / "3.8.18" / "bin", "python", "exit 1")
    found = find(tmp_path / "bin", tmp_path)
    assert found.returncode == 1
    assert found.stdout == ""
    assert "python3: is Python 3.9" in found.stderr
    assert "python3.13: not on PATH" in found.stderr
    assert f"{versions}/3.8.18/bin/python: does not start" in found.stderr
    assert "make PYTHON=" in found.stderr


def test_a_python_that_is_named_is_the_only_one_tried(tmp_path):
    program(tmp_path / "bin", "python3", f'exec {sys.executable} "$@"')
    found = find(tmp_path / "bin", tmp_path, PYTHON="/no/such/python")
    assert found.returncode == 1
    assert "/no/such/python" in found.stderr
