"""Steps of rare disasters: warnings, the disaster itself, the money that follows.

They do nothing, and draw nothing, where no module of a rare disaster is loaded.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import precursors, tail
from parley.tail_types import Claim, TailState

if TYPE_CHECKING:
    from parley.model import PartneringModel
    from parley.tail_types import TailEvent


def strike(model: PartneringModel) -> None:
    """Near misses come and are heeded or not; disasters strike; what they left seeps or is cleaned.

    A company that has left brings no new disaster, and a site that a disaster has shut none of the
    same kind; what lies in the ground stays.
    """
    now = model.now
    for event in model.world.tail_events:
        state = model.state.tails.setdefault(event.key, TailState())
        seep(model, event, state)
        if model.company.closed:
            continue
        if now.index < state.shut_until:
            now.use = 0.0
            continue
        draws = model.streams.uniform(f"tail.{event.key}", now.index, 5)
        watch(model, event, state, draws[0], draws[1])
        chance = tail.strike_chance(event.hazard_per_year, state.ignored, event.warning_rise)
        if draws[2] < chance:
            happen(model, event, state, draws[3], draws[4])


def seep(model: PartneringModel, event: TailEvent, state: TailState) -> None:
    """What earlier disasters left in the ground feeds the burden until somebody cleans up."""
    now = model.now
    for claim in state.claims:
        now.spilled += tail.seepage(claim.lasting, model.p.harm.environment_decay_per_month)
        if claim.cleaned == now.index:
            removed = event.clean_up_share * claim.lasting
            claim.lasting -= removed
            now.spilled -= removed
            model.note("clean_up", event.key, "site", removed)


def watch(
    model: PartneringModel, event: TailEvent, state: TailState, comes: float, heeds: float
) -> None:
    """A near miss, if there is one, costs output where it is heeded and adds up where it is not.

    Args:
        model: the running model.
        event: the module.
        state: what it carries.
        comes: draw for whether there is one, in [0, 1).
        heeds: draw for whether it is heeded, in [0, 1).
    """
    ignored = False
    if comes < precursors.near_miss_chance(event.near_misses_per_year):
        chance = precursors.heeded_chance(
            model.site_team.levels.monitoring,
            event.heeded_share,
            event.stop_power,
            event.learning_share if state.claims else 0.0,
        )
        ignored = heeds >= chance
        model.note("near_miss", event.key, "site")
        if not ignored:
            model.now.use *= 1.0 - event.stop_output_share
            model.note("warning_heeded", "company", event.key, event.stop_output_share)
    state.ignored = precursors.step_ignored(state.ignored, ignored, event.warning_fade_per_year)
    if ignored:
        model.note("warning_ignored", "company", event.key, state.ignored)


def happen(
    model: PartneringModel, event: TailEvent, state: TailState, size: float, undone: float
) -> None:
    """The disaster: damage, closure, and a claim that will be decided some day.

    Args:
        model: the running model.
        event: the module.
        state: what it carries.
        size: draw for the damage, in [0, 1).
        undone: draw for whether the first decision will be reversed, in [0, 1).
    """
    now, company, people = model.now, model.company, model.people
    hurt = float(tail.damage(size, event.damage_lowest, event.damage_highest, event.damage_tail))
    now.spilled += hurt
    if event.closure_months > 0:
        state.shut_until = now.index + event.closure_months
        now.use = 0.0
    state.ignored = 0.0  # what the warnings warned of has come
    claim = tail.claimed(hurt, event.claim_incomes, float(people.n)) * model.cents_per_income
    equity = event.equity_share * company.capital
    reach = tail.liability(claim, equity, event.shield)
    grant = math.floor(tail.granted(claim, event.share_paid, reach))
    normal = model.streams.normal(f"tail.{event.key}.delay", now.index, 3)
    waits = (event.payment_delay_years, event.payment_delay_spread)
    decided = now.index + tail.delay_months(float(normal[0]), *waits)
    again = decided + tail.delay_months(float(normal[1]), *waits)
    cleaned = now.index + tail.delay_months(
        float(normal[2]), event.clean_up_delay_years, event.clean_up_delay_spread
    )
    state.claims.append(
        Claim(
            damage=hurt,
            filed=max(math.floor(claim), 1),
            granted=grant,
            owed=grant,
            parent_left=math.floor(max(-event.shield, 0.0) * equity),
            decided=decided,
            again=again if undone < event.reversal_share else None,
            cleaned=cleaned,
            lasting=event.lasting_share * hurt,
        )
    )
    model.note("catastrophe", event.key, "site", hurt)
    model.note("claim_filed", "residents", event.key, math.floor(claim))
    model.note("liability", "company", event.key, math.floor(reach))


def pay_claims(model: PartneringModel) -> None:
    """Decided claims are paid: by the company from what it holds, the rest by a parent that must.

    A parent must where the shield does not hold, up to its own liability. What nobody pays this
    month is owed still; a company that has left has nothing to pay from.
    """
    for event in model.world.tail_events:
        for claim in model.state.tails[event.key].claims:
            if decided(model, event, claim):
                pay(model, event, claim)


def pay(model: PartneringModel, event: TailEvent, claim: Claim) -> None:
    """What can be paid of a claim this month goes to those harmed, in proportion to harm.

    It is compensation and no benefit: nobody gets used to it or holds it against a fair share. It
    takes away grievance as a case resolved by a desk does, as far as the claim is met.
    """
    now, company, ledger, people = model.now, model.company, model.ledger, model.people
    shares = tail.shares_of_harmed(people["exposure"], claim.damage)
    own = min(claim.owed, ledger.balance("company"))
    backed = min(claim.owed - own, claim.parent_left)
    paid = own + backed
    if paid == 0 or not shares.any():
        return
    ledger.transfer("headquarters", "company", backed, "injection")
    company.headquarters.dividends[-1] -= backed
    ledger.transfer("company", "people", paid, "settlement")
    claim.owed -= paid
    claim.parent_left -= backed
    now.operating -= paid
    received = shares * (paid / model.cents_per_income)
    now.settled = now.settled + received if now.settled.size else received
    so_far = model.state.compensated
    model.state.compensated = so_far + received if so_far.size else received
    grievance = people["grievance_operational"]
    eased = tail.relieved(grievance, model.p.grievance.closure_relief, paid / claim.filed)
    np.copyto(grievance, eased, where=shares > 0.0)
    model.note("settlement_paid", "company", event.key, paid)


def decided(model: PartneringModel, event: TailEvent, claim: Claim) -> bool:
    """Whether a claim has been decided for good; this month's decisions are noted."""
    month = model.now.index
    if claim.again is not None:
        if month == claim.decided:
            model.note("settlement_reversed", "court", event.key, claim.granted)
        final = claim.again
    else:
        final = claim.decided
    if month == final:
        model.note("settlement_granted", "court", event.key, claim.granted)
    return month >= final
