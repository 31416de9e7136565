"""Environmental burden, the harm it does, and the six linked securities of a person (block M4).

A security is a number in [0, 1], 1 being secure; the six kinds stand in the fixed order safety,
livelihood, land, health and water, services, dignity.

Null switch: `emission_per_output = 0` and no shocks (no harm ever builds up);
`threat_coupling_per_month = 0` (the six securities move separately).
"""

from __future__ import annotations

import math

import numpy as np

from parley.arrays import Floats
from parley.parameters import HarmParams


def mitigation(p: HarmParams) -> float:
    """Spending on mitigation removes a share of emissions, with falling returns.

    m = 1 - exp(-mitigation_effect * mitigation_spend_ratio)

    Args:
        p: Block M4; reads `mitigation_effect` and `mitigation_spend_ratio`.

    Returns:
        Share of emissions removed, in [0, 1].

    Source: assumption.

    Example: effect 0.5 at twice the reference spending removes 1 - e^-1.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(mitigation_effect=0.5, mitigation_spend_ratio=2.0)
    >>> round(mitigation(p), 6)
    0.632121
    """
    return -math.expm1(-p.mitigation_effect * p.mitigation_spend_ratio)


def step_environment(
    stock: Floats | float, output_ratio: Floats | float, shock: Floats | float, p: HarmParams
) -> Floats:
    """A burden fades at a constant rate and is fed by unmitigated output and by accidents.

    E' = max((1 - delta) E + epsilon Q (1 - m) + shock, 0)

    Under constant output without shocks the rest point is epsilon Q (1 - m) / delta.

    Args:
        stock: E, environmental stock per site, index, >= 0.
        output_ratio: Q, output relative to full output, >= 0.
        shock: Burden added this month by accidents, index; a clean-up is negative.
        p: Block M4; reads `environment_decay_per_month` (delta), `emission_per_output` (epsilon)
            and what `mitigation` reads.

    Returns:
        Next month's stock, broadcast shape, >= 0.

    Source: assumption (a stock with first-order decay).

    Example: 0.95 * 1 + 0.04 * 0.5 * (1 - 0) + 0.1 = 1.07.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(environment_decay_per_month=0.05, emission_per_output=0.04,
    ...                     mitigation_effect=0.0, mitigation_spend_ratio=1.0)
    >>> round(float(step_environment(1.0, 0.5, 0.1, p)), 6)
    1.07
    """
    emitted = p.emission_per_output * (1.0 - mitigation(p)) * output_ratio
    kept = (1.0 - p.environment_decay_per_month) * stock
    return np.maximum(kept + emitted + shock, 0.0)


def harm(exposure: Floats | float, stock: Floats | float) -> Floats:
    """A person is harmed more, and less than in proportion, as exposure times burden grows.

    harm = 1 - exp(-exposure * E)

    Args:
        exposure: Person's exposure, 1 at the fence of the site, falling with distance, >= 0.
        stock: E, environmental stock of the site, index, >= 0.

    Returns:
        Harm in [0, 1], broadcast shape.

    Source: assumption (exponential dose-response curve).

    Example: exposure 0.5 to a stock of 2 gives 1 - e^-1.

    >>> round(float(harm(0.5, 2.0)), 6)
    0.632121
    """
    return -np.expm1(-np.multiply(exposure, stock))


