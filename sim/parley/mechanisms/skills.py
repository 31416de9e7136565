"""Skills grow by training and use, fade and leave with people (block M19).

Each organisation has a stock of each skill, a share of full competence. Ordinary work keeps it
where the place started: the inflow that does so, against fading and against the hand-overs that
are to be expected, is derived from the start. Training, use in practices and better hand-over
lift it; more turnover than training can make good lowers it.

Null switch: `training_gain_per_month = use_gain_per_month = decay_per_month = 0` with
`chain.know_how_share = 0` or no turnover (skills stay what they are); `latent_share = 0` (nothing
is hidden); `misread_share = 0` (vocabulary does not matter).

Sources: Argote, Beckman and Epple (1990), "The persistence and transfer of learning in industrial
settings", Management Science 36(2), for fading; the form is an `assumption`.
"""

import numpy as np

from parley.arrays import Floats
from parley.parameters import ChainParams, SkillsParams


def base_growth(
    start: Floats | float, posts: Floats | int, c: ChainParams, p: SkillsParams
) -> Floats:
    """Ordinary work makes good what fades and what ordinary hand-overs lose.

    `b = K0 (d + (1 - d)(1 - (1 - mu h (1 - r0))^n))`, so that the expected skill stays at K0.

    Args:
        start: Skill K0 at the start, any shape, 0 to 1.
        posts: Posts n that hold the organisation's know-how, broadcastable, >= 0.
        c: Chain parameters; mu is `turnover_per_month`, h is `know_how_share`, r0 is
            `retention_base`.
        p: Skill parameters; d is `decay_per_month`.

    Returns:
        Growth each month, broadcast shape, 0 to `start`.

    Source: rest at the start, by definition.

    One post, a tenth lost in a hand-over that always happens, a fifth fades: 0.5 x (0.2 + 0.08).

    >>> from types import SimpleNamespace
    >>> c = SimpleNamespace(turnover_per_month=1.0, know_how_share=0.2, retention_base=0.5)
    >>> round(float(base_growth(0.5, 1, c, SimpleNamespace(decay_per_month=0.2))), 9)
    0.14
    """
    kept = 1.0 - c.turnover_per_month * c.know_how_share * (1.0 - c.retention_base)
    lost = 1.0 - kept ** np.asarray(posts)
    return np.asarray(start * (p.decay_per_month + lost * (1.0 - p.decay_per_month)))


def step_skill(
    skill: Floats | float,
    growth: Floats | float,
    training: float,
    use: Floats | float,
    p: SkillsParams,
) -> Floats:
    """Skill grows by ordinary work, training and use, the slower the more there is, and fades.

    `K' = min(K + b - d K + (tau e + l x use)(1 - K), 1)`

    Constant inputs let it rest at `(b + tau e + l use) / (d + tau e + l use)`.

    Args:
        skill: Skill K, any shape, 0 to 1.
        growth: Growth b by ordinary work, broadcastable, >= 0.
        training: Executed level e of joint training, 0 to 1.
        use: How far practices use the skill, broadcastable, 0 to 1.
        p: Skill parameters; tau is `training_gain_per_month`, l is `use_gain_per_month`, d is
            `decay_per_month`.

    Returns:
        Skill next month, broadcast shape, 0 to 1.

    Source: assumption; fading after Argote, Beckman and Epple (1990).

    0.5 + 0.1 - 0.2 x 0.5 + (0.1 x 1 + 0.1 x 0.5) x 0.5 = 0.575.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(
    ...     training_gain_per_month=0.1, use_gain_per_month=0.1, decay_per_month=0.2)
    >>> round(float(step_skill(0.5, 0.1, 1.0, 0.5, p)), 9)
    0.575
    """
    skill = np.asarray(skill)
    gain = p.training_gain_per_month * training + p.use_gain_per_month * np.asarray(use)
    grown = skill + (growth - p.decay_per_month * skill) + gain * (1.0 - skill)
    return np.minimum(grown, 1.0)


def revealed(latent: Floats | float, use: Floats | float, p: SkillsParams) -> Floats:
    """Skill that is there and counted by nobody shows as far as it is used.

    `shown = q x use x latent`

    Args:
        latent: Skill not counted yet, any shape, 0 to 1.
        use: How far practices use the skill, broadcastable, 0 to 1.
        p: Skill parameters; q is `latent_reveal_per_month`.

    Returns:
        What is counted from now on, broadcast shape, 0 to `latent`.

    Source: Martin, Bojicic-Dzelilovic and ten Brinke (2018): local assets are overlooked.

    >>> from types import SimpleNamespace
    >>> float(revealed(0.4, 0.5, SimpleNamespace(latent_reveal_per_month=0.25)))
    0.05
    """
    return np.asarray(p.latent_reveal_per_month * np.asarray(use) * latent)


def ability(skill: Floats | float, capacity: float, normal: float) -> Floats:
    """A change of government takes the same part of every skill of the municipality.

    `K x (capacity / normal capacity)`

    Args:
        skill: Skill K of the municipality, any shape, 0 to 1.
        capacity: Its capacity now, 0 to `normal`.
        normal: Its normal capacity, 0 to 1; with 0 no skill is taken.

    Returns:
        Skill that can be used now, same shape, 0 to 1.

    Source: assumption.

    >>> float(ability(0.75, 0.3, 0.6))
    0.375
    """
    return np.asarray(skill if normal == 0.0 else np.asarray(skill) / normal * capacity)


def step_vocabulary(vocabulary: float, training: float, p: SkillsParams) -> float:
    """Training together builds words that all parties understand alike; without it they fade.

    `V' = V + tau e (1 - V) - d V`

    Args:
        vocabulary: Shared vocabulary V, 0 to 1.
        training: Executed level e of joint training, 0 to 1.
        p: Skill parameters; tau is `training_gain_per_month`, d is `decay_per_month`.

    Returns:
        Shared vocabulary next month, 0 to 1.

    Source: Martin, Bojicic-Dzelilovic and ten Brinke (2018), direction; form `assumption`.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(training_gain_per_month=0.2, decay_per_month=0.1)
    >>> round(step_vocabulary(0.5, 1.0, p), 9)
    0.55
    """
    gain = p.training_gain_per_month * training * (1.0 - vocabulary)
    return float(np.clip(vocabulary + gain - p.decay_per_month * vocabulary, 0.0, 1.0))


def understood_share(vocabulary: float, p: SkillsParams) -> float:
    """Without words in common a part of what is said in a meeting is misread.

    `1 - misread (1 - V)`

    Args:
        vocabulary: Shared vocabulary V, 0 to 1.
        p: Skill parameters; `misread_share`.

    Returns:
        Share that is understood, 0 to 1; 1 at the null.

    Source: Martin, Bojicic-Dzelilovic and ten Brinke (2018), direction; form `assumption`.

    >>> from types import SimpleNamespace
    >>> understood_share(0.5, SimpleNamespace(misread_share=0.5))
    0.75
    """
    return 1.0 - p.misread_share * (1.0 - vocabulary)
