"""Compiled code is kept where it can be, and kernels compile where it cannot."""

from itertools import pairwise

import pytest

pytest.importorskip("numba")

import numba as real

from parley.compiled import jit


@pytest.mark.parametrize("decorate", [jit.kernel, jit.summing])
def test_a_kernel_is_compiled_where_no_folder_can_keep_it(monkeypatch, decorate):
    asked = []

    class NoFolder:
        @staticmethod
        def njit(**options):
            asked.append(options)
            if options.get("cache"):
                raise RuntimeError("cannot cache function: no locator available")
            return real.njit(**options)

    def double(x: float) -> float:
        return 2.0 * x

    monkeypatch.setattr(jit, "numba", NoFolder)
    assert decorate(double)(1.5) == 3.0
    assert [options.get("cache", False) for options in asked] == [True, False]
    assert all(options["nogil"] for options in asked)


@pytest.mark.parametrize(("n", "blocks"), [(1, 1), (1024, 1), (1025, 2), (3000, 3)])
def test_blocks_cover_everybody_once(n, blocks):
    bounds = [jit.rows_of(block, n) for block in range(blocks)]
    assert bounds[0][0] == 0
    assert bounds[-1][1] == n
    assert all(end == begin for (_, end), (begin, _) in pairwise(bounds))
    assert all(0 < high - low <= jit.BLOCK for low, high in bounds)
