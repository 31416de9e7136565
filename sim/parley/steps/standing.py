"""Steps of a firm's standing: it may apologise, and its published record is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms.standing import expelled, kept_share

if TYPE_CHECKING:
    from parley.model import PartneringModel


def apologise(model: PartneringModel) -> None:
    """In the month of an apology the company opens talks in every village about an agreement."""
    state, month = model.state, model.practices.apology
    if month == 0 or model.now.index != month or not model.practices.hooks_connected:
        return
    state.apologised = True
    state.talks[:] = True
    model.note("apology", "company", "residents")


def judge_record(model: PartneringModel) -> None:
    """Where reporting is compulsory, a record below the standard ends the practices next month.

    The record is what residents could see settled, over a whole window. In the month of the
    expulsion everybody sees what the company did.
    """
    state, now, p = model.state, model.now, model.p.attributes
    if state.expelled or not model.discloses:
        return
    residents = model.people.village_sizes / model.people.n
    state.record.append((float(now.kept @ residents), float(now.broken @ residents)))
    if len(state.record) < p.standard_window_months:
        return
    kept, broken = np.sum(state.record, axis=0).tolist()
    state.record.popleft()
    record = float(kept_share(kept, broken))
    if expelled(record, p):
        state.expelled = now.in_full_view = True
        model.note("expulsion", "company", "", record)
