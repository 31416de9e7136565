"""`parley describe`: everything that goes into a run, resolved, with its sources."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.commands.describe_events import all_kinds, kind_parts
from parley.commands.describe_interventions import (
    all_interventions,
    intervention_parts,
    of_scenario,
    one_intervention,
    scenario_parts,
)
from parley.commands.describe_tail_events import (
    all_tail_events,
    loaded,
    loaded_parts,
    one_tail_event,
    tail_event_parts,
)
from parley.commands.grids import grid, source_and_grade, value_and_range
from parley.commands.options import AsJson, command, console
from parley.commands.validate import kind_of, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import RenderableType

    from parley.practice_types import Practices
    from parley.scenario_types import Place, Scenario


_RULES = (
    "owner",
    "payer",
    "admits",
    "protection",
    "judge",
    "forum_separation",
    "spends",
    "delivers",
    "transfer_share",
    "hires_staff",
    "hooks_connected",
    "price_multiplier",
    "initiator",
    "outside_share",
    "apology",
    "disclosure",
    "repeat_months",
)


_ALL = {"interventions": "interventions", "tail-events": "tail events", "events": "events"}
"""Words that stand for all of a kind."""


@dataclass(frozen=True)
class DescribeOptions:
    """Options of `parley describe`."""

    name: Annotated[
        str,
        typer.Argument(
            help="A scenario, place, stack of practices, intervention or rare disaster, by name or "
            "file; or the words interventions or tail-events for all of them, or events for the "
            "kinds of dated events."
        ),
    ]
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "describe", DescribeOptions, describe)


def describe(options: DescribeOptions) -> None:
    """Show a scenario, place, practices, intervention or tail event with numbers and sources.

    Example: parley describe colombia
    """
    from parley.errors import ScenarioError
    from parley.place import load_place
    from parley.practices import load_practices
    from parley.scenario import load_scenario

    if options.name not in _ALL and (unknown := unknown_name(options.name)):
        raise ScenarioError([unknown])
    kind = _ALL.get(options.name) or kind_of(options.name)
    if kind == "events":
        content: dict[str, Any] = {"kind": kind, **all_kinds()}
    elif kind == "interventions":
        content = {"kind": kind, **all_interventions()}
    elif kind == "tail events":
        content = {"kind": kind, **all_tail_events()}
    elif kind == "tail event":
        content = {"kind": kind, **one_tail_event(options.name)}
    elif kind == "intervention":
        content = {"kind": kind, **one_intervention(options.name)}
    elif kind == "place":
        content = {"kind": kind, **_place(load_place(options.name), options.name)}
        content["money"] = _money_of_file(options.name)
    elif kind == "practices":
        content = {"kind": kind, **_practices(load_practices(options.name))}
    else:
        content = {"kind": kind, **_scenario(load_scenario(options.name))}
    if options.json:
        typer.echo(json.dumps(content, indent=1, ensure_ascii=False, default=str))
        return
    screen = console()
    for part in _layout(content):
        screen.print(part)


def _scenario(scenario: Scenario) -> dict[str, Any]:
    from parley.registry import load_registry, parameter_values
    from parley.schedule import SCHEDULE

    registry = load_registry()
    values = parameter_values(scenario.parameters)
    changed = {
        key: {
            "value": value,
            "default": registry.parameters[key].default,
            "unit": registry.parameters[key].unit,
        }
        for key, value in values.items()
        if value != registry.parameters[key].default
    }
    return {
        "title": scenario.title,
        "question": scenario.question,
        "start": f"{scenario.start:%Y-%m}",
        "months": scenario.months,
        "population": scenario.population,
        "trust_rule": scenario.trust_rule,
        "price_source": scenario.price_source,
        "digest": scenario.digest(),
        "place": _place(scenario.place, scenario.place.key) | {"money": _money(scenario)},
        "practices": _practices(scenario.practices),
        "interventions": [of_scenario(one) for one in scenario.interventions],
        "tail_events": loaded(scenario.tail_events),
        "changed_parameters": changed,
        "parameters": values,
        "month": [{"step": step.label, "block": step.block} for step in SCHEDULE],
    }


def _place(place: Place, name: str) -> dict[str, Any]:
    from parley.errors import ScenarioError
    from parley.place import place_quantities

    try:
        numbers = [asdict(quantity) for quantity in place_quantities(name)]
    except ScenarioError:  # a place file that a scenario names by a path of its own
        numbers = []
    return {
        "key": place.key,
        "title": place.title,
        "country": place.country,
        "story": place.story,
        "groups": [asdict(group) for group in place.groups],
        "tags": [asdict(tag) for tag in place.tags],
        "events": [asdict(event) for event in place.events],
        "numbers": numbers,
    }


def _money_of_file(name: str) -> str:
    """What the company's money means at a place, in words."""
    from parley.place import read_place
    from parley.place_money import money_of_file, money_words

    return money_words(money_of_file(read_place(name, None, "process")))


