"""What a person feels about an actor this month (block M9).

Five comparisons are put together into one signal between -1 and 1, in the order of
`SIGNALS`: benefit against its reference, voice against what was expected, promises kept
against promises broken, harm against repair, and quality of contact. No comparison has a
fixed norm that only some practices can reach: benefit is judged by a claim on the believed
rent and by what one has got used to, voice by expected influence. Communication decides
whether an event is seen, never whether it is good.

Null switch: all five weights 0 (the signal is 0 for everybody).
"""

from collections.abc import Sequence

import numpy as np

from parley.arrays import Bools, Floats
from parley.parameters import AppraisalParams

SIGNALS = ("benefit", "voice", "promises", "harm", "contact")
_BENEFIT, _VOICE = 0, 1


def fair_benefit(weight: Floats | float, believed_rent_per_head: Floats | float) -> Floats:
    """A fair benefit is one's bargaining share of the rent one believes in; no share of a loss.

    fair = weight * max(believed rent, 0)

    Args:
        weight: bargaining weight of the community, any shape, share 0..1.
        believed_rent_per_head: rent per resident as believed, not as booked, same shape,
            median monthly incomes per month, any sign.

    Returns:
        Fair benefit, broadcast shape, median monthly incomes per month, >= 0.

    Source:
        Distributive justice as a share of what is divided: Adams 1965; form: assumption.

    Examples:
        A quarter of 0.08 incomes is 0.02.

        >>> round(float(fair_benefit(0.25, 0.08)), 12)
        0.02
    """
    return weight * np.maximum(believed_rent_per_head, 0.0)


def reference_benefit(
    fair: Floats | float, aspiration: Floats | float, p: AppraisalParams
) -> Floats:
    """The yardstick lies between what is fair and what one has got used to.

    reference = (1 - a) * fair + a * aspiration,   a = adaptation_share

    Args:
        fair: fair benefit, any shape, median monthly incomes per month, >= 0.
        aspiration: aspired benefit, same shape and unit, >= 0.
        p: appraisal parameters.

    Returns:
        Reference benefit, broadcast shape, median monthly incomes per month, >= 0.

    Source:
        Aspiration adaptation: Karandikar, Mookherjee, Ray and Vega-Redondo 1998; mixture:
        assumption.

    Examples:
        Half way between 0.02 and 0.06.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().appraisal, adaptation_share=0.5)
        >>> round(float(reference_benefit(0.02, 0.06, p)), 12)
        0.04
    """
    share = p.adaptation_share
    return np.add((1.0 - share) * fair, share * aspiration)


def benefit_signal(
    benefit: Floats | float, reference: Floats | float, p: AppraisalParams
) -> Floats:
    """Benefit is felt as the difference from its reference, large when the reference is small.

    D = tanh((benefit - reference) / (benefit_scale_income + reference))

    Args:
        benefit: benefit received this month, any shape, median monthly incomes, >= 0.
        reference: reference benefit, same shape and unit, >= 0.
        p: appraisal parameters.

    Returns:
        Benefit signal, broadcast shape, -1..1.

    Source:
        Reference dependence: Kahneman and Tversky 1979; form: assumption.

    Examples:
        (0.10 - 0.05) / (0.05 + 0.05) = 0.5 and tanh 0.5 = 0.462117.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().appraisal, benefit_scale_income=0.05)
        >>> round(float(benefit_signal(0.10, 0.05, p)), 6)
        0.462117
    """
    return np.tanh((benefit - reference) / (p.benefit_scale_income + reference))


