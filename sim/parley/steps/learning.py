"""Step of learning: look back at what was delivered, publish it or not, shift the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import monitoring
from parley.mechanisms.delivery import OPEN

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

KINDS = 6


def review(model: PartneringModel) -> None:
    """Every few months: report on the goods handed over since, and climb what the report says.

    Without anything new delivered there is nothing to report and the plan stays. Whether findings
    are published is decided first; what is overdue then stands in the paper.
    """
    now, state, p = model.now, model.state, model.p.monitoring
    villages = model.people.n_villages
    now.published = np.zeros(villages)
    levels = model.site_team.levels
    noise = model.streams.normal("monitoring.noise", now.index, KINDS + 1)
    draw = float(model.streams.uniform("monitoring.publish", now.index, 1)[0])
    if now.index == 0 or now.index % p.review_interval_months:
        return
    if draw < monitoring.publication_probability(levels.monitoring, p):
        publish(model)
    handed_over = state.goods + state.goods_used
    new = handed_over - state.reviewed
    state.reviewed = handed_over
    total = new.sum(axis=1)
    served = total > 1e-12 * np.maximum(handed_over.sum(axis=1), 1e-12)
    if not served.any():
        return
    village = model.people["village"]
    reached = served[village]
    mix = np.divide(new, total[:, None], out=np.zeros_like(new), where=served[:, None])
    received, needs = mix[village[reached]], model.people["needs"][reached]
    at_table = model.people["ever_partner"][reached]
    if not at_table.any():
        at_table = np.ones_like(at_table)  # nobody has negotiated anything
    easy, metrics = monitoring.ease(p), levels.bespoke_metrics
    counted = float(received.mean(axis=0) @ easy)
    aligned = monitoring.alignment(metrics, p)
    errors = noise * monitoring.noise_sd(levels.monitoring, p)
    state.experienced = monitoring.true_performance(received, needs)
    theirs = monitoring.true_performance(received[at_table], needs[at_table])
    seen = monitoring.captured(state.experienced, theirs, metrics, p)
    reported = monitoring.report(seen, counted, aligned, errors[KINDS])
    state.reported = float(np.clip(reported, 0.0, 1.0))
    slope = monitoring.captured(
        monitoring.true_slope(received, needs),
        monitoring.true_slope(received[at_table], needs[at_table]),
        metrics,
        p,
    )
    slope = monitoring.report(slope, easy, aligned, errors[:KINDS])
    state.plan = monitoring.step_plan(state.plan, slope, p)


def publish(model: PartneringModel) -> None:
    """Let everybody know what of what each village is waiting for is late.

    Residents learn what they could not see by themselves: dates that nobody could check and that
    have passed since the last review. A date that could be checked was broken when it passed, and
    no delay is news twice. Partners go by all that is late.
    """
    rows, now, p = model.promises.rows, model.now, model.p.monitoring
    late = (rows.state == OPEN) & (rows.due < now.index)
    news = late & ~rows.verifiable & (rows.due >= now.index - p.review_interval_months)
    waiting = by_village(model, rows.state == OPEN)
    now.findings = True
    now.published = np.asarray(monitoring.published_shortfall(by_village(model, news), waiting, p))
    now.late = np.asarray(monitoring.published_shortfall(by_village(model, late), waiting, p))
    model.note("findings", "company", "", float(by_village(model, late).sum()))


def by_village(model: PartneringModel, chosen: np.ndarray) -> Floats:
    """Cost of chosen promises by village (cents), shape (n_villages,)."""
    rows = model.promises.rows
    weights = rows.cost.astype(np.float64) * chosen
    return np.bincount(rows.village, weights, model.people.n_villages).astype(np.float64)
