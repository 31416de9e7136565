"""Sections of the page of sensitivity on how far to trust it: luck, growth, what is left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley_analysis.sensitivity import CONSTANT, DUMMY, MATTERS, MORE_RUNS
from parley_analysis.sensitivity_words import MAIN, number, percent, share
from parley_analysis.win_tables import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from parley_analysis.sensitivity_page import Report

_ROUNDING = 1e-9


def luck_section(report: Report) -> str:
    """How much of the variance of every arm and difference is luck."""
    rows = report.found.luck
    rows = rows[rows["horizon"] == max(report.questions.horizons)]
    rows = rows[rows["group"] == report.questions.groups[0]]
    lines = [
        (
            row["place"],
            row["contrast"],
            report.outcomes[row["outcome"]][0],
            row["how"],
            share(row["whole"], row["low"], row["high"]),
            percent(row["alone"]),
            percent(row["together"]),
        )
        for row in rows.to_dict(orient="records")
    ]
    text = (
        "## How much is luck\n\nThe share of the variance that would stay if every number varied "
        "here were known. Where luck is a factor this is its total index; its first-order index is "
        "luck alone, the rest luck that works through numbers. Where points have replicates, "
        "it is the mean variance of one run, "
        "divided by the replicates and by the variance between points; where all points share "
        "their luck this is an upper bound. For a difference the variance is that of the "
        "difference of two runs with the same luck. Where it was not measured, luck is held fixed: "
        "every statement is about that luck."
    )
    head = ["place", "arm or difference", "outcome", "how", "luck in all [95%]", "alone",
            "with numbers"]  # fmt: skip
    return text + "\n\n" + markdown(head, lines)


def settled_section(report: Report) -> str:
    """Whether indices still change as the sample grows."""
    if not len(report.settled):
        return ""
    index = MAIN[report.method]
    rows = report.settled
    rows = rows[(rows["index"] == index) & (rows["factor"] != DUMMY)]
    lines = []
    for names, part in rows.groupby(["outcome", "place", "contrast"], sort=False):
        outcome, place, contrast = map(str, names)
        lines.append((place, contrast, report.outcomes[outcome][0], *_change(report, part)))
    if not lines:
        return ""
    head = ["place", "difference", "outcome", "used", f"largest change of {index}",
            "half width of its interval"]  # fmt: skip
    return (
        "## Have the indices settled\n\nFrom the last part of the sample but one to all of it, "
        "for what has pictures of its own. A change within the half width of the interval is "
        "what chance does.\n\n" + markdown(head, lines)
    )


def _change(report: Report, part: pd.DataFrame) -> tuple[str, str, str]:
    """Parts compared, the factor whose index changed most, and the half width of its interval."""
    wide = part.pivot(index="factor", columns="used", values="value").dropna()
    if wide.shape[1] < 2 or not len(wide):
        return "–", "does not vary in the smaller part", "–"
    change = (wide.iloc[:, -1] - wide.iloc[:, -2]).abs()
    who = str(change.idxmax())
    last = part[(part["used"] == wide.columns[-1]) & (part["factor"] == who)].iloc[0]
    half = float(last["high"] - last["low"]) / 2
    counts = f"{wide.columns[-2]} to {wide.columns[-1]}"
    return counts, f"{number(float(change.max()))} ({report.label(who)})", number(half)


def unsaid_section(report: Report) -> str:
    """What cannot be said, with counts."""
    rows = report.last
    lines = []
    for outcome, part in rows.groupby("outcome", sort=False):
        more = int((part["verdict"] == MORE_RUNS).sum())
        if more:
            name = report.outcomes[str(outcome)][0]
            lines.append(f"- {name}: {more} of {len(part)} indices need more runs.")
    dropped = rows[rows["dropped"] > 0]
    if len(dropped):
        lines.append(
            f"- Missing values: up to {int(dropped['dropped'].max())} blocks, trajectories or rows "
            "were left out as a whole; the column `dropped` says where."
        )
    alarms = int(_impossible(rows, report.method).sum())
    if alarms:
        lines.append(
            f"- **The dummy matters in {alarms} cases, which cannot be: do not read the "
            "indices of these before the reason is found.**"
        )
    judged = len(rows[(rows["verdict"] != CONSTANT) & (rows["factor"] != DUMMY)])
    lines.append(
        f"- {judged} indices are judged here, each with an interval of 95%. By chance alone, up to "
        f"{0.025 * judged:.1f} that are at the floor would be said to matter."
    )
    return "## What cannot be said\n\n" + "\n".join(lines + _refusals(report.found.refused))


def _impossible(rows: pd.DataFrame, method: str) -> pd.Series[bool]:
    """Rows of a dummy that has an effect.

    All points share their luck or have it as a factor, so in Sobol' and Morris samples a change of
    the dummy alone changes nothing at all. Its verdict shows nothing there: the floor is its own
    upper end.
    """
    dummy = rows["factor"] == DUMMY
    if method in ("sobol", "morris"):
        return dummy & (rows["value"].abs() > _ROUNDING)
    return dummy & (rows["verdict"] == MATTERS)


def _refusals(refused: Sequence[str]) -> list[str]:
    """One line per reason, with all that it keeps from being worked out."""
    by_reason: dict[str, list[str]] = {}
    for line in refused:
        what, _, reason = line.partition(": ")
        by_reason.setdefault(reason, []).append(what)
    return [f"- Not worked out: {'; '.join(what)}: {reason}." for reason, what in by_reason.items()]
