"""Benchmarks are scripts, not a package: their folder has to be on the path to be imported."""

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "benchmarks"))


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def world():
    from reduced.world import make_world

    return make_world(400)


@pytest.fixture(scope="session")
def given(world):
    from reduced.rules import Given

    rng = np.random.default_rng(11)
    return Given(rng.standard_normal((40, world.n)), rng.random((40, world.n)))
