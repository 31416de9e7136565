"""What is generated about interventions: their reference page and their part of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parley.generate_docs import NOTICE, source_links
from parley.intervention_kinds import load_kinds
from parley.interventions import MONTH, RAMP, available_interventions, load_intervention
from parley.reading import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.intervention_kinds import Kind
    from parley.registry import Registry

type Schema = dict[str, Any]

INTRO = """\
An intervention is an instrument (one of the kinds below, with its strengths) and a delivery: first
and last month, a ramp, coverage, who is eligible, where, and who pays. It comes on top of a stack
of practices and changes inputs of rules only, as the practices do. Several together are a bundle;
dates make them a sequence.

In a scenario file:

```toml
[[interventions]]
base = "cash_transfer"     # a named file, or kind = "cash_transfer"
first = "2014-01"          # or months after the start
last = "2016-12"           # left out: to the end of the run
ramp_months = 12           # months until coverage is complete
coverage = 0.5             # of those eligible
eligible = ["youth"]       # groups or tags, or "marginalised"; left out: everybody
villages = [1, 3]          # left out: all
payer = "state"            # company, state or donor, as far as the kind allows

[interventions.strengths]
amount = 0.2
```

On the command line: `parley compare --arms transactional --with
cash_transfer:coverage=0.5,first=2014-01,amount=0.2` runs every arm without and with it, under the
same luck. From Python: `scenario.with_interventions("cash_transfer:coverage=0.5", ...)`.

**Coverage.** People, or villages, stand in one order, drawn once for each run and the same for all
interventions; coverage says how far down it goes. So more coverage reaches everybody that less
does. At coverage 0 the run is the run without the intervention, to the last bit.

**Paying.** Donor and state pay from outside. The company pays out of its own cash, ranking like
its promises, projects and practices; what it cannot pay is not delivered, and the events
`intervention_unpaid` keep how much that was. The outcome `intervention_cost` and the events of that
name keep what each costs, whoever pays.

**Nothing to work on.** A hiring rule changes nothing where the site neither hires nor buys among
residents, a royalty rule nothing where no royalty is paid, a fund nothing where no facilitation is
announced. Such a run is the run without the intervention, to the last bit; `parley run` and
`parley compare` say so.

**Reach** is what coverage counts: single people, villages, or the site as a whole.

**Plausible** is what is believed before any data, for designs that sweep a strength. **Null** is
the value that takes an effect away. Grades are those of
[parameters](parameters.md)."""


def interventions_page(registry: Registry) -> str:
    """`interventions.md`: kinds with their strengths, then the files that come with Parley."""
    parts = [_kind(kind, registry) for kind in load_kinds().values()]
    files = f"## Named interventions\n\n{_files(registry)}"
    return "\n\n".join([NOTICE, "# Interventions", INTRO, *parts, files]) + "\n"


def _kind(kind: Kind, registry: Registry) -> str:
    """Heading, description and strengths of one kind."""
    lines = [
        f"## {kind.label} (`{kind.key}`)",
        f"Changes {kind.changes}.",
        f"Read by blocks {', '.join(kind.hooks)}. Reach: {kind.reach}. "
        f"May be paid by: {', '.join(kind.payers)}.",
        f"Needs {kind.needs}. Helps: {kind.help}. Hurts: {kind.harm}.",
        f"Source: {source_links(kind.source, registry)}"
        + (f" ({kind.where})." if kind.where else "."),
        _table(
            ("Strength", "Unit", "Range", "Default", "Plausible", "Null", "Grade", "Source"),
            (
                (
                    f"`{s.name}`<br>**{s.label}.** {s.description}",
                    s.unit,
                    f"{s.minimum:g} to {s.maximum:g}",
                    f"{s.default:g}",
                    f"{s.plausible[0]:g} to {s.plausible[1]:g}",
                    "–" if s.null is None else f"{s.null:g}",
                    s.grade,
                    source_links(s.source, registry) + (f" ({s.where})" if s.where else ""),
                )
                for s in kind.strengths
            ),
        ),
    ]
    return "\n\n".join(line for line in lines if line)


def _files(registry: Registry) -> str:
    """The table of named files."""
    rows = []
    for name in available_interventions():
        one = load_intervention(name)
        words = [f"{key} = {value:g}" for key, value in one.strengths]
        delivery = f"from {one.first}, ramp {one.ramp_months}, coverage {one.coverage:g}"
        if one.eligible:
            delivery += f", {', '.join(one.eligible)}"
        source = source_links(tuple(one.source.split("; ")), registry)
        cells = (f"`{name}`<br>{one.label}", f"`{one.kind}`", "; ".join(words), delivery)
        rows.append((*cells, one.payer, source, one.grade))
    head = ("Name", "Kind", "Strengths", "Delivery", "Payer", "Source", "Grade")
    return _table(head, rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; pipes inside cells are escaped."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(c.replace('|', '&#124;') for c in row)} |" for row in lines)


def interventions_schema() -> Schema:
    """The key `interventions` of a scenario file, for editors."""
    kinds = load_kinds().values()
    month = {
        "oneOf": [
            {"type": "integer", "minimum": MONTH.minimum, "maximum": MONTH.maximum},
            {"type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"},
        ],
        "description": "Months after the start, or YYYY-MM.",
    }
    text = {"type": "string"}
    properties = {
        "base": {**text, "description": "A named intervention, or the path of a file."},
        "kind": {"enum": [kind.key for kind in kinds]},
        **dict.fromkeys(("name", "label", "note", "source"), text),
        "grade": {"enum": list(GRADES)},
        "first": month,
        "last": month,
        "ramp_months": {"type": "integer", "minimum": RAMP.minimum, "maximum": RAMP.maximum},
        "coverage": {"type": "number", "minimum": 0, "maximum": 1},
        "eligible": {"oneOf": [text, {"type": "array", "items": text}]},
        "villages": {
            "oneOf": [
                {"type": "integer", "minimum": 1},
                {"type": "array", "items": {"type": "integer", "minimum": 1}},
            ]
        },
        "payer": {"enum": ["company", "state", "donor"]},
        "strengths": {"type": "object"},
    }
    item = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "oneOf": [{"required": ["base"]}, {"required": ["kind"]}],
        "allOf": [_strengths_of(kind) for kind in kinds],
    }
    return {
        "type": "array",
        "items": {"oneOf": [{"type": "string"}, item]},
        "description": "What is done on top of the practices.",
    }


def _strengths_of(kind: Kind) -> Schema:
    """The strengths that one kind has, and who may pay for it."""
    bounds = {
        s.name: {
            "description": f"{s.description} Unit: {s.unit}.",
            "default": s.default,
            "anyOf": [
                {"type": "number", "minimum": s.minimum, "maximum": s.maximum},
                {"$ref": "#/$defs/reasoned"},
            ],
        }
        for s in kind.strengths
    }
    strengths = {"type": "object", "additionalProperties": False, "properties": bounds}
    return {
        "if": {"properties": {"kind": {"const": kind.key}}, "required": ["kind"]},
        "then": {"properties": {"strengths": strengths, "payer": {"enum": list(kind.payers)}}},
    }
