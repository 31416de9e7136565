"""The page of a sensitivity analysis: what matters, for what, and what cannot be said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley_analysis.discovery_words import MARK, NEAR
from parley_analysis.sensitivity import CONSTANT, DUMMY, LUCK, MATTERS, MORE_RUNS
from parley_analysis.sensitivity_words import (
    cell,
    limits,
    listing,
    number,
    percent,
    reading,
    share,
)
from parley_analysis.win_tables import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from parley_analysis.sensitivity_sweep import Questions, Sensitivity

MAIN = {"sobol": "total", "morris": "mu_star", "pawn": "pawn", "delta": "delta"}
_MOST_NAMED = 6
_METHODS = {
    "sobol": "Sobol' indices: shares of the variance of the outcome, alone (first), with others "
    "(total minus first), pairwise (second)",
    "morris": "Morris' elementary effects: the mean absolute change of the outcome when one factor "
    "goes through its whole range, and how much that differs from place to place (sigma)",
    "pawn": "PAWN: how far the distribution of the outcome moves when a factor is held in one of "
    "ten slices (median Kolmogorov-Smirnov distance)",
    "delta": "delta (Borgonovo): half the area between the densities of slice and whole",
}


@dataclass(frozen=True)
class Report:
    """Everything the page is written from.

    Attributes:
        design: The description of the design.
        factors: One row per factor, index key.
        points: Number of points.
        questions: What was asked.
        found: Indices, luck, and what was refused.
        settled: Indices of growing parts of the sample, with the columns of `Asked.names`.
        outcomes: Name of an outcome -> label and unit.
        pictures: File names of pictures -> what they show.
        undrawn: Outcomes and contrasts that have no picture of their own.
    """

    design: Mapping[str, Any]
    factors: pd.DataFrame
    points: int
    questions: Questions
    found: Sensitivity
    settled: pd.DataFrame
    outcomes: Mapping[str, tuple[str, str]]
    pictures: Mapping[str, str]
    undrawn: int

    @property
    def method(self) -> str:
        """The method the page leads with."""
        return self.questions.methods[0]

    @property
    def contrasts(self) -> tuple[str, ...]:
        """What the page leads with: the differences, or the one arm there is."""
        differences = tuple(f"{one} - {other}" for one, other in self.questions.differences)
        return differences or self.questions.arms

    @property
    def last(self) -> pd.DataFrame:
        """Main index of single factors at the last horizon, for the first group."""
        rows = self.found.indices
        return rows[
            (rows["method"] == self.method)
            & (rows["index"] == MAIN[self.method])
            & (rows["level"] == "factor")
            & (rows["horizon"] == max(self.questions.horizons))
            & (rows["group"] == self.questions.groups[0])
        ]

    def label(self, key: str) -> str:
        """Name of a factor."""
        if key == DUMMY:
            return "the dummy"
        label = self.factors["label"].get(key) if "label" in self.factors else None
        return cell(label or key)


def page(report: Report) -> str:
    """The page in Markdown."""
    design = report.design
    parts = [
        f"# Sensitivity: {design.get('name', 'sweep')}",
        f"**Question.** {design.get('question') or 'What moves the outcomes?'}",
        _what_was_run(report),
        _what_matters(report),
        _pictures(report),
        _groups(report),
        _luck(report),
        _settled(report),
        _unsaid(report),
        _varied(report),
        reading(report.method, dummy=DUMMY in report.factors.index),
        limits(report.method),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def size_note(design: Mapping[str, Any], points: int) -> str:
    """What was run, in one sentence."""
    settings = design.get("settings") or {}
    how = str(design["method"]).replace("_", " ")
    replicates = int(design.get("replicates") or 1)
    return (
        f"{points} points of a {how} sample (seed {settings.get('seed', 'none')}), "
        f"{replicates} replicate{'' if replicates == 1 else 's'}, "
        f"{design.get('population', '?')} residents, {design.get('months', '?')} months."
    )


def headlines(questions: Questions, found: Sensitivity, factors: pd.DataFrame) -> list[str]:
    """One line per outcome and difference at the last horizon: what matters most.

    Args:
        questions: What was asked.
        found: What was found.
        factors: One row per factor, index key.
    """
    outcomes = {name: (name, "") for name in questions.outcomes}
    empty = found.indices.head(0)
    report = Report({}, factors, 0, questions, found, empty, outcomes, {}, 0)
    rows = report.last
    return [
        f"{place}, {contrast}, {outcome}: {_named(report, part)}"
        for place in questions.places
        for contrast in report.contrasts
        for outcome in questions.outcomes
        for part in [
            rows[
                (rows["place"] == place)
                & (rows["contrast"] == contrast)
                & (rows["outcome"] == outcome)
            ]
        ]
    ]


def _what_was_run(report: Report) -> str:
    design, questions = report.design, report.questions
    extra = [name for name in (LUCK, DUMMY) if name in report.factors.index]
    rows = [
        ("Sample", size_note(design, report.points)),
        (
            "Varied",
            f"{len(report.factors) - len(extra)} numbers"
            + (f", and as factors {' and '.join(extra)}" if extra else ""),
        ),
        ("Places", ", ".join(questions.places)),
        ("Arms", ", ".join(questions.arms)),
        ("Differences", ", ".join(report.contrasts) if questions.differences else "none"),
        (
            "People",
            ", ".join(questions.groups) + "; the page shows the first"
            if questions.groups[1:]
            else questions.groups[0],
        ),
        ("Horizons", ", ".join(f"{month} months" for month in questions.horizons)),
        ("Methods", "; ".join(_METHODS[method] for method in questions.methods)),
    ]
    return "## What was run\n\n" + listing(["", "what"], rows)


def _what_matters(report: Report) -> str:
    horizon = max(report.questions.horizons)
    index = MAIN[report.method]
    parts = [
        f"## What matters\n\nAfter {horizon} months, by the index `{index}` with its 95% interval, "
        f"strongest first, at most {_MOST_NAMED} named. Differences first, because they are what "
        "a choice between arms turns on; then levels."
    ]
    if any(MARK in label for label, _ in report.outcomes.values()):
        parts.append(NEAR)
    order = [*report.contrasts, *(a for a in report.questions.arms if a not in report.contrasts)]
    for place in report.questions.places:
        for contrast in order:
            rows = report.last
            rows = rows[(rows["place"] == place) & (rows["contrast"] == contrast)]
            lines = [
                (report.outcomes[outcome][0], _named(report, rows[rows["outcome"] == outcome]))
                for outcome in report.questions.outcomes
            ]
            parts.append(
                f"### {place}: {contrast}\n\n" + listing(["outcome", "what matters"], lines)
            )
    return "\n\n".join(parts)


def _named(report: Report, rows: pd.DataFrame) -> str:
    """Factors that matter for one outcome, or why none is named."""
    if not len(rows):
        return "could not be worked out (see below)"
    if (rows["verdict"] == CONSTANT).all():
        return "does not vary"
    matter = rows[(rows["verdict"] == MATTERS) & (rows["factor"] != DUMMY)]
    matter = matter.sort_values("value", ascending=False, kind="stable")
    open_ones = int((rows["verdict"] == MORE_RUNS).sum())
    words = [
        f"{report.label(row['factor'])} {number(row['value'])} "
        f"[{number(row['low'])}, {number(row['high'])}]"
        for row in matter.head(_MOST_NAMED).to_dict(orient="records")
    ]
    more = len(matter) - len(words)
    text = "; ".join(words) or "nothing that can be told from zero"
    text += f"; and {more} more" if more else ""
    needs = "needs" if open_ones == 1 else "need"
    return text + (f" ({open_ones} {needs} more runs)" if open_ones else "")


def _pictures(report: Report) -> str:
    if not report.pictures:
        return ""
    lines = [f"![{words}]({name})" for name, words in report.pictures.items()]
    if report.undrawn:
        lines.append(
            f"{report.undrawn} more outcomes and differences have no picture; their numbers stand "
            "in [sensitivity.csv](sensitivity.csv)."
        )
    return "## Pictures\n\n" + "\n\n".join(lines)


def _groups(report: Report) -> str:
    """Blocks and roles, for the differences."""
    rows = report.found.indices
    rows = rows[
        rows["level"].isin(["block", "role"])
        & (rows["horizon"] == max(report.questions.horizons))
        & (rows["group"] == report.questions.groups[0])
        & rows["contrast"].isin(report.contrasts)
    ]
    if not len(rows):
        return ""
    sobol = report.method == "sobol"
    what = (
        "A block's own share of the variance is not worked out; it lies between the two numbers: "
        "at least the sum of the first-order indices of its factors, at most the sum of their "
        "totals, both within their intervals (sensitivity.csv)."
        if sobol
        else "Sum and root mean square of `mu_star` over the factors of a block or role; the sum "
        "grows with the number of factors, the root mean square does not."
    )
    indices = ("at least", "at most") if sobol else ("mu_star sum", "mu_star rms")
    names = ["place", "contrast", "outcome", "factor"]
    wide = rows.pivot_table(index=names, columns="index", values="value", sort=False).reset_index()
    lines = [
        (row["place"], row["contrast"], report.outcomes[row["outcome"]][0], row["factor"],
         *(number(row[index]) for index in indices))
        for row in wide.to_dict(orient="records")
    ]  # fmt: skip
    head = ["place", "difference", "outcome", "block or role", *indices]
    return f"## Blocks and roles\n\n{what}\n\n" + markdown(head, lines)


def _luck(report: Report) -> str:
    rows = report.found.luck
    rows = rows[rows["horizon"] == max(report.questions.horizons)]
    rows = rows[rows["group"] == report.questions.groups[0]]
    lines = [
        (
            row["place"],
            row["contrast"],
            report.outcomes[row["outcome"]][0],
            row["how"],
            share(row["alone"], row["low"], row["high"]),
            "" if math.isnan(row["together"]) else percent(row["together"]),
        )
        for row in rows.to_dict(orient="records")
    ]
    text = (
        "## How much is luck\n\nWhere luck is a factor, its first-order index is luck alone and "
        "its total minus that is luck that works through numbers. Where points have replicates, "
        "the share of the variance of their means that is luck is the mean variance of one run, "
        "divided by the replicates and by the variance between points; where all points share "
        "their luck this is an upper bound. For a difference the variance is that of the "
        "difference of two runs with the same luck. Where it was not measured, luck is held fixed: "
        "every statement is about that luck."
    )
    head = ["place", "arm or difference", "outcome", "how", "luck alone [95%]", "with numbers"]
    return text + "\n\n" + markdown(head, lines)


def _settled(report: Report) -> str:
    if not len(report.settled):
        return ""
    index = MAIN[report.method]
    rows = report.settled
    rows = rows[(rows["index"] == index) & (rows["factor"] != DUMMY)]
    names = ["outcome", "place", "contrast"]
    lines = []
    for (outcome, place, contrast), part in rows.groupby(names, sort=False):
        wide = part.pivot(index="factor", columns="used", values="value").dropna()
        if wide.shape[1] < 2 or not len(wide):
            label = report.outcomes[str(outcome)][0]
            why = "does not vary in the smaller part"
            lines.append((str(place), str(contrast), label, "–", why, "–"))
            continue
        change = (wide.iloc[:, -1] - wide.iloc[:, -2]).abs()
        widths = part[part["used"] == wide.columns[-1]].set_index("factor")
        width = (widths["high"] - widths["low"]).max() / 2
        who = str(change.idxmax())
        counts = f"{wide.columns[-2]} to {wide.columns[-1]}"
        lines.append(
            (str(place), str(contrast), report.outcomes[str(outcome)][0], counts,
             f"{number(float(change.max()))} ({report.label(who)})", number(float(width)))
        )  # fmt: skip
    if not lines:
        return ""
    head = [
        "place",
        "difference",
        "outcome",
        "used",
        f"largest change of {index}",
        "widest interval",
    ]
    return (
        "## Have the indices settled\n\nFrom the last part of the sample but one to all of it. A "
        "change within the half width of the widest interval is what chance does.\n\n"
        + markdown(head, lines)
    )


def _unsaid(report: Report) -> str:
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
    alarms = rows[(rows["factor"] == DUMMY) & (rows["verdict"] == MATTERS)]
    if len(alarms):
        lines.append(
            f"- **The dummy matters in {len(alarms)} cases, which cannot be: do not read the "
            "indices of these before the reason is found.**"
        )
    judged = len(rows[rows["verdict"] != CONSTANT])
    lines.append(
        f"- {judged} indices are judged here, each with an interval of 95%. By chance alone, up to "
        f"{0.025 * judged:.1f} that are at the floor would be said to matter."
    )
    lines += [f"- Not worked out: {reason}" for reason in report.found.refused]
    return "## What cannot be said\n\n" + "\n".join(lines)


def _varied(report: Report) -> str:
    columns = [c for c in ("label", "unit", "role", "block", "prior", "low", "high")
               if c in report.factors]  # fmt: skip
    lines = [
        (f"`{key}`", *(cell(row[column]) for column in columns))
        for key, row in report.factors.iterrows()
    ]
    return "## What was varied\n\n" + listing(["factor", *columns], lines)
