import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session")
def fakes():
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "fake_runs.py")))
