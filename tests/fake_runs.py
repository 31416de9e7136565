"""A stand-in for the model: small worlds, and runs whose numbers follow from their order.

Loaded by path (`runpy.run_path`) from conftest files and from scripts in other processes.
"""

import dataclasses
import datetime
import functools
import hashlib
import json
import time

import numpy as np

from parley.practice_types import DIALS, Practices
from parley.registry import default_parameters
from parley.results import Event, RunFailure, RunResult, RunSpec
from parley.scenario_types import Group, Place, PlaceFacts, Scenario, TimedEvent

GROUPS = ("all", "farmers", "displaced", "women", "marginalised")
ARMS = ("none", "transactional", "hsbp")
EFFECT = {"none": 0.0, "transactional": 0.04, "hsbp": 0.18}
START = datetime.date(2012, 11, 1)

OUTCOMES = [
    {"name": "trust_company", "label": "Trust in the company", "unit": "share", "kind": "stock",
     "aggregate": "last", "direction": "higher", "level": "group", "rule_steps": 3},
    {"name": "grievance_at_company", "label": "Grievance at the company", "unit": "share",
     "kind": "stock", "aggregate": "last", "direction": "lower", "level": "group", "rule_steps": 4},
    {"name": "inclusion", "label": "Inclusion", "unit": "share", "kind": "share",
     "aggregate": "mean", "direction": "higher", "level": "group", "rule_steps": 1},
    {"name": "days_lost", "label": "Days lost", "unit": "days", "kind": "flow",
     "aggregate": "sum", "direction": "lower", "level": "site", "rule_steps": 6},
    {"name": "diverted_share", "label": "Diverted share", "unit": "share", "kind": "share",
     "aggregate": "mean", "direction": "neither", "level": "site", "rule_steps": 3},
    {"name": "npv", "label": "Company value", "unit": "million US$", "kind": "index",
     "aggregate": "last", "direction": "higher", "level": "run", "rule_steps": 8},
]  # fmt: skip


@functools.cache
def scenario(place="coast", arm="none", months=24, population=200):
    six = (1 / 6,) * 6
    facts = {
        field.name: six if field.name in ("security_start", "company_interest") else 1.0
        for field in dataclasses.fields(PlaceFacts)
    }
    people = [
        Group("farmers", "Farmers", 0.7, 0.5, False, 1.0, six, 0.5, 0.5),
        Group("displaced", "Displaced families", 0.3, 0.2, True, 0.6, six, 0.5, 0.1),
    ]
    events = [
        TimedEvent(6, datetime.date(2013, 5, 1), "accident", "Pipeline spill", 0.5, 1, "x"),
        TimedEvent(14, datetime.date(2014, 1, 1), "peace_accord", "Peace accord", 0.5, 0, "x"),
    ]
    return Scenario(
        title=f"{place} under {arm}",
        question="",
        place=Place(
            place, place.title(), "Nowhere", "", tuple(people), (),
            PlaceFacts(**facts), ((0, 0.5),), tuple(events), (),
        ),
        practices=Practices(
            arm, arm.upper() if arm == "hsbp" else arm.title(),
            tuple(EFFECT.get(arm, 0.1) for _ in DIALS), "company", "company", "individuals",
            "none", "company", 1.0,
            True, True, 0.0, True, True, 1.0, "",
        ),
        parameters=default_parameters(),
        start=START, months=months, population=population,
        trust_rule="linear", price_source="process", conservation_checks=True,
    )  # fmt: skip


def specs(places=("coast", "hills"), arms=ARMS, replicates=3, months=24, seed=5):
    return [
        RunSpec(scenario(place, arm, months), replicate, seed)
        for place in places
        for arm in arms
        for replicate in range(replicates)
    ]


def fake_run(spec, fail=(), pause=0.0):
    """Luck depends on seed, place and replicate only; the arm shifts trust by a known amount."""
    time.sleep(pause)
    place, arm, replicate = spec.place, spec.arm, spec.replicate
    about = (spec.identity, place, arm, replicate, spec.root_seed)
    if (place, arm, replicate) in fail:
        return RunFailure(*about, "ValueError", "something broke", 7, "harm", "Traceback: x")
    luck = np.random.default_rng([spec.root_seed, len(place), replicate])
    months, shape = spec.scenario.months, (spec.scenario.months, len(GROUPS))
    path = np.linspace(0.0, 1.0, months)[:, None]
    effect = EFFECT.get(arm, 0.1) * np.array([1.0, 1.2, 0.2, 0.6, -0.5])
    noise = luck.normal(0.0, 0.02, (1, len(GROUPS))) + luck.normal(0.0, 0.01, shape)
    own = np.random.default_rng([replicate, len(arm)]).normal(0.0, 0.01, shape)
    trust = 0.4 + path * effect + noise + path * own
    site = np.full((2, *shape), np.nan)
    site[0, :, 0] = luck.poisson(3.0 - 2.0 * EFFECT.get(arm, 0.1), months)
    site[1, :, 0] = luck.uniform(0.0, 0.3, months)
    series = {
        "trust_company": trust,
        "grievance_at_company": 0.9 - trust,
        "inclusion": np.clip(path * effect + 0.2, 0.0, 1.0),
        "days_lost": site[0],
        "diverted_share": site[1],
    }
    events = (Event(2, "petition", "farmers", "company", 120.0),) if replicate else ()
    return RunResult(
        *about, START, months, GROUPS, series, events,
        {"npv": 100.0 + 10.0 * EFFECT.get(arm, 0.1) + luck.normal()},
        {"price": time.perf_counter(), "trust": 0.1}, spec.scenario.population,
    )  # fmt: skip


def manifest(runs, **changes):
    """What a results folder needs to know, for the given specs."""
    keys = [[spec.place, spec.arm, spec.replicate, spec.identity] for spec in runs]
    groups = dict(
        zip(GROUPS, ("all", "Farmers", "Displaced", "Women", "Marginalised"), strict=True)
    )
    return {
        "label": "fake",
        "question": "Does it work?",
        "batch": hashlib.sha256(json.dumps(sorted(keys)).encode()).hexdigest(),
        "planned": len(runs),
        "root_seeds": [5],
        "population": [200],
        "places": {
            spec.place: {
                "title": spec.place.title(), "groups": groups,
                "events": [{"month": e.month, "date": e.date.isoformat(), "kind": e.kind,
                            "label": e.label} for e in spec.scenario.place.events],
            }
            for spec in runs
        },
        "arms": {spec.arm: {"label": spec.scenario.practices.label} for spec in runs},
        "outcomes": [{"whom": "residents", **outcome} for outcome in OUTCOMES],
        "dials": {"complaints_desk": "Complaints desk"},
    } | changes  # fmt: skip