def _money(scenario: Scenario) -> str:
    """The same with the community budget of a scenario."""
    from parley.place_money import money_words, place_money

    share = scenario.parameters.budget.social_budget_share
    return money_words(place_money(scenario.place, share))


def _practices(practices: Practices) -> dict[str, Any]:
    from parley.registry import load_registry

    dials = [
        {
            "key": dial.key,
            "label": dial.label,
            "announced": level,
            "changes": dial.changes,
            "blocks": list(dial.hooks),
        }
        for dial, level in zip(load_registry().dials, practices.nominal, strict=True)
    ]
    return {
        "key": practices.key,
        "label": practices.label,
        "note": practices.note,
        "dials": dials,
        "rules": {name: getattr(practices, name) for name in _RULES},
        "phases": [
            {"from_month": phase.from_month, **_practices(phase.practices)}
            for phase in practices.phases
        ],
    }


def _layout(content: Mapping[str, Any]) -> Iterable[RenderableType]:
    """Lay the content out for the terminal."""
    if content["kind"] == "place":
        yield from _place_parts(content)
    elif content["kind"] == "practices":
        yield from _practices_parts(content)
    elif content["kind"] in ("intervention", "interventions"):
        yield from intervention_parts(content, grid)
    elif content["kind"] == "events":
        yield from kind_parts(content, grid)
    elif content["kind"] in ("tail event", "tail events"):
        yield from tail_event_parts(content, grid)
    else:
        yield f"[bold]{content['title'] or 'Scenario'}[/]\n{content['question']}"
        yield (
            f"{content['months']} months from {content['start']}, {content['population']:,} "
            f"simulated residents; trust rule {content['trust_rule']}, price "
            f"{content['price_source']}; digest {content['digest'][:12]}"
        )
        yield from _place_parts(content["place"])
        yield from _practices_parts(content["practices"])
        yield from scenario_parts(content["interventions"], grid)
        yield from loaded_parts(content["tail_events"], grid)
        yield from _parameter_parts(content)


def _place_parts(place: Mapping[str, Any]) -> Iterable[RenderableType]:
    from rich.markup import escape

    yield f"\n[bold]{place['title']}[/] ({place['key']}), {place['country']}"
    yield escape(_reflow(place["story"]))
    yield f"\n[bold]The money.[/] {escape(place['money'])}\n"
    groups = [
        (g["label"], f"{g['share']:.0%}", "yes" if g["marginalised"] else "")
        for g in place["groups"]
    ]
    yield grid("Groups", ("Group", "Share", "Marginalised"), groups)
    events = [(f"{e['date']:%Y-%m}", e["kind"], e["label"], e["source"]) for e in place["events"]]
    if events:
        yield grid("Dated events", ("Month", "Kind", "What", "Source"), events)
    if place["numbers"]:
        yield grid("Numbers", ("Name", "Value, range", "Source, grade"), _lines(place["numbers"]))


def _lines(numbers: Iterable[Mapping[str, Any]]) -> Iterable[Sequence[str]]:
    """The numbers of a place under headings, the first parts of their names."""
    section = ""
    for q in numbers:
        first, _, name = q["key"].rpartition(".")
        if first != section:
            yield (f"{first}.", "", "")
        section = first
        yield (f"  {name}", value_and_range(_number(q["value"]), q), source_and_grade(q))


def _practices_parts(practices: Mapping[str, Any]) -> Iterable[RenderableType]:
    yield f"\n[bold]{practices['label']}[/] ({practices['key']})\n{_reflow(practices['note'])}"
    if practices["phases"]:
        turn = practices["rules"]["repeat_months"]
        yield f"In phases, which start again after {turn} months:" if turn else "In phases:"
        for phase in practices["phases"]:
            yield f"\nFrom month {phase['from_month']}:"
            yield from _practices_parts(phase)
        return
    dials = [
        (d["label"], f"{d['announced']:g}", d["changes"], ", ".join(d["blocks"]))
        for d in practices["dials"]
        if d["announced"] > 0
    ]
    head = ("Practice", "Announced", "What it changes", "Read by blocks")
    yield grid("Practices announced", head, dials) if dials else "No practice is announced."
    rules = ", ".join(f"{name} = {value}" for name, value in practices["rules"].items())
    yield f"Rules: {rules}"


def _parameter_parts(content: Mapping[str, Any]) -> Iterable[RenderableType]:
    changed = [
        (key, _number(row["value"]), _number(row["default"]), row["unit"])
        for key, row in content["changed_parameters"].items()
    ]
    if changed:
        yield grid("Numbers changed", ("Name", "Value", "Default", "Unit"), changed)
    else:
        yield f"\nAll {len(content['parameters'])} numbers of the model are at their defaults."
    month = [(str(i), step["step"], step["block"]) for i, step in enumerate(content["month"], 1)]
    yield grid("The month", ("", "Step", "Block"), month)


def _reflow(text: str) -> str:
    """Text whose lines were broken for its file, as paragraphs."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _number(value: object) -> str:
    """A number or a list of them, short."""
    if isinstance(value, tuple | list):
        return " ".join(_number(item) for item in value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)
