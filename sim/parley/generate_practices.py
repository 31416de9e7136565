"""Reference pages: every stack and practice, and the systems of the document as settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parley.generate_docs import dial_cost, page, source_links, table
from parley.practice_types import DIALS
from parley.practices import available_practices, available_variants, load_practices
from parley.systems import load_systems
from parley.toml_files import find, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.practice_types import Practices
    from parley.registry import Dial, Registry
    from parley.systems import System

ORDER = ("none", "transactional", "csr", "hrdd", "csbp", "msp", "hsbp")
ATTRIBUTES = ("owner", "payer", "admits", "initiator", "protection", "judge", "forum_separation")
REST = (
    "spends",
    "delivers",
    "transfer_share",
    "outside_share",
    "apology",
    "disclosure",
    "hires_staff",
    "hooks_connected",
    "price_multiplier",
)

INTRO = """\
The eighteen partnering practices, the stacks made of them, and what holds each. A practice is a
dial from 0 to 1 that changes inputs of rules only: who is in the room, how noisy a signal is, which
payment comes first. It never changes trust, grievance, protest or value directly. Every practice
has a price, needs staff and skill, and can hurt.

A stack is a row of data: eighteen announced levels and a few attributes. No rule reads its name.
Its price is paid from the community budget, and who pays the facilitator decides how far the
facilitator is believed.

**Who must do it.** The practices are carried out by the owner of the stack, whose people must pass
them on and have the skill: the company, the state, community organisations for an `ngo` or `un`
owner. With a `joint` owner part of the tasks must pass both the company's and the officials' chain,
the others are divided between them, and the mean skill of company and community counts. Exceptions
are named with the practice.

Any stack can be changed on the command line: `hsbp-sharing` leaves a practice out,
`transactional+mapping` adds one at the level of `hsbp`, `hsbp@tools` keeps one pillar, `random:7`
is a random stack of the same cost. `presets`, `controls`, `variants`, `ablations`, `additions`,
`pillars` and `random_stacks` stand for many arms at once: `parley compare --arms presets`."""

COST = """\
Price is a weight: all eighteen together cost one intensive programme. Hours are of partnering
staff, per 1000 residents and month. Skill is a share of full competence in the skill named. All
three are assumptions, swept in designs; see [parameters](parameters.md)."""

OWNER = "the owner of the stack"
OTHERS = {"facilitation": "the facilitator, whoever owns the stack"}
"""Who carries out a practice where it is not the owner of the stack."""

VARIANTS_INTRO = """\
Files in `scenarios/practices/variants/`, found by name. Each is a stack of the table above with
something changed, or several stacks in phases; what is not named is as in that stack."""

SYSTEMS_INTRO = """\
The founding document ("People, Profits and Peace", 2018) describes 61 systems of dealing between
companies and communities. Each is a setting of the model: the same world is run with it and
without it, under the same luck. In the window given, the outcomes that must differ do, and all
outcomes that are not listed are the same to the bit
(`tests/world/test_systems.py::test_on_against_off`). That says that a system reaches what it should
and nothing else; it does not say that its effect is good or large.

Lines are of the document's plain text; `S3:` marks the paper by Bigg and Ward."""


def practice_pages(registry: Registry) -> dict[str, str]:
    """File name under `docs/reference/` to its text, for the pages of this module."""
    return {"practices.md": practices_page(registry), "systems.md": systems_page()}


def practices_page(registry: Registry) -> str:
    """`practices.md`: stacks by dial, their attributes, variants, and everything on each dial."""
    names = (*ORDER, *(name for name in available_practices() if name not in ORDER))
    stacks = {name: load_practices(name) for name in names}
    head = ("Dial", *(f"`{name}`" for name in names))
    levels = [
        (f"**{dial.code}** `{dial.key}`", *(_level(stacks[name], dial.key) for name in names))
        for dial in registry.dials
    ]
    attributes = [
        (f"`{name}`", *(_shown(getattr(stack, name)) for stack in stacks.values()))
        for name in (*ATTRIBUTES, *REST)
    ]
    labels = "\n".join(
        f"- `{name}`: **{stack.label}.** {' '.join(stack.note.split())}"
        for name, stack in stacks.items()
    )
    parts = [
        "## Stacks",
        labels,
        table(head, levels),
        table(("Attribute", *head[1:]), attributes),
        "## Variants\n\n" + VARIANTS_INTRO,
        table(("Variant", "What it is", "Made of"), _variants()),
        "## Practices",
        COST,
        *(_dial(dial, registry, stacks) for dial in registry.dials),
    ]
    return page("Practices", INTRO, parts)