def voice_signal(
    influence: Floats | float,
    expected: Floats | float,
    attended: Bools | bool,
    excluded_knowingly: Bools | bool,
    p: AppraisalParams,
) -> tuple[Floats, Bools]:
    """Voice is felt as influence against expectation, and only by those who know the procedure.

    attended:                V = tanh(voice_gain * (i - i_e)) + intrinsic_voice    if i >= i_e
                             V = tanh(voice_gain * (i - i_e)) - voice_frustration  if i < i_e
    knowingly left out:      V = -exclusion_hurt                                  if it hurts at all
    neither:                 no voice signal (0, and not informed)

    V is held within -1..1. Someone who attended was not left out.

    Args:
        influence: match of the agenda with one's needs minus the match the company alone
            would have reached, any shape, -1..1.
        expected: expected influence, same shape, -1..1.
        attended: took part this month, same shape.
        excluded_knowingly: knows that a meeting was held without them, same shape.
        p: appraisal parameters.

    Returns:
        (signal, informed): voice signal -1..1, and whether there is one, broadcast shape.

    Source:
        Voice has value of its own: Lind, Kanfer and Earley 1990; unheeded voice frustrates:
        Folger 1977; voice is judged against expectation: van den Bos, Vermunt and Wilke 1996;
        form: assumption.

    Examples:
        tanh(3 * (0.3 - 0.1)) + 0.1 = 0.637050; tanh(3 * (0.0 - 0.1)) - 0.2 = -0.491313.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().appraisal, voice_gain=3.0, intrinsic_voice=0.1,
        ...             voice_frustration=0.2, exclusion_hurt=0.4)
        >>> signal, informed = voice_signal(
        ...     np.array([0.3, 0.0, 0.3, 0.3]), 0.1,
        ...     np.array([True, True, False, False]), np.array([False, False, True, False]), p)
        >>> signal.round(6).tolist()
        [0.63705, -0.491313, -0.4, 0.0]
        >>> informed.tolist()
        [True, True, True, False]
    """
    surplus = np.subtract(influence, expected)
    heard = np.tanh(p.voice_gain * surplus)
    heard = heard + np.where(surplus >= 0.0, p.intrinsic_voice, -p.voice_frustration)
    left_out = np.where(excluded_knowingly, -p.exclusion_hurt, 0.0)
    signal = np.where(attended, np.clip(heard, -1.0, 1.0), left_out)
    hurt = np.logical_and(excluded_knowingly, p.exclusion_hurt != 0.0)
    return signal, np.logical_or(attended, hurt)


def promise_signal(kept: Floats | float, broken: Floats | float) -> Floats:
    """Promises kept count for an actor and promises broken against it.

    K = (kept - broken) / max(kept + broken, 1)

    Args:
        kept: promises kept this month as seen by the person, any shape, promises or
            fractions of one promise weighted by stake, >= 0.
        broken: promises that became broken this month, same shape and unit, >= 0.

    Returns:
        Promise signal, broadcast shape, -1..1.

    Source:
        assumption.

    Examples:
        Three kept and one broken: 2 / 4. Half a promise kept: 0.5 / 1.

        >>> promise_signal(np.array([3.0, 0.5]), np.array([1.0, 0.0])).tolist()
        [0.5, 0.5]
    """
    return np.subtract(kept, broken) / np.maximum(np.add(kept, broken), 1.0)


def harm_signal(harm: Floats | float, repair: Floats | float) -> Floats:
    """Harm counts against the actor it is laid to, visible repair for it.

    H = clip(repair - harm, -1, 1)

    Args:
        harm: harm laid to the actor, any shape, share 0..1.
        repair: visible repair by the actor, same shape, share 0..1.

    Returns:
        Harm signal, broadcast shape, -1..1.

    Source:
        assumption.

    Examples:
        >>> float(harm_signal(0.75, 0.25))
        -0.5
    """
    return np.clip(np.subtract(repair, harm), -1.0, 1.0)


def signal_weights(p: AppraisalParams) -> Floats:
    """The five weights in the order of `SIGNALS`.

    Args:
        p: appraisal parameters.

    Returns:
        Weights, (5,), >= 0.

    Source:
        The parameters themselves.

    Examples:
        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().appraisal, weight_benefit=1.0, weight_voice=0.8,
        ...             weight_promises=0.6, weight_harm=0.4, weight_contact=0.2)
        >>> signal_weights(p).tolist()
        [1.0, 0.8, 0.6, 0.4, 0.2]
    """
    return np.array(
        [p.weight_benefit, p.weight_voice, p.weight_promises, p.weight_harm, p.weight_contact]
    )


