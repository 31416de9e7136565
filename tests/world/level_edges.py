"""Where the levels of the practices enter the model: the tables of `test_dependencies.py`."""

from world.tracer import WHOLE

EDGES = {
    ("locally_driven", "levels"): {"room.agenda(start)", "write state.room_weight"},
    ("locally_driven", "announced"): {"room.agenda(start)", "room.agenda(room_weight)"},
    ("inclusive", "levels"): {"room.invitation(inclusive)", "room.attendance_probability(stipend)"},
    ("forward_looking", "terms"): {
        "branch in steps.delivery.promise",
        "call promises.add",
        "call streams.uniform",
        "write now.new_commitments",
    },
    ("trust_conduct", "terms"): {
        "budget.waterfall(available)",
        "budget.waterfall(seniority)",
        "call ledger.transfer",
        "write company.headquarters.dividends[-1]",
        "write now.for_community",
        "response.choice_probabilities(force_allowed)",
    },
    ("sharing", "terms"): {"budget.social_budget(sharing)"},
    ("mapping", "levels"): {"room.known_share(mappers)"},
    ("facilitation", "levels"): {
        "room.speaking_weight(facilitation)",
        "bargain.posterior(precision)",
        "branch in steps.bargain.learn_about_facilitator",
    },
    ("complaints_desk", "levels"): {
        "desk.knows(level)",
        "desk.remedy_fund(level)",
        "desk.servers(level)",
    },
    ("remedy_forum", "levels"): {
        "desk.knows(level)",
        "desk.remedy_fund(level)",
        "desk.servers(level)",
    },
    ("communication", "levels"): {"appraisal.seen_probability(communication)"},
    ("protocols", "levels"): {
        "distribution.power_share(protocols)",
        "call queue.append",
        "chain.retention(protocols)",
    },
    ("monitoring", "levels"): {
        "distribution.detection_probability(monitoring)",
        "monitoring.noise_sd(monitoring)",
        "monitoring.publication_probability(monitoring)",
        "precursors.heeded_chance(monitoring)",
    },
    ("bespoke_metrics", "levels"): {
        "monitoring.alignment(metrics)",
        "monitoring.captured(metrics)",
    },
    ("consultation_methods", "levels"): {"room.speaking_weight(methods)"},
    ("checklist", "levels"): {"delivery.task_hazard(checklist)"},
    ("digital", "levels"): {
        "room.attendance_probability(cost_days)",
        "write now.time_cost",
        "desk.filing_chance(ease)",
        "risk.named_acts(digital)",
    },
    ("joint_training", "levels"): {
        "skills.step_skill(training)",
        "skills.step_vocabulary(training)",
    },
    ("documentation", "levels"): {
        "delivery.verifiable_share(documentation)",
        "chain.retention(documentation)",
        "risk.named_acts(documentation)",
    },
    # Three places use all levels at once. Whether anything at all is carried out decides whether
    # anybody meets, so even a practice without a hook in M5 opens the room by being there. And
    # whatever is carried out exercises the skill that it takes.
    (WHOLE, "levels"): {
        "branch in steps.room.meet",
        "branch in steps.room.decide_agenda",
        "write state.terms",
        "skills.step_skill(use)",
        "skills.revealed(use)",
    },
}
"""Every place at which a level arrives, by dial and holder."""

BLOCK_OF_SINK = {
    "write state.room_weight": "M5",
    "write now.time_cost": "M5",
    "branch in steps.delivery.promise": "M7",
    "call promises.add": "M7",
    "call streams.uniform": "M7",  # how many villages draw
    "write now.new_commitments": "M1",  # what part of the budget is committed
    "call ledger.transfer": "M1",
    "write company.headquarters.dividends[-1]": "M1",
    "write now.for_community": "M1",
    "branch in steps.bargain.learn_about_facilitator": "M6",
    "call queue.append": "M16",
}
"""Block of the sinks that are no mechanism: money, promises, the room's weight, a delay."""

FIELDS = {
    "room_weight": {  # the room decides through whose hands the money goes
        "room.agenda(room_weight)",
        "room.voice_of_group(room_weight)",
        "distribution.deliver(paid_cents)",
        "call ledger.pay",
        "write channel.paid",
    },
    "time_cost": {  # hours of meetings, felt as benefit forgone, and what taking part costs leaders
        "appraisal.benefit_signal(benefit)",
        "partnership.step_belief(own)",
        "partnership.step_belief(neighbours)",
        "write body.payoff",
    },
    "payoff": {
        "partnership.payoff_effort(payoff)",
        "write body.payoff",
        "write body.payoff_before",
    },
    "payoff_before": {"partnership.payoff_effort(before)"},
    "new_commitments": {"aspiration.step_aspiration(announced)", "write now.new_commitments"},
    "for_community": {
        "branch in steps.delivery.promise",
        "call promises.add",
        "call streams.uniform",
        "write now.new_commitments",
    },
    "dividends[-1]": set(),
    "paid": {
        "branch in steps.delivery.learn_to_divert",
        "call model.note",
        "write channel.paid",
    },
}
"""What is written with a level in it, and where that arrives in turn."""

FORBIDDEN = {"trust", "grievance", "mobilisation", "influence", "aspiration", "harm", "state"}
"""Mechanisms that no level may enter directly."""
