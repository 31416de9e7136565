"""Who acts, how far they go, and what it stops (block M15).

A person acts when willingness exceeds a personal threshold; willingness rises with grievance,
with believed efficacy and with the activity of others, and falls with risk. Because others'
activity counts, a well-mixed community can have two resting states (`fold_points`): more
grievance is needed to start a wave than to keep it going.

Null switch: weight_peers = 0 (nobody follows others); disruption_max = 0 (acting stops
nothing); rung_step sets how far the ladder's rungs lie apart.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from parley.arrays import Floats
from parley.parameters import MobilisationParams

HIGHEST_RUNG = 4
"""Rungs: 0 none, 1 petition, 2 march, 3 blockade, 4 violence."""


def public_grievance(
    operational_company: Floats | float,
    partnership: Floats | float,
    legacy: Floats | float,
    p: MobilisationParams,
) -> Floats:
    """Any of the three grievances can move a person; they add up like independent chances.

    G = 1 - (1 - G_O) (1 - w_p G_P) (1 - w_l G_L)

    w_p = partnership_weight, w_l = legacy_weight.

    Args:
        operational_company: operational grievance aimed at the company, any shape, 0..1.
        partnership: partnership grievance, same shape, 0..1.
        legacy: legacy grievance, same shape, 0..1.
        p: mobilisation parameters.

    Returns:
        Grievance that counts for acting, broadcast shape, 0..1.

    Source:
        assumption.

    Examples:
        1 - (1 - 0.5) (1 - 0.5*0.4) (1 - 0.5*0.5) = 0.7.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().mobilisation, partnership_weight=0.5,
        ...             legacy_weight=0.5)
        >>> round(float(public_grievance(0.5, 0.4, 0.5, p)), 12)
        0.7
    """
    calm = np.subtract(1.0, operational_company)
    calm = calm * (1.0 - np.multiply(p.partnership_weight, partnership))
    return 1.0 - calm * (1.0 - np.multiply(p.legacy_weight, legacy))


def risk(officers: Floats | float, active_people: Floats | float, p: MobilisationParams) -> Floats:
    """The chance of being caught falls as more people act per officer.

    P = 1 - exp(-k * officers / (active + 1)),   k = enforcement_strength

    Args:
        officers: officers present, any shape, people, >= 0.
        active_people: others who act, same shape, people, >= 0 (the person adds one).
        p: mobilisation parameters.

    Returns:
        Chance of being caught, broadcast shape, 0..1.

    Source:
        Epstein 2002.

    Examples:
        1 - exp(-2.3 * 5 / 10) = 0.683363.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().mobilisation, enforcement_strength=2.3)
        >>> round(float(risk(5.0, 9.0, p)), 6)
        0.683363
    """
    return -np.expm1(-p.enforcement_strength * np.divide(officers, np.add(active_people, 1.0)))


def peers(
    neighbour_active: Floats | float, site_active: Floats | float, p: MobilisationParams
) -> Floats:
    """Others' activity is what one sees among one's ties and what one hears of the place.

    n = nu * share of ties active + (1 - nu) * share of the place active,   nu = neighbour_share

    Args:
        neighbour_active: share of one's ties that act, any shape, 0..1.
        site_active: share of residents who act, scalar or same shape, 0..1.
        p: mobilisation parameters.

    Returns:
        Activity of others, broadcast shape, 0..1.

    Source:
        Granovetter 1978 (whole group); local weighting: assumption.

    Examples:
        0.5 * 0.4 + 0.5 * 0.1 = 0.25.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().mobilisation, neighbour_share=0.5)
        >>> round(float(peers(0.4, 0.1, p)), 12)
        0.25
    """
    nu = p.neighbour_share
    return np.add(nu * neighbour_active, (1.0 - nu) * site_active)


def willingness(
    grievance: Floats | float,
    efficacy_stake: Floats | float,
    peers: Floats | float,
    risk_term: Floats | float,
    opinion: Floats | float,
    p: MobilisationParams,
) -> Floats:
    """Grievance, hope of success and company in acting move a person; risk and trust hold back.

    u = w_G G + w_E (efficacy * stake) + w_N n - w_R (risk aversion * risk) - w_T (o - 1/2)

    w_G = weight_grievance, w_E = weight_efficacy, w_N = weight_peers, w_R = weight_risk,
    w_T = weight_trust.

    Args:
        grievance: grievance that counts for acting G, any shape, 0..1.
        efficacy_stake: believed efficacy times one's stake, same shape, 0..1.
        peers: activity of others n, same shape, 0..1.
        risk_term: risk aversion times chance of being caught, same shape, 0..1.
        opinion: opinion of the company o, same shape, 0..1.
        p: mobilisation parameters.

    Returns:
        Willingness u, broadcast shape, index, any sign.

    Source:
        Epstein 2002 (grievance minus risk); Granovetter 1978 (others' activity); Klandermans
        1984 (efficacy); linear sum: assumption.

    Examples:
        1*0.4 + 0.2*0.5 + 0.4*0.25 - 0.3*0.2 - 0.1*(0.3 - 0.5) = 0.56.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().mobilisation, weight_grievance=1.0,
        ...             weight_efficacy=0.2, weight_peers=0.4, weight_risk=0.3, weight_trust=0.1)
        >>> round(float(willingness(0.4, 0.5, 0.25, 0.2, 0.3, p)), 12)
        0.56
    """
    push = (
        p.weight_grievance * grievance + p.weight_efficacy * efficacy_stake + p.weight_peers * peers
    )
    return np.subtract(push, p.weight_risk * risk_term + p.weight_trust * (opinion - 0.5))


def rung(
    u: Floats | float, threshold: Floats | float, p: MobilisationParams
) -> npt.NDArray[np.int8]:
    """A person climbs as many rungs as willingness exceeds their thresholds.

    rung r is reached if u > threshold + (r - 1) * rung_step,   r = 1..4

    Args:
        u: willingness, any shape, index.
        threshold: threshold of the first rung, scalar or same shape, index.
        p: mobilisation parameters.

    Returns:
        Rung, broadcast shape, int8, 0 none, 1 petition, 2 march, 3 blockade, 4 violence.

    Source:
        Thresholds: Granovetter 1978; the ladder: assumption.

    Examples:
        With steps of 0.1 above 0.5, willingness 0.75 passes 0.5, 0.6 and 0.7.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().mobilisation, rung_step=0.1)
        >>> rung(np.array([0.5, 0.55, 0.75, 2.0]), 0.5, p).tolist()
        [0, 1, 3, 4]
    """
    reached = np.greater(u, threshold).astype(np.int8)
    for step in range(1, HIGHEST_RUNG):
        reached += np.greater(u, threshold + step * p.rung_step)
    return reached


def redecide(
    rung_old: npt.NDArray[np.int8],
    rung_new: npt.NDArray[np.int8],
    uniform: Floats | float,
    p: MobilisationParams,
) -> npt.NDArray[np.int8]:
    """Only some people reconsider in a given week; the rest go on as before.

    rung' = rung_new if uniform < redecide_share_per_week else rung_old

    Args:
        rung_old: rung so far, any shape, int8 0..4.
        rung_new: rung if one reconsiders, same shape, int8 0..4.
        uniform: draws for everybody, same shape, 0..1.
        p: mobilisation parameters.

    Returns:
        Rung after the week, broadcast shape, int8 0..4.

    Source:
        assumption (random asynchronous revision).

    Examples:
        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().mobilisation, redecide_share_per_week=0.25)
        >>> old, new = np.array([0, 0], dtype=np.int8), np.array([2, 2], dtype=np.int8)
        >>> redecide(old, new, np.array([0.2, 0.3]), p).tolist()
        [2, 0]
    """
    return np.where(np.less(uniform, p.redecide_share_per_week), rung_new, rung_old)


def disruption(blocking_share: Floats | float, p: MobilisationParams) -> Floats:
    """Blocking stops output slowly at first, then quickly, then no more; a handful stops nothing.

    D = D_max S^h / (S^h + S_half^h)   if S > floor, else 0

    D_max = disruption_max, S_half = disruption_half_share, h = disruption_shape,
    floor = disruption_floor_share.

    Args:
        blocking_share: share S of residents at blockade or above, any shape, 0..1.
        p: mobilisation parameters.

    Returns:
        Share of output lost, same shape, 0..disruption_max.

    Source:
        Saturating response: Hill 1910; use here: assumption.

    Examples:
        0.8 * 0.1^2 / (0.1^2 + 0.05^2) = 0.64; at the floor nothing.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().mobilisation, disruption_max=0.8,
        ...             disruption_half_share=0.05, disruption_shape=2.0,
        ...             disruption_floor_share=0.002)
        >>> disruption(np.array([0.1, 0.002]), p).round(12).tolist()
        [0.64, 0.0]
    """
    size = np.power(blocking_share, p.disruption_shape)
    half = p.disruption_half_share**p.disruption_shape
    lost = p.disruption_max * size / (size + half)
    return np.where(np.greater(blocking_share, p.disruption_floor_share), lost, 0.0)


class Folds(NamedTuple):
    """Grievance at which a wave of action dies and at which it starts."""

    extinction: float
    ignition: float


def fold_points(p: MobilisationParams) -> Folds | None:
    """Where a well-mixed community with normal thresholds jumps between calm and action.

    Activity rests at a = Phi((w_G G + w_N a - mu) / sigma). Two resting states exist only if
    w_N > sigma sqrt(2 pi); the folds are at x = -+ sqrt(2 ln(w_N / (sigma sqrt(2 pi)))) with
    G = (sigma x + mu - w_N Phi(x)) / w_G. Efficacy, risk and trust are left out.

    Args:
        p: mobilisation parameters (mu = threshold_mean, sigma = threshold_sd).

    Returns:
        Extinction and ignition level of grievance (either may lie outside 0..1), or None
        where activity answers to grievance without a jump.

    Source:
        Granovetter 1978; folds derived from the equation above.

    Examples:
        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().mobilisation, weight_grievance=1.0,
        ...             weight_peers=0.6, threshold_mean=0.55, threshold_sd=0.18)
        >>> folds = fold_points(p)
        >>> round(folds.extinction, 4), round(folds.ignition, 4)
        (0.221, 0.279)
    """
    spread = p.threshold_sd * math.sqrt(2.0 * math.pi)
    if p.weight_grievance == 0.0 or p.weight_peers <= spread:
        return None
    if spread == 0.0:
        starts, stays = p.threshold_mean, p.threshold_mean - p.weight_peers
    else:
        x = math.sqrt(2.0 * math.log(p.weight_peers / spread))
        starts = p.threshold_mean - p.threshold_sd * x - p.weight_peers * float(ndtr(-x))
        stays = p.threshold_mean + p.threshold_sd * x - p.weight_peers * float(ndtr(x))
    return Folds(extinction=stays / p.weight_grievance, ignition=starts / p.weight_grievance)
