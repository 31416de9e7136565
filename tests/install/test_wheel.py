"""The wheel, installed into a clean environment, works from a folder that is not the checkout."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.install

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"parley", "parley_experiments", "parley_analysis", "parley_workshop"}
SCENARIO = """
title = "A small run from somewhere else"
place = "colombia"
practices = "hsbp"
months = 12
population = 200
"""


def run(*command, cwd):
    """Run a command as a user would, with nothing of the development environment about."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(kind, source, folder):
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=source)
    (archive,) = folder.iterdir()
    return archive


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def commands(wheel, tmp_path_factory):
    """The `bin` folder of a clean environment that holds the runtime lock and the wheel."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "-qq", "install")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=folder.parent)
    run(*pip, "--no-deps", wheel, cwd=folder.parent)
    yield python.parent
    shutil.rmtree(folder)


def contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_the_four_packages_and_the_scenarios(wheel):
    files = contents(wheel)
    assert {name.partition("/")[0] for name in files} == PACKAGES
    scenarios = {
        p.relative_to(ROOT / "scenarios") for p in (ROOT / "scenarios").rglob("*") if p.is_file()
    }
    assert {f"parley/_scenarios/{path.as_posix()}" for path in scenarios} <= files
    assert {"parley/parameters.toml", "parley/outcomes.toml", "parley/py.typed"} <= files


def test_a_wheel_built_from_the_source_archive_is_the_same(wheel, tmp_path):
    archive = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    assert contents(build("wheel", unpacked, tmp_path / "again")) == contents(wheel)


def test_what_is_installed_fits_together(commands, tmp_path):
    run(commands / "python", "-m", "pip", "check", cwd=tmp_path)
    where = run(commands / "python", "-c", "import parley; print(parley.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(commands.parent)


def test_help(commands, tmp_path):
    assert "compare" in run(commands / "parley", "--help", cwd=tmp_path)


@pytest.fixture
def scenario(tmp_path):
    """A small scenario of the user's own, on a bundled place, where the user happens to be."""
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path.name


def test_validate(commands, tmp_path, scenario):
    run(commands / "parley", "validate", scenario, cwd=tmp_path)


def test_run(commands, tmp_path, scenario):
    run(commands / "parley", "run", scenario, "--out", "kept", cwd=tmp_path)
    assert (tmp_path / "kept" / "runs.parquet").is_file()


def test_compare_with_figures(commands, tmp_path):
    small = ("--replicates", 2, "--months", 12, "--population", 200, "--processes", 2)
    arms = ("--places", "bosnia", "--arms", "none,hsbp")
    run(commands / "parley", "compare", *arms, *small, "--out", "kept", cwd=tmp_path)
    assert (tmp_path / "kept" / "COMPLETE").is_file()
    assert [*(tmp_path / "kept").rglob("*.png"), *(tmp_path / "kept").rglob("*.svg")]
