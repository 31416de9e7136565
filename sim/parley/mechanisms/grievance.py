"""Grievance as three stocks with causes, blame and fading (block M12).

Operational grievance is fed by harm, by benefits and voice below their references and by
relative deprivation; partnership grievance by breaches inside a partnership; legacy grievance
starts with a place's past and is never fed. Every stock lies between 0 and 1. Outflows are
rates the caller adds up (fading, cases resolved in the person's own judgement).

Null switch: harm_inflow = shortfall_inflow = voice_inflow = deprivation_inflow =
breach_inflow = overdue_inflow = 0 (no grievance arises); closure_relief = 0 (cases relieve
nobody); legacy_decay_per_month = legacy_benefit_erosion = 0
(legacy stays); tunnel_hope = 0; regulator_blame_share = 0 (all blame on the company).
"""

import numpy as np

from parley.arrays import Bools, Floats
from parley.parameters import GrievanceParams


def operational_inflow(
    harm: Floats | float,
    benefit_signal: Floats | float,
    voice_signal: Floats | float,
    deprivation: Floats | float,
    p: GrievanceParams,
    overdue: Bools | float = 0.0,
) -> Floats:
    """Operational grievance arises from harm, shortfalls, unheeded voice, falling behind, waiting.

    u = min(g_h harm + g_d max(-D, 0) + g_v max(-V, 0) + g_r RD + g_q overdue, 1)

    g_h = harm_inflow, g_d = shortfall_inflow, g_v = voice_inflow, g_r = deprivation_inflow,
    g_q = overdue_inflow.

    Args:
        harm: harm felt, any shape, share 0..1.
        benefit_signal: D of the appraisal, same shape, -1..1.
        voice_signal: V of the appraisal, same shape, -1..1 (0 where there is none).
        deprivation: relative deprivation as a share of mean income, same shape, 0..1.
        p: grievance parameters.
        overdue: whether a case of the person is open past its time, same shape, 0 or 1.

    Returns:
        Inflow rate, broadcast shape, 1/month, 0..1.

    Source:
        Gurr 1970 (shortfall against expectation); Runciman 1966 (relative deprivation);
        additive form: assumption.

    Examples:
        0.05*0.4 + 0.02*0.5 + 0.02*0 + 0.02*0.25 = 0.035.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().grievance, harm_inflow=0.05, shortfall_inflow=0.02,
        ...             voice_inflow=0.02, deprivation_inflow=0.02)
        >>> round(float(operational_inflow(0.4, -0.5, 0.3, 0.25, p)), 12)
        0.035
    """
    inflow = (
        p.harm_inflow * harm
        + p.shortfall_inflow * np.maximum(np.negative(benefit_signal), 0.0)
        + p.voice_inflow * np.maximum(np.negative(voice_signal), 0.0)
        + p.deprivation_inflow * deprivation
        + p.overdue_inflow * np.asarray(overdue)
    )
    return np.minimum(inflow, 1.0)


def state_inflow(harm: Floats | float, p: GrievanceParams) -> Floats:
    """Part of the grievance from harm is laid at the door of the state, which should regulate.

    u_state = regulator_blame_share * g_h * harm   (never more than `operational_inflow`)

    Args:
        harm: harm felt, any shape, share 0..1.
        p: grievance parameters.

    Returns:
        The state's part of the inflow rate, same shape, 1/month, 0..1.

    Source:
        assumption.

    Examples:
        0.3 * 0.05 * 0.4 = 0.006.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().grievance, harm_inflow=0.05,
        ...             regulator_blame_share=0.3)
        >>> round(float(state_inflow(0.4, p)), 12)
        0.006
    """
    return np.multiply(p.regulator_blame_share * p.harm_inflow, harm)


def partnership_inflow(breach: Floats | float, p: GrievanceParams) -> Floats:
    """Partnership grievance arises from breaches inside the partnership.

    u = breach_inflow * breach

    Args:
        breach: share of the undertakings due this month that were broken, any shape, 0..1.
        p: grievance parameters.

    Returns:
        Inflow rate, same shape, 1/month, 0..1.

    Source:
        assumption.

    Examples:
        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().grievance, breach_inflow=0.05)
        >>> round(float(partnership_inflow(0.5, p)), 12)
        0.025
    """
    return np.multiply(p.breach_inflow, breach)


def step_grievance(
    stock: Floats | float, inflow: Floats | float, outflow: Floats | float
) -> Floats:
    """Grievance fills what is not yet aggrieved and fades in proportion.

    G' = G + u (1 - G) - out G

    Rests at u / (u + out).

    Args:
        stock: grievance G, any shape, share 0..1.
        inflow: u, same shape, 1/month, 0..1.
        outflow: out, scalar or same shape, 1/month, 0..1.

    Returns:
        Grievance next month, broadcast shape, share 0..1.

    Source:
        assumption (linear fill and decay).

    Examples:
        0.4 + 0.1 * 0.6 - 0.05 * 0.4 = 0.44.

        >>> round(float(step_grievance(0.4, 0.1, 0.05)), 12)
        0.44
    """
    stock = np.asarray(stock)
    return stock + inflow * (1.0 - stock) - outflow * stock


