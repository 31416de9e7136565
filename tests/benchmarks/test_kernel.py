"""The compiled month's own draws, and that results do not depend on threads."""

import numpy as np
import pytest
from reduced.rules import Setting
from reduced.world import make_world
from scipy import special, stats

pytest.importorskip("numba")

from reduced import kernel, parley_numba

KEYS = np.array([12345678901234567, 987654321987654321], dtype=np.uint64)


def draw(n, lo=0, keys=KEYS):
    normal, uniform = np.empty(n), np.empty(n)
    kernel.draw_block(keys, lo, normal, uniform)
    return normal, uniform


def test_splitmix64_gives_its_published_sequence():
    """First numbers from seed 1234567, as the authors' own program prints them."""
    wanted = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    _, uniform = draw(3, keys=np.array([0, 1234567], dtype=np.uint64))
    np.testing.assert_array_equal(uniform, [(x >> 11) * 2.0**-53 for x in wanted])


def test_normals_are_the_inverse_of_the_distribution():
    normal, _ = draw(200_000)
    _, uniform = draw(200_000, keys=KEYS[[1, 0]])
    expected = special.ndtri((np.floor(uniform * 2.0**52) + 0.5) * 2.0**-52)
    assert np.abs(normal / expected - 1.0).max() < 1.2e-9
    assert np.abs(normal).max() > 4.0  # both tails were reached
    assert normal.min() < -4.0 < 4.0 < normal.max()


def p_values(which, name, shift=0.0):
    """Kolmogorov and Smirnov's test for each of 50 keys; the keys count up, as months do."""
    keys = (np.array([7, 2**40 + k], dtype=np.uint64)[:: 1 if which else -1] for k in range(50))
    return [stats.kstest(draw(10_000, keys=k)[which] + shift, name).pvalue for k in keys]


@pytest.mark.parametrize(("which", "name"), [(0, "norm"), (1, "uniform")])
def test_draws_have_their_distributions(which, name):
    assert stats.kstest(p_values(which, name), "uniform").pvalue > 1e-3
    assert stats.kstest(p_values(which, name, shift=0.02), "uniform").pvalue < 1e-6


def test_draws_of_neighbouring_rows_and_of_both_streams_are_unrelated():
    normal, uniform = draw(200_000)
    for one, other in ((normal, uniform), (normal[1:], normal[:-1]), (uniform[1:], uniform[:-1])):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4.0 / np.sqrt(len(one))


def test_a_row_draws_the_same_in_any_block():
    whole, part = draw(100), draw(40, lo=60)
    np.testing.assert_array_equal(whole[0][60:], part[0])
    np.testing.assert_array_equal(whole[1][60:], part[1])


def test_asking_ahead_changes_nothing_but_time():
    world = make_world(3_000)
    network = world.indptr.view(np.uint32), world.indices.view(np.uint32)
    sums = np.add.reduceat(world.grievance[world.indices], world.indptr[:-1])
    means = sums / np.diff(world.indptr)
    for lo, m in ((0, 1024), (2048, 952)):  # the last block looks beyond the last tie
        plain, ahead = np.empty(m), np.empty(m)
        kernel._gather(network, world.grievance, lo, plain)
        kernel._gather_ahead(network, world.grievance, lo, ahead)
        np.testing.assert_allclose(ahead, plain, rtol=1e-14)
        np.testing.assert_allclose(plain, means[lo : lo + m], rtol=1e-14)


def test_the_month_on_threads_is_a_function_of_its_own():
    """Numba's cache does not look at `parallel`: one function compiled both ways is one entry."""
    one, both = kernel.month, kernel.month_on_threads
    assert one.py_func.__code__ is not both.py_func.__code__
    assert one.py_func.__qualname__ != both.py_func.__qualname__
    assert not one.targetoptions.get("parallel")
    assert both.targetoptions["parallel"]


def test_every_month_draws_anew():
    model = parley_numba.IMPLEMENTATION(make_world(2_000), Setting())
    model.advance(30)
    protests = [tuple(counts) for counts in model.record().protests]
    assert len(set(protests)) == 30


@pytest.mark.slow
def test_results_do_not_depend_on_the_number_of_threads():
    import numba

    if numba.config.NUMBA_NUM_THREADS < 2:
        pytest.skip("numba may use one thread only")
    world = make_world(5_000)
    found = []
    threads = numba.get_num_threads()
    try:
        for month, number in (
            (kernel.month, 1),
            (kernel.month_on_threads, 1),
            (kernel.month_on_threads, 2),
        ):
            numba.set_num_threads(number)
            model = parley_numba.IMPLEMENTATION(world, Setting())
            model.month_of_all = month
            model.advance(24)
            found.append(model.record().statistics)
    finally:
        numba.set_num_threads(threads)
    assert found[0] == found[1] == found[2]
