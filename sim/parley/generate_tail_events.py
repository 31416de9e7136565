"""What is generated about rare disasters: their reference page and their part of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parley.generate_docs import page, source_links, table
from parley.tail_events import available_tail_events, load_tail_event
from parley.tail_types import NUMBERS

if TYPE_CHECKING:
    from parley.reading import Quantity
    from parley.registry import Registry
    from parley.tail_events import TailEventFile

INTRO = """\
The worst that a company does is rare and large, and an average over ten years does not show it. A
module of a rare disaster puts it back: a small chance each month, warnings that are heeded or not,
damage with a heavy tail, and a remedy that is late, partial, or never comes. Any place may load
one; **none is loaded unless named**, and a run without is the run it always was, to the last bit.

In a scenario or a place file, or from Python in `make_scenario`:

```toml
tail_events = ["bhopal", "thor:hazard_per_year=0.05,shield=1", "my_own.toml"]
```

A scenario that names modules has those and not its place's; an empty list has none. On the command
line `parley run NAME --tail-events bhopal` and `parley compare ... --tail-events bhopal` load one;
`parley describe tail-events` shows them. A file of one's own may start with `extends = "bhopal"`
and hold only what differs.

A module is a **kind of accident** carried over to the place that loads it. It is no reconstruction:
with Bhopal loaded in Colombia there is neither the plant nor the city. The three that come with
Parley are those that Bigg and Ward ([2004](sources.md#bigg_2004)) name as worst practice, without
figures; all figures are from elsewhere."""

RULES = """\
## The rules in words

Each month, for each module, as long as the company has not left for good:

1. **Near miss.** With a chance of 1 - exp(-near misses per year / 12) something goes wrong that
   could have been the disaster.
2. **Heeded or ignored.** The company heeds a share of these by itself. Monitors make it heed the
   power to stop x the executed level of monitoring of what is left. After a disaster of its own it
   heeds the share learned of what is left then. A heeded warning costs a part of the month's
   output. An ignored one adds 1 to a stock, which fades.
3. **Hazard.** The chance of the disaster is 1 - (1 - hazard per year)^((1 + rise x stock) / 12).
4. **Damage.** Drawn from a Pareto law between the least and the most. It is added to the burden on
   the environment, as a dated accident is, and does harm by exposure. Most of it fades with the
   burden; a part stays in the ground and feeds the burden until somebody cleans up. The site stands
   still for the months of closure.
5. **Claim.** Incomes per unit of damage x damage x residents.
6. **Liability.** The smaller of the claim and equity x (1 - shield). Granted is the share paid of
   the claim, at most the liability.
7. **Decision.** After a lognormal delay. With some chance it is undone at once, and a second one,
   which holds, takes another such delay.
8. **Payment.** Once decided, the company pays from what it holds after the costs of operating,
   month after month, before its community budget and dividends. Only where the shield is below 0
   the parent puts in what is lacking, up to -shield x equity. So a subsidiary that stands still, or
   has left, pays nothing unless its parent must. Residents receive in proportion to the harm that
   the disaster did to each. It is compensation, no benefit: it enters no outcome of benefits and
   nobody gets used to it. It takes away grievance over operations as a resolved case does
   (`grievance.closure_relief`, which is 0 unless changed), in the part in which the claim is met.
9. **Clean-up.** After a longer lognormal delay a part of what stayed in the ground is taken away.

Events kept with every run: `near_miss`, `warning_heeded`, `warning_ignored` (stock), `catastrophe`
(damage), `claim_filed`, `liability`, `settlement_granted`, `settlement_reversed`,
`settlement_paid` (cents each) and `clean_up` (burden removed).

**Where a practice enters.** One place: the executed level of *monitoring and evaluation* in rule 2.
No practice changes the damage, the claim or the payment.

**What switches it off.** Hazard 0: no disaster. Least damage 0: no damage and no claim. Power to
stop 0: monitors change nothing. Rise 0: warnings do not matter. Shield 1: nobody is liable.

**What is assumed.** The form of every rule, and the numbers marked *assumption* below, which are
most. There is one firm in the model, so learning is the firm's own and not that of others. Deaths
are not modelled: harm wears down health and land. What people do with compensation is not
modelled either. Clean-up costs the company nothing. The hazard does not depend on output. Payments
end where the company's cash does; insurance is not modelled.

**How to read results.** At the values below most runs of ten years see no disaster, and means hide
it. Look at the tail, or raise the hazard to see what follows from one.

## What each number means"""


def tail_events_page(registry: Registry) -> str:
    """`tail-events.md`: the rules in words, then every module with its numbers and sources."""
    rows = (
        (f"`{key}`", f"**{n.label}.** {n.meaning}", n.bounds.allowed, _plain(n.null))
        for key, n in NUMBERS.items()
    )
    meanings = table(("Number", "Meaning", "Allowed", "Null"), rows)
    modules = [_module(name, load_tail_event(name), registry) for name in available_tail_events()]
    return page("Rare disasters", INTRO, [RULES, meanings, *modules])


def _module(name: str, file: TailEventFile, registry: Registry) -> str:
    """Heading, story and numbers of one module."""
    assumed = sum(quantity.grade == "assumption" for quantity in file.quantities)
    known = len(file.quantities) - assumed
    story = " ".join(file.story.split())
    source = source_links(tuple(file.source.split("; ")), registry)
    head = ("Number", "Value", "Unit", "Range", "Year", "Grade", "Source", "Note")
    rows = (_row(quantity, registry) for quantity in file.quantities)
    rest = "rests" if known == 1 else "rest"
    counted = (
        f"{known} of {len(file.quantities)} numbers {rest} on a source; {assumed} are assumptions."
    )
    parts = [f"## {file.title} (`{name}`)", story, f"Story: {source}.", counted, table(head, rows)]
    return "\n\n".join(parts)


def _row(quantity: Quantity, registry: Registry) -> tuple[str, ...]:
    """One number with its provenance."""
    name = quantity.key.rpartition(".")[2]
    span = "–" if quantity.low is None else f"{_plain(quantity.low)} to {_plain(quantity.high)}"
    return (
        f"`{name}`<br>{NUMBERS[name].label}",
        f"{quantity.value:g}",
        quantity.unit,
        span,
        quantity.year or "–",
        quantity.grade,
        source_links(tuple(quantity.source.split("; ")), registry),
        quantity.note,
    )


def _plain(value: float | None) -> str:
    """A number as short as it goes; a dash for none."""
    return "–" if value is None else f"{value:g}"


def tail_events_schema() -> dict[str, Any]:
    """The key `tail_events` of a scenario file, for editors."""
    return {
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "uniqueItems": True,
        "description": "Rare disasters to load, by name or file; changes follow a colon. "
        f"Names: {', '.join(available_tail_events())}.",
    }