def coupling_pressure(security: Floats, pairs: Floats | None, p: HarmParams) -> Floats:
    """Insecurity of one kind wears down the others: all alike, along known pairs, or in between.

    pressure_k = C sum_{j != k} [b + (1 - b) K_kj] (1 - w_j)

    Args:
        security: w, (..., 6), share, 1 = secure.
        pairs: K, (6, 6), weight of insecurity j on security k, mean 1 off a zero diagonal; None
            counts as all alike.
        p: Block M4; reads `threat_coupling_per_month` (C) and `coupling_breadth` (b).

    Returns:
        Pressure on each kind, (..., 6), 1/month, >= 0.

    Source: that insecurities feed each other, UNDP (1994), Human Development Report, chapter 2;
    form and pairs: assumption.

    Example: only safety is insecure, by 0.5, and C = 0.02: 0.01 on each of the others.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(threat_coupling_per_month=0.02, coupling_breadth=1.0)
    >>> coupling_pressure(np.array([0.5, 1.0, 1.0, 1.0, 1.0, 1.0]), None, p).round(6).tolist()
    [0.0, 0.01, 0.01, 0.01, 0.01, 0.01]
    """
    insecurity = 1.0 - security
    alike = insecurity.sum(axis=-1, keepdims=True) - insecurity
    if pairs is None or p.coupling_breadth == 1.0:
        return p.threat_coupling_per_month * alike
    b = p.coupling_breadth
    return p.threat_coupling_per_month * (b * alike + (1.0 - b) * (insecurity @ pairs.T))


def step_security(
    security: Floats,
    direct: Floats,
    repair: Floats,
    p: HarmParams,
    pairs: Floats | None = None,
) -> Floats:
    """Each security is repaired towards 1, worn down by pressure, and dragged by the other five.

    w_k' = w_k + repair_k (1 - w_k) - [direct_k + coupling_k] w_k, clipped to [0, 1]

    Args:
        security: w, (..., 6), share, 1 = secure.
        direct: Pressure on each kind, (..., 6), 1/month, >= 0.
        repair: Repair of each kind, natural repair included, (..., 6), 1/month, >= 0.
        p: Block M4; reads `threat_coupling_per_month` (C) and `coupling_breadth`.
        pairs: Which insecurity wears which security, as in `coupling_pressure`.

    Returns:
        Next month's securities, broadcast shape (..., 6), in [0, 1].

    Source: form an assumption; that insecurities feed each other, UNDP (1994), Human Development
    Report, chapter 2.

    Example: all at 0.5 but safety at 1, pressure 0.1, repair 0.2, C = 0.02. Safety faces five
    halves of insecurity: 1 + 0 - (0.1 + 0.02 * 2.5) * 1 = 0.85. Any other kind faces four:
    0.5 + 0.1 - (0.1 + 0.02 * 2) * 0.5 = 0.53.

    >>> from types import SimpleNamespace
    >>> w = np.array([1.0, 0.5, 0.5, 0.5, 0.5, 0.5])
    >>> p = SimpleNamespace(threat_coupling_per_month=0.02, coupling_breadth=1.0)
    >>> step_security(w, np.full(6, 0.1), np.full(6, 0.2), p).round(6).tolist()
    [0.85, 0.53, 0.53, 0.53, 0.53, 0.53]
    """
    pressure = direct
    if p.threat_coupling_per_month != 0.0:
        pressure = direct + coupling_pressure(security, pairs, p)
    moved: Floats = security + repair * (1.0 - security) - pressure * security
    return np.clip(moved, 0.0, 1.0)


def start_pressure(security0: Floats | float, p: HarmParams) -> Floats:
    """The pressure that holds a starting security still against natural repair, without coupling.

    direct_k = repair (1 - w0_k) / w0_k

    The rest point attracts if w0 > repair / 2; below that, monthly steps overshoot it.

    Args:
        security0: w0, starting securities, any shape, share in (0, 1].
        p: Block M4; reads `security_repair_per_month` (repair).

    Returns:
        Pressure, shape of `security0`, 1/month, >= 0.

    Raises:
        ValueError: If a starting security is outside (0, 1]: no finite pressure holds it there.

    Source: the rest point of `step_security`, solved for pressure.

    Example: at w0 = 0.75 and repair 0.03 the pressure is 0.03 * 0.25 / 0.75 = 0.01.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(security_repair_per_month=0.03)
    >>> start_pressure(np.array([0.75, 1.0]), p).round(6).tolist()
    [0.01, 0.0]
    """
    start = np.asarray(security0, dtype=np.float64)
    if not np.all((start > 0.0) & (start <= 1.0)):
        raise ValueError(f"starting securities must lie in (0, 1], got {security0!r}")
    return p.security_repair_per_month * (1.0 - start) / start
