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
    delivery,
    drivers,
    exposure,
    government,
    leaving,
    livelihood,
    mobilise,
    money,
    practices,
    room,
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
    Step("price moves", "M0", drivers.move_price),
    Step("the company decides whether to go on", "M21", leaving.decide_to_go_on),
    Step("the firm reviews its practices", "M24", value.review_practices),
    Step("output is set by build-up, stoppages and disruption", "M0", drivers.set_output),
    Step("local government votes and recovers", "M22", government.hold_vote),
    Step("the site operates", "M1", money.operate),
    Step("the community budget is set", "M1", money.set_budget),
    Step("practices are funded", "M2", money.plan_practices),
    Step("cash is paid out in order", "M1", money.pay_in_order),
    Step("practices are executed", "M2", practices.execute_practices),
    Step("residents are mapped", "M5", room.map_residents),
    Step("people are invited and meet", "M5", room.meet),
    Step("the agenda is decided", "M5", room.decide_agenda),
    Step("organisations learn about the facilitator", "M6", bargain.learn_about_facilitator),
    Step("organisations claim", "M6", bargain.claim),
    Step("money passes through channels", "M8", delivery.pay_channels),
    Step("tasks are worked on", "M7", delivery.work_on_tasks),
    Step("promises are made", "M7", delivery.make_promises),
    Step("local government spends", "M22", benefits.spend_municipal),
    Step("benefits reach people", "M8", benefits.hand_out),
    Step("people earn their living", "M21", livelihood.earn_living),
    Step("channels learn to divert", "M8", delivery.learn_to_divert),
    Step("harm and security", "M4", exposure.expose),
    Step("four weeks of mobilisation", "M15", mobilise.mobilise),
    Step("company and state respond", "M16", mobilise.respond),
    Step("people appraise the company", "M9", appraise.appraise_company),
    Step("people appraise the state and each other", "M9", appraise.appraise_others),
    Step("trust moves", "M10", attitudes.move_trust),
    Step("expectations move", "M11", attitudes.move_expectations),
    Step("grievance moves", "M12", attitudes.move_grievance),
    Step("opinion spreads", "M13", attitudes.move_opinion),
    Step("dignity is felt", "M9", attitudes.move_dignity),
    Step("the state's standing moves", "M22", government.move_standing),
    Step("the month's result is noted", "M21", leaving.note_result),
    Step("investors and the firm look back", "M24", value.observe),
    Step("the books are checked", "ledger", books.check_books),
    Step("the month is recorded", "record", books.record_month),
)