def _level(stack: Practices, dial: str) -> str:
    """An announced level; a dot for none."""
    level = dict(zip(DIALS, stack.nominal, strict=True))[dial]
    return f"{level:g}" if level else "·"


def _shown(value: object) -> str:
    """A value of an attribute in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _variants() -> list[tuple[str, str, str]]:
    """One row for each variant."""
    rows = []
    for name in available_variants():
        stack = load_practices(name)
        what = f"**{stack.label}.** {' '.join(stack.note.split())}"
        rows.append((f"`{name}`", what, _content(stack, read_toml(find(name, "practices")))))
    return rows


def _content(stack: Practices, file: Mapping[str, Any]) -> str:
    """What a variant changes in the stack it extends, phase by phase."""
    if not stack.phases:
        base = str(file["extends"])
        return f"`{base}`{_changes(stack, load_practices(base))}"
    turns = f"<br>and again every {stack.repeat_months} months" if stack.repeat_months else ""
    phases = []
    for phase, table_of_phase in zip(stack.phases, file["phases"], strict=True):
        base = str(table_of_phase["base"])
        changes = _changes(phase.practices, load_practices(base))
        phases.append(f"from month {phase.from_month}: `{base}`{changes}")
    return "<br>".join(phases) + turns


def _changes(stack: Practices, base: Practices) -> str:
    """Attributes and levels in which a stack differs from another."""
    changed = [
        f"{name.replace('_', ' ')} {_shown(getattr(stack, name))}"
        for name in (*ATTRIBUTES, *REST)
        if getattr(stack, name) != getattr(base, name)
    ]
    changed += [
        f"{dial.replace('_', ' ')} {_level(stack, dial).replace('·', '0')}"
        for dial in DIALS
        if _level(stack, dial) != _level(base, dial)
    ]
    return f" with {', '.join(changed)}" if changed else ""


def _dial(dial: Dial, registry: Registry, stacks: dict[str, Practices]) -> str:
    """Everything about one dial."""
    announced = ", ".join(
        f"`{name}` {_level(stacks[name], dial.key)}"
        for name in ORDER
        if _level(stacks[name], dial.key) != "·"
    )
    pillar = "Beside the framework" if dial.pillar == "beside" else f"Pillar: {dial.pillar}"
    lines = [
        f"### {dial.label} ({dial.code}, `{dial.key}`)",
        f"{pillar}. {source_links((dial.source,), registry)}, {dial.where}; lines {dial.lines}.",
        f"- **Changes:** {dial.changes}. Blocks: {', '.join(dial.hooks)}.",
        f"- **Price weight, hours, skill:** {dial_cost(dial, registry)}. Needs: {dial.needs}.",
        f"- **Done by:** {OTHERS.get(dial.key, OWNER)}, by skill in `{dial.skill}`.",
        f"- **Helps:** {dial.help}.",
        f"- **Hurts:** {dial.harm}.",
        f"- **Announced by:** {announced or 'no stack'}.",
        "- **Held by:** " + ", ".join(f"`{test}`" for test in dial.tests) + ".",
    ]
    return "\n".join([lines[0], "", lines[1], "", *lines[2:]])


def systems_page() -> str:
    """`systems.md`: every system of the document, its setting and what holds it."""
    systems = load_systems().entries
    head = ("System", "Lines", "On, or off", "Months", "Must differ", "May differ")
    rows = [_system(system) for system in systems.values()]
    return page("Systems", SYSTEMS_INTRO, [table(head, rows)])


def _system(system: System) -> tuple[str, ...]:
    """One row of the table of systems."""
    window = f"{system.months}" + (
        f", the same in the first {system.same_until}" if system.same_until else ""
    )
    must, may = (
        ", ".join(name.replace("_", " ") for name in names) for names in (system.must, system.may)
    )
    name = f"{system.key} {system.name}"
    return (name, system.lines, system.setting, window, must, may or "nothing else")
