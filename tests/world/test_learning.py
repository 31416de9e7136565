"""Reviews in the whole model: what monitoring and metrics change, and what they must not."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
import worlds
from world.helpers import differing, finished, same_bits

from parley import schedule
from parley.mechanisms.monitoring import true_performance
from parley.model import PartneringModel

OFTEN = {"monitoring.review_interval_months": 3, "room.agenda_interval_months": 3}
QUIET = {"monitoring.noise_sd": 0.0, "monitoring.shortfall_weight": 0.0}
NULL = QUIET | {
    "monitoring.alignment_base_share": 1.0,
    "monitoring.capture_share": 0.0,
    "monitoring.learning_step": 0.0,
}
PROMPT = {"delivery.task_hazard_per_month": 5.0, "delivery.tasks_per_project": 1}


def series(model, name):
    return model.recorder.series[name][:, 0]


def free(level=0.0, **dials):
    """A stack without a price, so that practices change nothing by what they cost."""
    return worlds.practices(level, price_multiplier=0.0, **dials)


def without_reviews(world):
    """The same world with the review taken out of the month."""

    def nothing(model):
        model.now.published = np.zeros(model.people.n_villages)

    steps = tuple(
        replace(step, run=nothing) if step.label == "performance is reviewed" else step
        for step in schedule.SCHEDULE
    )
    with patch("parley.model.SCHEDULE", steps):
        return finished(world)


def test_at_its_null_the_block_changes_no_bit():
    """But for what it reports, and for the note that findings were published."""
    world = worlds.world(free(0.6), months=24).with_parameters(**OFTEN, **NULL)
    model, other = finished(world), without_reviews(world)
    own = {"reported_performance", "experienced_performance", "performance_gap", "events"}
    assert set(differing(model, other)) <= own
    assert np.nanmax(np.abs(series(model, "performance_gap"))) < 1e-12, "the report is the truth"


def test_as_it_stands_the_block_changes_something():
    world = worlds.world(free(0.6), months=24).with_parameters(**OFTEN)
    changed = differing(finished(world), without_reviews(world))
    assert {"need_match", "trust_company"} <= set(changed)


def test_where_nothing_is_delivered_there_is_nothing_to_review():
    world = worlds.world(worlds.practices(0.6))
    idle = {"delivery.task_hazard_per_month": 0.0}
    model = finished(world.with_parameters(**OFTEN, **idle))
    assert len(model.promises) > 0
    assert np.isnan(series(model, "reported_performance")).all()
    assert model.state.plan.tolist() == PartneringModel(world).state.plan.tolist()


def learned(base_share):
    """Two years and a half of learning, without noise, by a company that decides alone."""
    learning = {"monitoring.learning_step": 0.1, "monitoring.alignment_base_share": base_share}
    world = worlds.world(free(0.0, checklist=0.5), months=60, population=200)
    return finished(world.with_parameters(**OFTEN, **QUIET, **PROMPT, **learning))


def test_low_alignment_improves_the_number_and_not_the_life():
    """P34, two-sided: the number rises under both indicators, life under the aligned one only."""
    poor, good = learned(0.1), learned(1.0)
    for model, reported_up, lived_up in ((poor, True, False), (good, True, True)):
        said, lived = (series(model, f"{name}_performance") for name in ("reported", "experienced"))
        first = int(np.flatnonzero(~np.isnan(said))[0])
        assert (said[-1] > said[first] + 0.02) == reported_up
        assert (lived[-1] > lived[first] + 0.02) == lived_up
    assert series(poor, "experienced_performance")[-1] < series(good, "need_match")[-1] - 0.1
    assert series(poor, "performance_gap")[-1] > 0.1


@pytest.mark.parametrize("metrics", [0.0, 0.9])
def test_bespoke_metrics_align_the_report(metrics):
    """With metrics the company learns what people need; nothing else differs between the runs."""
    world = worlds.world(free(0.0, bespoke_metrics=metrics), months=60, population=200)
    learning = {"monitoring.learning_step": 0.1, "monitoring.alignment_base_share": 0.3}
    model = finished(world.with_parameters(**OFTEN, **QUIET, **PROMPT, **learning))
    distance = float(np.abs(model.state.plan - model.mean_needs).sum())
    assert (distance < 0.5) == (metrics > 0.0)
    assert (model.state.experienced > 0.63) == (metrics > 0.0)


def served(capture):
    """What a plan learned by full metrics is worth to four attenders, and to everybody."""
    world = worlds.world(free(0.0, bespoke_metrics=1.0), months=90, population=200)
    keys = {"room.mapper_view_share": 0.0, "monitoring.capture_share": capture}
    keys |= {"dial_skill.bespoke_metrics": 0.0} | worlds.CARRIED_OUT
    keys |= {"monitoring.learning_step": 0.05}
    model = finished(world.with_parameters(**OFTEN, **QUIET, **PROMPT, **keys))
    table = model.people["ever_partner"]
    assert int(table.sum()) == 4
    theirs = true_performance(model.state.plan, model.people["needs"][table])
    return theirs, model.state.experienced


def test_captured_metrics_teach_the_company_the_needs_of_those_at_the_table():
    """Metrics can hurt: where a few leaders set them the plan serves these and fails the others."""
    (few, everybody), (table, others) = served(0.0), served(1.0)
    assert table > few + 0.03
    assert others < everybody - 0.03


def published(monitoring, **changes):
    """Slow work, dates that pass, and reviews that are always published under full monitoring."""
    slow = {"delivery.task_hazard_per_month": 0.02, "monitoring.learning_step": 0.0}
    slow |= {"monitoring.noise_sd": 0.0, "monitoring.publish_share": 1.0}
    slow |= {"distribution.detection_monitoring": 0.0, "room.meeting_reach_share": 0.0}
    slow |= worlds.CARRIED_OUT
    stack = free(0.2, monitoring=monitoring)
    world = worlds.world(stack, months=36, population=200)
    return finished(world.with_parameters(**OFTEN, **slow | changes))


def test_published_findings_count_against_a_company_that_is_late():
    """Monitoring hurts: bad news is out. Weight 0 takes the hurt away to the bit."""
    open_book, closed = published(1.0), published(0.0)
    assert any(event.kind == "findings" for event in open_book.recorder.events)
    assert series(open_book, "trust_company")[-1] < series(closed, "trust_company")[-1] - 0.001
    off = {"monitoring.shortfall_weight": 0.0}
    one, other = published(1.0, **off), published(0.0, **off)
    for column in ("trust_company", "opinion", "grievance_operational", "benefit"):
        assert same_bits(one.people[column], other.people[column])


def test_findings_of_kept_promises_hurt_nobody():
    """Full capacity: all is done the month it is begun, so publishing changes no bit of people."""
    prompt = PROMPT | {"delivery.task_hazard_per_month": 5.0, "delivery.tasks_per_contract": 1}
    one, other = published(1.0, **prompt), published(0.0, **prompt)
    assert any(event.kind == "findings" for event in one.recorder.events)
    assert same_bits(one.people["trust_company"], other.people["trust_company"])


def test_nothing_is_published_before_the_first_review():
    model = PartneringModel(worlds.world(worlds.practices(0.6)))
    model.step()
    assert model.now.published.tolist() == [0.0] * model.people.n_villages


def test_a_delay_is_news_once_and_only_where_nobody_could_see_it():
    """Dates that could be checked were broken when they passed; partners go by all that is late."""
    often = {
        "monitoring.publish_share": 1.0,
        "monitoring.review_interval_months": 3,
        "monitoring.shortfall_weight": 1.0,
        "delivery.task_hazard_per_month": 0.01,
        "delivery.grace_months": 60,
    }
    seen, late = {}, {}
    for base in (0.0, 1.0):
        world = worlds.world(worlds.practices(0.0, monitoring=1.0, price_multiplier=0.0))
        keys = often | {"delivery.verifiable_base_share": base}
        model = PartneringModel(world.with_parameters(**keys))
        news, behind = np.zeros(model.people.n_villages), np.zeros(model.people.n_villages)
        for _ in range(30):
            model.step()
            if model.now.findings:
                news += model.now.published
                behind = np.maximum(behind, model.now.late)
        seen[base], late[base] = news, behind
    assert not seen[1.0].any()
    assert (late[1.0] > 0.5).all()
    assert (late[0.0] > 0.5).all()
    assert (seen[0.0] > 0.3).all()
    assert (seen[0.0] <= 1.0 + 1e-12).all(), "all that fell due, each once"
