"""The part of `parley describe` that shows interventions."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rich.console import RenderableType

    from parley.intervention_types import Intervention

    type Grid = Callable[[str, Sequence[str], Iterable[Sequence[str]]], RenderableType]

_HEAD = ("Strength", "Value", "Unit", "What", "Source", "Grade")


def all_interventions() -> dict[str, Any]:
    """Every kind, and every file that comes with Parley."""
    from parley.intervention_kinds import load_kinds
    from parley.interventions import available_interventions

    return {
        "kinds": [asdict(kind) for kind in load_kinds().values()],
        "files": [{"name": name, **_file(name)} for name in available_interventions()],
    }


def one_intervention(name: str) -> dict[str, Any]:
    """One file, with what its kind does."""
    from parley.intervention_kinds import load_kinds

    content = _file(name)
    return {**content, "instrument": asdict(load_kinds()[content["instrument"]])}


def _file(name: str) -> dict[str, Any]:
    """What a file says; its kind under `instrument`."""
    from parley.interventions import load_intervention

    draft = asdict(load_intervention(name))
    draft["instrument"] = draft.pop("kind")
    return {**draft, "strengths": dict(draft["strengths"])}


def of_scenario(intervention: Intervention) -> dict[str, Any]:
    """An intervention of a scenario; villages as in files, counted from 1."""
    content = asdict(intervention)
    content["villages"] = [village + 1 for village in intervention.villages]
    return {**content, "strengths": dict(intervention.strengths)}


def intervention_parts(content: Mapping[str, Any], grid: Grid) -> Iterable[RenderableType]:
    """Lay out one intervention, or all of them."""
    if content["kind"] == "interventions":
        rows = [
            (k["key"], k["changes"], k["reach"], ", ".join(k["payers"])) for k in content["kinds"]
        ]
        head = ("Kind", "What it changes", "Reach", "Payers")
        yield grid("Kinds of intervention", head, rows)
        files = [(f["name"], f["label"], f["instrument"], f["payer"]) for f in content["files"]]
        yield grid("Named interventions", ("Name", "Label", "Kind", "Payer"), files)
        return
    kind = content["instrument"]
    yield f"[bold]{content['label']}[/] ({kind['key']})\n{' '.join(content['note'].split())}"
    yield f"Changes {kind['changes']}."
    yield f"Needs {kind['needs']}. Helps: {kind['help']}. Hurts: {kind['harm']}."
    yield f"Delivery: {_delivery(content)}, paid by the {content['payer']}"
    yield f"Source: {content['source']} ({content['grade']})"
    values = content["strengths"]
    lines = [
        (s["name"], f"{values[s['name']]:g}", s["unit"], s["description"], *_source(s))
        for s in kind["strengths"]
    ]
    yield grid("Strengths", _HEAD, lines)


def scenario_parts(given: Sequence[Mapping[str, Any]], grid: Grid) -> Iterable[RenderableType]:
    """Lay out the interventions of a scenario, if it has any."""
    rows = [
        (
            one["label"],
            one["kind"],
            ", ".join(f"{name} {value:g}" for name, value in one["strengths"].items()),
            _delivery(one),
            one["paid_by"],
        )
        for one in given
    ]
    if rows:
        yield grid("Interventions", ("What", "Kind", "Strengths", "Delivery", "Payer"), rows)


def _delivery(one: Mapping[str, Any]) -> str:
    """Months, ramp, coverage and who, in words."""
    last = "the end" if one["last"] is None else one["last"]
    words = [f"month {one['first']} to {last}", f"ramp {one['ramp_months']} months"]
    words.append(f"coverage {one['coverage']:g}")
    if one["eligible"]:
        words.append("for " + ", ".join(one["eligible"]))
    if one["villages"]:
        words.append("in villages " + ", ".join(map(str, one["villages"])))
    return ", ".join(words)


def _source(strength: Mapping[str, Any]) -> tuple[str, str]:
    return "; ".join(strength["source"]), strength["grade"]
