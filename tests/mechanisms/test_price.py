"""Block M0: the log price."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms.price import shock_sd, step_log_price
from parley.parameters import PriceParams

P = PriceParams(volatility_per_sqrt_year=0.23, reversion_per_year=0.37)
STATIONARY = 0.23**2 / (2 * 0.37)  # 0.0715
PATHS = 200_000


def simulated_variance(p: PriceParams, months: int = 240, sd: float | None = None) -> float:
    """Variance over paths after `months`, all started at the long-run level."""
    rng = np.random.default_rng(1)
    x = np.zeros(PATHS)
    for _ in range(months):
        draws = rng.standard_normal(PATHS)
        if sd is None:
            x = step_log_price(x, draws, p)
        else:
            x = math.exp(-p.reversion_per_year / 12) * x + sd * draws
    return float(np.var(x))


def test_stationary_variance_is_sigma_squared_over_two_kappa_exactly() -> None:
    decay = math.exp(-P.reversion_per_year / 12)
    fixed_point = shock_sd(P) ** 2 / (1 - decay**2)
    assert fixed_point == pytest.approx(STATIONARY, rel=1e-12)
    assert pytest.approx(0.0715, abs=5e-5) == STATIONARY


def test_simulated_variance_agrees_within_four_standard_errors() -> None:
    error = STATIONARY * math.sqrt(2 / PATHS)
    assert abs(simulated_variance(P) - STATIONARY) < 4 * error
    # The same test sees a wrong step (the shock of a random walk) and a missing reversion.
    naive = P.volatility_per_sqrt_year / math.sqrt(12)
    assert abs(simulated_variance(P, sd=naive) - STATIONARY) > 4 * error
    walk = replace(P, reversion_per_year=0.0)
    assert abs(simulated_variance(walk, months=60) - STATIONARY) > 4 * error


def test_random_walk_variance_grows_with_time() -> None:
    walk = replace(P, reversion_per_year=0.0)
    expected = 0.23**2 * 5
    error = expected * math.sqrt(2 / PATHS)
    assert abs(simulated_variance(walk, months=60) - expected) < 4 * error


@given(sigma=st.floats(0.0, 1.0), kappa=st.floats(1e-6, 5.0), months=st.integers(1, 60))
@settings(deadline=None, max_examples=50)
def test_steps_compose_to_the_exact_variance_of_the_whole_time(
    sigma: float, kappa: float, months: int
) -> None:
    p = PriceParams(sigma, kappa)
    decay = math.exp(-kappa / 6)
    variance = shock_sd(p) ** 2 * sum(decay**k for k in range(months))
    exact = sigma**2 * -math.expm1(-2 * kappa * months / 12) / (2 * kappa)
    assert variance == pytest.approx(exact, rel=1e-9, abs=1e-15)


def test_vanishing_reversion_is_the_random_walk() -> None:
    assert shock_sd(replace(P, reversion_per_year=1e-12)) == pytest.approx(
        shock_sd(replace(P, reversion_per_year=0.0)), rel=1e-9
    )


def test_null_switch_leaves_the_price_at_its_long_run_level() -> None:
    assert step_log_price(0.0, 3.0, replace(P, volatility_per_sqrt_year=0.0)) == 0.0


def test_scalar_and_array_agree() -> None:
    x, z = np.array([-0.3, 0.0, 0.4]), np.array([1.0, -2.0, 0.5])
    together = step_log_price(x, z, P)
    assert together.tolist() == [
        step_log_price(float(a), float(b), P) for a, b in zip(x, z, strict=True)
    ]
