"""What a batch records about itself, so that its folder can be read without anything else."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Literal

from parley.provenance import package_versions, source_state
from parley.registry import load_registry
from parley.results import MODEL_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parley.results import RunSpec
    from parley.scenario_types import Place, Scenario
    from parley.store.tables import RunKey

type Inputs = Literal["all", "base"]
"""Which scenarios a manifest stores: every one, or the first of each place and arm."""

_SHARED_INPUTS = ("place", "practices", "parameters")


def spec_key(spec: RunSpec) -> RunKey:
    """Return what the run will be filed under."""
    return (spec.place, spec.arm, spec.replicate, spec.identity)


def batch_digest(specs: Iterable[RunSpec]) -> str:
    """Return the SHA-256 of the planned runs, whatever their order."""
    return _digest(sorted({spec_key(spec) for spec in specs}))


def describe_batch(
    specs: Iterable[RunSpec], about: Mapping[str, object], inputs: Inputs = "all"
) -> dict[str, object]:
    """Write down everything a results folder should know about its runs.

    Args:
        specs: The planned runs, at least one.
        about: Label, question, design; anything that goes into JSON.
        inputs: `all` stores every scenario; `base` only the first of each place and arm, for
            designs whose other scenarios follow from tables stored beside the runs.

    Returns:
        The manifest: digest and number of the runs, labels of places, arms, groups and outcomes,
        every resolved input once, versions of model, registry, packages and source.
    """
    return survey_batch(specs, about, inputs)[1]


def survey_batch(
    specs: Iterable[RunSpec], about: Mapping[str, object], inputs: Inputs = "all"
) -> tuple[tuple[RunKey, ...], dict[str, object]]:
    """Go through the planned runs once, keeping their keys; see `describe_batch`.

    Returns:
        What each spec will be filed under, in the order given, and the manifest.
    """
    registry = load_registry()
    keys: list[RunKey] = []
    numbers: dict[str, set[int]] = {name: set() for name in ("seed", "month", "person")}
    backends: set[str] = set()
    bases: dict[tuple[str, str], Scenario] = {}
    scenarios: dict[Scenario, None] = {}
    for spec in specs:
        keys.append(spec_key(spec))
        backends.add(spec.backend)
        numbers["seed"].add(spec.root_seed)
        numbers["month"].add(spec.scenario.months)
        numbers["person"].add(spec.scenario.population)
        first = bases.setdefault((spec.place, spec.arm), spec.scenario)
        scenarios[spec.scenario if inputs == "all" else first] = None
    shared, table = _inputs(scenarios)
    return tuple(keys), {
        "label": "",
        "question": "",
        **about,
        "batch": _digest(sorted(set(keys))),
        "planned": len(set(keys)),
        "backends": sorted(backends),
        "root_seeds": sorted(numbers["seed"]),
        "replicates": len({replicate for _, _, replicate, _ in keys}),
        "months": sorted(numbers["month"]),
        "population": sorted(numbers["person"]),
        "places": {s.place.key: _describe_place(s.place) for s in bases.values()},
        "arms": {s.arm: _describe_arm(s) for s in bases.values()},
        "outcomes": [
            dataclasses.asdict(outcome) | {"rule_steps": outcome.rule_steps}
            for outcome in registry.outcomes
        ],
        "dials": {dial.key: dial.label for dial in registry.dials},
        "model_version": MODEL_VERSION,
        "registry": registry.digest,
        "versions": package_versions(),
        "source": source_state(),
        "inputs_kept": inputs,
        "inputs": shared,
        "scenarios": table,
    }


def _describe_place(place: Place) -> dict[str, object]:
    groups = {"all": "all residents"}
    groups |= {group.key: group.label for group in place.groups}
    groups |= {tag.key: tag.label for tag in place.tags}
    groups |= {"marginalised": "marginalised residents"}
    events = [
        {"month": e.month, "date": e.date.isoformat(), "kind": e.kind, "label": e.label}
        for e in place.events
    ]
    return {"title": place.title, "country": place.country, "groups": groups, "events": events}


def _describe_arm(scenario: Scenario) -> dict[str, object]:
    practices, more = scenario.practices, scenario.interventions
    label = " + ".join((practices.label, *(one.label for one in more)))
    arm: dict[str, object] = {"label": label, "note": practices.note}
    if more:
        arm |= {"control": practices.key, "interventions": [one.key for one in more]}
    return arm


def _inputs(
    scenarios: Iterable[Scenario],
) -> tuple[dict[str, dict[str, object]], list[dict[str, object]]]:
    """Store every place, stack and parameter set once, and say which scenario uses which."""
    shared: dict[str, dict[str, object]] = {name: {} for name in _SHARED_INPUTS}
    rows: dict[tuple[str, str, str], dict[str, object]] = {}
    for scenario in dict.fromkeys(scenarios):
        content = scenario.content()
        key = (scenario.place.key, scenario.arm, _digest(content))
        row: dict[str, object] = dict(zip(("place_key", "arm", "digest"), key, strict=True))
        for name, value in content.items():
            if name in shared:
                digest = _digest(value)[:12]
                shared[name][digest] = value
                row[name] = digest
            else:
                row[name] = value
        rows[key] = row
    return shared, list(rows.values())


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
