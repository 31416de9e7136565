"""The month: THE ordered list of steps.

This is the only place where the order of the model's rules is decided. Each entry names the step
in words, the block of the model it belongs to, and the function that does it; the function reads
state, calls a mechanism and writes state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parley.steps import (
    appraise,
    attitudes,
    bargain,
    benefits,
    books,
    chain,
    delivery,
    desks,
    drivers,
    exposure,
    government,
    learning,
    leaving,
    livelihood,
    mobilise,
    money,
    partnership,
    policy,
    practices,
    risk,
    room,
    skills,
    standing,
    tail,
    value,
)

if TYPE_CHECKING:
    from parley.model import PartneringModel


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the month.

    Attributes:
        label: what happens, in words.
        block: the model block it belongs to.
        run: does it.
    """

    label: str
    block: str
    run: Callable[[PartneringModel], None]


SCHEDULE: tuple[Step, ...] = (
    Step("the stack of practices in force is chosen", "M2", practices.choose_stack),
    Step("price moves", "M0", drivers.move_price),
    Step("interventions are set", "policy", policy.set_policy),
    Step("the company decides whether to go on", "M21", leaving.decide_to_go_on),
    Step("the firm reviews its practices", "M24", value.review_practices),
    Step("output is set by build-up, stoppages and disruption", "M0", drivers.set_output),
    Step("rare disasters may strike", "M4", tail.strike),
    Step("local government votes and recovers", "M22", government.hold_vote),
    Step("posts change hands", "M3", chain.hand_over_posts),
    Step("the site operates", "M1", money.operate),
    Step("claims after disasters are paid", "M4", tail.pay_claims),
    Step("partners join the partnership", "M20", partnership.convene),
    Step("the community budget is set", "M1", money.set_budget),
    Step("practices are funded", "M2", money.plan_practices),
    Step("cash is paid out in order", "M1", money.pay_in_order),
    Step("interventions are paid", "policy", policy.pay_interventions),
    Step("practices are executed", "M2", practices.execute_practices),
    Step("residents are mapped", "M5", room.map_residents),
    Step("people are invited and meet", "M5", room.meet),
    Step("performance is reviewed", "M18", learning.review),
    Step("the agenda is decided", "M5", room.decide_agenda),
    Step("organisations learn about the facilitator", "M6", bargain.learn_about_facilitator),
    Step("the company may apologise", "M12", standing.apologise),
    Step("organisations claim", "M6", bargain.claim),
    Step("money passes through channels", "M8", delivery.pay_channels),
    Step("partners keep their undertakings or not", "M20", partnership.keep_undertakings),
    Step("tasks are worked on", "M7", delivery.work_on_tasks),
    Step("the published record is judged", "M7", standing.judge_record),
    Step("promises are made", "M7", delivery.make_promises),
    Step("local government spends", "M22", benefits.spend_municipal),
    Step("benefits reach people", "M8", benefits.hand_out),
    Step("people earn their living", "M21", livelihood.earn_living),
    Step("channels learn to divert", "M8", delivery.learn_to_divert),
    Step("harm and security", "M4", exposure.expose),
    Step("complaints are heard", "M17", desks.hear_cases),
    Step("four weeks of mobilisation", "M15", mobilise.mobilise),
    Step("company and state respond", "M16", mobilise.respond),
    Step("those who took part may be punished", "M14", risk.face_reprisal),
    Step("people appraise the company", "M9", appraise.appraise_company),
    Step("people appraise the state and each other", "M9", appraise.appraise_others),
    Step("trust moves", "M10", attitudes.move_trust),
    Step("expectations move", "M11", attitudes.move_expectations),
    Step("grievance moves", "M12", attitudes.move_grievance),
    Step("opinion spreads", "M13", attitudes.move_opinion),
    Step("dignity is felt", "M9", attitudes.move_dignity),
    Step("skills grow and fade", "M19", skills.move_skills),
    Step("the state's standing moves", "M22", government.move_standing),
    Step("the month's result is noted", "M21", leaving.note_result),
    Step("partners stay or leave", "M20", partnership.stay_or_leave),
    Step("investors and the firm look back", "M24", value.observe),
    Step("the books are checked", "ledger", books.check_books),
    Step("the month is recorded", "record", books.record_month),
)
