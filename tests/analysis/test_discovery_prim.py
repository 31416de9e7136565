"""PRIM on arrays: the same boxes as the EMA workbench, and no trace of the workbench."""

import itertools
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import MissingExtraError
from parley_analysis import discovery_prim, discovery_workbench
from parley_analysis.discovery_search import Rule, screen, search, tidy
from parley_analysis.discovery_tree import grow, text, tree


def planted(seed, n=200, factors=4):
    """Cases in 8 of 10 points with a < 0.4 and b > 0.5, in 1 of 10 elsewhere."""
    luck = np.random.default_rng(seed)
    x = luck.random((n, factors))
    inside = (x[:, 0] < 0.4) & (x[:, 1] > 0.5)
    y = np.where(inside, luck.random(n) < 0.8, luck.random(n) < 0.1)
    return pd.DataFrame(x, columns=[f"x{j}" for j in range(factors)]), y


def with_ties(x, seed):
    """Half of two factors at 0, as with priors that may switch something off; one is a switch."""
    luck = np.random.default_rng([seed, 1])
    x = x.copy()
    x["x1"] = np.where(luck.random(len(x)) < 0.5, 0.0, x["x1"])
    x["x2"] = np.where(luck.random(len(x)) < 0.5, 0.0, x["x2"])
    x["x3"] = luck.integers(0, 2, len(x)).astype(float)
    return x


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ties", [False, True])
def test_every_box_is_that_of_the_workbench(seed, ties):
    x, y = planted(seed)
    x = with_ties(x, seed) if ties else x
    ours = discovery_prim.peel(x.to_numpy(), y)
    theirs = discovery_workbench.peel(x, y)
    assert len(ours) == len(theirs) > 5
    for a, b in zip(ours, theirs, strict=True):
        assert np.array_equal(a.low, b.low)
        assert np.array_equal(a.high, b.high)


def test_coverage_density_and_quasi_p_are_those_of_the_workbench():
    x, y = planted(3)
    box = discovery_workbench.prim_box(x, y)
    start = discovery_prim.peel(x.to_numpy(), y)[0]
    rule = Rule(quasi_p=1.0, most_limited=99)  # drop nothing
    for i in (3, 10, len(box.box_lims) - 1):
        bounds = discovery_prim.Bounds(*box.box_lims[i].to_numpy(float))
        inside = bounds.holds(x.to_numpy())
        row = box.peeling_trajectory.loc[i]
        assert y[inside].mean() == pytest.approx(row["density"], abs=1e-12)
        assert y[inside].sum() / y.sum() == pytest.approx(row["coverage"], abs=1e-12)
        tidied, p = tidy(x.to_numpy(), y, bounds, rule)
        limited = (bounds.low > start.low) | (bounds.high < start.high)
        assert (np.isfinite(tidied.low) | np.isfinite(tidied.high)).sum() == limited.sum()
        for name, values in box.p_values[i].items():
            mine = np.nan_to_num(p[list(x).index(name)], nan=-1.0)
            assert mine == pytest.approx(values, rel=1e-9)


def test_the_search_is_the_same_with_the_workbench_inside():
    x, y = planted(5)
    ours = search(x.to_numpy(), y, Rule())
    theirs = search(x.to_numpy(), y, Rule(), discovery_workbench.peel_arrays)
    assert np.array_equal(ours.box.low, theirs.box.low)
    assert np.array_equal(ours.box.high, theirs.box.high)


def test_an_edge_separates_different_values():
    column = np.array([0.0] * 50 + list(np.linspace(0.1, 1.0, 50)))
    low, high = discovery_prim.edges(column[:, None], 0.05)
    assert 0.0 < low[0] < 0.1  # not 0, which half of all points have
    assert 0.9 < high[0] < 1.0


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(20, 80), st.integers(1, 4))
def test_each_peel_is_inside_the_one_before_and_denser(seed, n, factors):
    luck = np.random.default_rng(seed)
    x, y = luck.random((n, factors)), luck.random(n) < 0.4
    boxes = discovery_prim.peel(x, y)
    assert boxes[0].holds(x).all()
    density = [y[box.holds(x)].mean() for box in boxes]
    assert all(after > before for before, after in itertools.pairwise(density))
    assert all(box.holds(x).mean() >= discovery_prim.LEAST_MASS for box in boxes)


def test_a_limit_that_does_no_work_is_dropped_and_one_that_does_is_kept():
    luck = np.random.default_rng(1)
    x = luck.random((400, 2))
    y = x[:, 0] > 0.6
    box = discovery_prim.Bounds(np.array([0.6, 0.1]), np.array([1.0, 1.0]))
    tidied, p = tidy(x, y, box, Rule())
    assert tidied.low.tolist() == [0.6, -np.inf]
    assert p[0, 0] < 1e-6
    assert np.isnan(p[1]).all()


def test_screening_sees_harm_at_both_ends_as_well():
    luck = np.random.default_rng(2)
    x = luck.random((600, 30))
    y = np.abs(x[:, 17] - 0.5) > 0.35
    assert 17 in screen(x, y, 3)
    assert 17 not in screen(x, luck.permutation(y), 3)  # the effect switched off


def test_the_tree_finds_the_planted_questions():
    x, y = planted(4, n=600)
    parts = (range(0, 400), range(400, 600))
    nodes = tree(x, pd.Series(y, x.index), parts)
    asked = {node.factor: node.threshold for node in nodes if node.depth < 2 and node.factor}
    assert asked["x0"] == pytest.approx(0.4, abs=0.05)
    assert asked["x1"] == pytest.approx(0.5, abs=0.05)
    root = nodes[0]
    assert (root.found.points, root.held.points) == (400, 200)
    best = max((n for n in nodes if not n.factor), key=lambda n: n.found.density)
    assert best.held.density > 0.6
    assert "all worlds" in text(nodes).splitlines()[0]


def test_a_full_grown_tree_is_that_of_the_workbench():
    x, y = planted(6, n=600)  # large leaves, so that no two questions are equally good
    theirs = discovery_workbench.workbench().CART(x, y, mass_min=0.15)
    theirs.build_tree()
    ours = grow(x, y, deepest=None, smallest=0.15)
    assert len(ours.boxes) >= 3
    for a, b in zip(ours.boxes, theirs.boxes, strict=True):
        pd.testing.assert_frame_equal(a, b)


@pytest.mark.slow
def test_importing_the_workbench_leaves_nothing_behind():
    """In a fresh process: no warning, no log handler, no matplotlib setting, no NumPy setting."""
    code = """
import logging, warnings
warnings.simplefilter("error")
import matplotlib, numpy
before = dict(matplotlib.rcParams), numpy.geterr(), list(warnings.filters)
from parley_analysis.discovery_workbench import workbench
workbench()
assert (dict(matplotlib.rcParams), numpy.geterr()) == before[:2]
assert warnings.filters[:1] == before[2][:1]
root, theirs = logging.getLogger(), logging.getLogger("EMA")
assert (root.handlers, theirs.handlers, root.level) == ([], [], logging.WARNING)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_without_the_workbench_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(MissingExtraError, match=r'pip install "parley-sim\[discovery\]"'):
        discovery_workbench.workbench()