def combine(
    signals: Sequence[Floats | float] | Floats,
    present: Sequence[Bools | bool] | Bools,
    weights: Floats,
) -> Floats:
    """The month's feeling is the weighted mean of the comparisons a person can make.

    signal = sum_k w_k * z_k / sum_k w_k   over the comparisons k that are present

    A person without a voice signal judges by the outcome instead: the weight of voice moves
    to benefit. Where nothing is present, or every present weight is 0, the signal is 0.

    Args:
        signals: five signals in the order of `SIGNALS`, each of any shape, -1..1; values
            where a signal is absent are ignored.
        present: whether each signal exists, five arrays or flags of matching shapes.
        weights: (5,), >= 0.

    Returns:
        Signal, broadcast shape, -1..1.

    Source:
        People without procedural information judge by their outcome: van den Bos 1999;
        linear weighting: assumption.

    Examples:
        Voice present: (0.5*0.6 + 0.5*(-0.2)) / 1 = 0.2. Voice absent: benefit alone, 0.6.

        >>> weights = np.array([0.5, 0.5, 0.0, 0.0, 0.0])
        >>> heard = np.array([True, False])
        >>> combine([0.6, -0.2, 0.0, 0.0, 0.0], [True, heard, True, True, True],
        ...         weights).round(12).tolist()
        [0.2, 0.6]
    """
    total: Floats | float = 0.0
    weight_sum: Floats | float = 0.0
    for k in range(len(SIGNALS)):
        weight: Floats | float = weights[k]
        if k == _BENEFIT:
            weight = weight + weights[_VOICE] * np.logical_not(present[_VOICE])
        total = total + np.where(present[k], weight * signals[k], 0.0)
        weight_sum = weight_sum + np.where(present[k], weight, 0.0)
    return np.clip(total / np.where(weight_sum > 0.0, weight_sum, 1.0), -1.0, 1.0)


def seen_probability(
    communication: Floats | float, attended: Floats | Bools | float, p: AppraisalParams
) -> Floats:
    """An event, good or bad, is seen by chance, by communication, or half-surely by attending.

    P(seen) = o_0 + (1 - o_0) * (1 - (1 - e) * (1 - attended / 2)),   o_0 = seen_base_share

    Args:
        communication: executed communication e, any shape, share 0..1.
        attended: took part this month, 0 or 1 (or a share), same shape.
        p: appraisal parameters.

    Returns:
        Probability, broadcast shape, seen_base_share..1.

    Source:
        assumption.

    Examples:
        0.3 + 0.7 * (1 - 0.6 * 0.5) = 0.79.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().appraisal, seen_base_share=0.3)
        >>> round(float(seen_probability(0.4, True, p)), 12)
        0.79
    """
    missed = np.subtract(1.0, communication) * np.subtract(1.0, np.multiply(0.5, attended))
    return 1.0 - (1.0 - p.seen_base_share) * missed


def step_expected_influence(
    expected: Floats | float,
    influence: Floats | float,
    announced_influence: Floats | float,
    informed: Floats | Bools | float,
    p: AppraisalParams,
) -> Floats:
    """Expected influence follows experience, pulled upwards by what was announced but not done.

    i_e' = i_e + eta * informed * (i + psi * max(i_announced - i, 0) - i_e), within -1..1,
    eta = influence_learning_per_month, psi = announced_pull

    With psi = 1 people come to expect what was announced, with psi = 0 what they got. Where
    the announced level is carried out there is no pull. Those without procedural information
    keep their expectation.

    Args:
        expected: expected influence i_e, any shape, -1..1.
        influence: influence experienced i, same shape, -1..1.
        announced_influence: influence there would be at the announced level, same shape, -1..1.
        informed: has procedural information, 0 or 1 (or a share), same shape.
        p: appraisal parameters.

    Returns:
        Expected influence next month, broadcast shape, -1..1.

    Source:
        Adaptive expectations: Cagan 1956; pull of the announcement: assumption.

    Examples:
        0.1 + 0.1 * (0.2 + 0.5 * 0.4 - 0.1) = 0.13.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().appraisal, influence_learning_per_month=0.1,
        ...             announced_pull=0.5)
        >>> round(float(step_expected_influence(0.1, 0.2, 0.6, True, p)), 12)
        0.13
    """
    gap = np.maximum(np.subtract(announced_influence, influence), 0.0)
    lesson = influence + p.announced_pull * gap - expected
    step = np.multiply(p.influence_learning_per_month, informed) * lesson
    return np.clip(expected + step, -1.0, 1.0)