def step_legacy(
    legacy: Floats | float,
    benefit_signal: Floats | float,
    p: GrievanceParams,
    resolved: Bools | float = 0.0,
) -> Floats:
    """Old grievance is never fed; whether time, benefits or remedy wear it down starts from zero.

    G_L' = G_L (1 - min(legacy_decay_per_month + legacy_benefit_erosion * max(D, 0)
                        + closure_relief * resolved, 1))

    Args:
        legacy: legacy grievance G_L, any shape, share 0..1.
        benefit_signal: D of the appraisal, same shape, -1..1.
        p: grievance parameters.
        resolved: whether a claim was resolved this month as the person sees it, same shape, 0 or 1.

    Returns:
        Legacy grievance next month, broadcast shape, share 0..1, never above `legacy`.

    Source:
        assumption.

    Examples:
        0.5 * (1 - 0.01 - 0.05 * 0.8) = 0.475.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().grievance, legacy_decay_per_month=0.01,
        ...             legacy_benefit_erosion=0.05)
        >>> round(float(step_legacy(0.5, 0.8, p)), 12)
        0.475
    """
    fading = p.legacy_decay_per_month + p.legacy_benefit_erosion * np.maximum(benefit_signal, 0.0)
    fading = fading + p.closure_relief * np.asarray(resolved)
    return legacy * (1.0 - np.minimum(fading, 1.0))


def step_blame(
    blame_state: Floats | float,
    inflow_company: Floats | float,
    inflow_state: Floats | float,
    stock: Floats | float,
) -> Floats:
    """Blame mixes: old grievance keeps its target, new grievance brings its own.

    b' = (b G + u_state (1 - G)) / (G + (u_company + u_state) (1 - G))

    Fading takes from both parts alike, so it does not enter. Where there is no grievance the
    share stays as it is.

    Args:
        blame_state: share b of operational grievance aimed at the state, any shape, 0..1.
        inflow_company: inflow rate blamed on the company, same shape, 1/month, 0..1.
        inflow_state: inflow rate blamed on the state, same shape, 1/month; both sum to <= 1.
        stock: operational grievance G before the month's inflow, same shape, 0..1.

    Returns:
        Share aimed at the state next month, broadcast shape, 0..1.

    Source:
        assumption.

    Examples:
        (0.5 * 0.2 + 0.1 * 0.8) / (0.2 + (0.15 + 0.1) * 0.8) = 0.18 / 0.4.

        >>> round(float(step_blame(0.5, 0.15, 0.1, 0.2)), 12)
        0.45
    """
    stock = np.asarray(stock)
    room = 1.0 - stock
    aimed = blame_state * stock + inflow_state * room
    whole = stock + np.add(inflow_company, inflow_state) * room
    share = np.where(whole > 0.0, aimed, blame_state) / np.where(whole > 0.0, whole, 1.0)
    return np.clip(share, 0.0, 1.0)


def tunnel(
    benefit_change_of_group: Floats | float, age_months: Floats | float, p: GrievanceParams
) -> Floats:
    """The gains of others first raise hope, like the other lane moving in a jammed tunnel.

    hope = tunnel_hope * tanh(change) * exp(-age / tunnel_months)

    To be added to the benefit signal. The tanh keeps it a signal; a fall of the others'
    benefits casts the same shadow.

    Args:
        benefit_change_of_group: change of the others' mean benefit, in units of the benefit
            difference that is felt as large (`appraisal.benefit_scale_income`), any shape.
        age_months: months since operations began, same shape, >= 0.
        p: grievance parameters.

    Returns:
        Hope, broadcast shape, signal, -tunnel_hope..tunnel_hope.

    Source:
        Hirschman and Rothschild 1973; form: assumption.

    Examples:
        0.2 * tanh(0.5) * exp(-12 / 24) = 0.2 * 0.462117 * 0.606531 = 0.056058.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().grievance, tunnel_hope=0.2, tunnel_months=24.0)
        >>> round(float(tunnel(0.5, 12.0, p)), 6)
        0.056058
    """
    patience = np.exp(np.negative(age_months) / p.tunnel_months)
    return p.tunnel_hope * np.tanh(benefit_change_of_group) * patience


def relative_deprivation(income: Floats) -> Floats:
    """How far others are ahead, on average over the whole reference group.

    RD_i = (1/N) sum_j max(y_j - y_i, 0);   mean over i = mean income * Gini

    By sorting: the gap between two neighbours in rank is felt by everyone below it for everyone
    above it, so RD is a cumulative sum of gaps times counts, without any subtraction of large
    sums.

    Args:
        income: incomes of one reference group, (N,), one unit, any value.

    Returns:
        Relative deprivation, (N,), unit of `income`, >= 0; divided by mean income a share 0..1.

    Source:
        Yitzhaki 1979.

    Examples:
        Incomes 1, 2, 6: the first looks up (1 + 5) / 3, the second 4 / 3, the last at nobody.

        >>> relative_deprivation(np.array([6.0, 1.0, 2.0])).round(12).tolist()
        [0.0, 2.0, 1.333333333333]
    """
    n = len(income)
    order = np.argsort(income, kind="stable")
    above = np.arange(n - 1, 0, -1)
    felt = np.diff(income[order]) * above
    deprivation = np.zeros(n)
    deprivation[order[:-1]] = np.cumsum(felt[::-1])[::-1] / n
    return deprivation


def gini(x: Floats) -> float:
    """Inequality as the mean distance between two members over twice the mean.

    Gini = sum_k (2k - N - 1) x_(k) / (N sum x),   k = 1..N in rising order

    Args:
        x: amounts, (N,), one unit, >= 0.

    Returns:
        Gini coefficient, 0..1; 0 where there is nothing to divide.

    Source:
        Yitzhaki 1979.

    Examples:
        Incomes 1, 2, 6: (-2*1 + 0*2 + 2*6) / (3 * 9) = 10/27.

        >>> round(gini(np.array([6.0, 1.0, 2.0])), 6)
        0.37037
    """
    n = len(x)
    total = float(np.sum(x))
    if total <= 0.0:
        return 0.0
    rank = np.arange(1 - n, n, 2)
    return float(np.dot(rank, np.sort(x))) / (n * total)
