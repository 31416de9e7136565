"""Which interventions of a scenario have nothing to work on in its place.

A rule for hiring moves nothing where the site neither hires nor buys among residents, a royalty
rule nothing where no royalty is paid, a fund for the facilitator nothing where none is announced.
Such a run is sound, the run without the intervention to the last bit. So nothing is refused; the
reader is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.practice_types import DIALS

if TYPE_CHECKING:
    from parley.intervention_types import Intervention
    from parley.scenario_types import Scenario


def no_effect(scenario: Scenario, one: Intervention) -> str:
    """Why an intervention can change nothing in a scenario.

    Args:
        scenario: the scenario, of which the place, its events and the stack are read.
        one: the intervention.

    Returns:
        The reason in words, with the keys that decide it; empty where it has something to work on.
    """
    facts = scenario.place.facts
    match one.kind:
        case "local_hiring" if facts.local_wage_share == facts.local_purchase_share == 0.0:
            return "the site neither hires nor buys here (local_wage_share, local_purchase_share)"
        case "royalty_rule" if facts.royalty_rate_share == 0.0:
            return "no royalty is paid here (royalty_rate_share)"
        case "facilitator_fund" if not _facilitated(scenario):
            return "no facilitation is announced (practices: dials.facilitation)"
        case _:
            return ""


def _facilitated(scenario: Scenario) -> bool:
    """Whether a stack in force in some month announces facilitation."""
    at, stack = DIALS.index("facilitation"), scenario.practices
    every = (stack, *(phase.practices for phase in stack.phases))
    return any(one.nominal[at] > 0.0 for one in every)
