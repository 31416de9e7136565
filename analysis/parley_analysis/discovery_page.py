"""The page of a search for regions: sentences, tables, pictures, tree, robustness, definitions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from parley.registry import load_registry
from parley_analysis import discovery_figures, discovery_tree, discovery_words, robustness
from parley_analysis.discovery import discover
from parley_analysis.discovery_cases import check, direction, in_words, usable_factors
from parley_analysis.discovery_question import answer, paths_of
from parley_analysis.discovery_results import Plan
from parley_analysis.discovery_workbench import peel_arrays
from parley_analysis.load import key_words
from parley_analysis.robustness_figure import robustness_figure
from parley_analysis.style import save
from parley_analysis.win_tables import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from parley.registry import Outcome
    from parley_analysis.discovery_question import Answers, Question, Sweep
    from parley_analysis.discovery_results import Box, Counts, Discovery
    from parley_analysis.discovery_tree import Node

PAGE = "discovery.md"


@dataclass(frozen=True)
class Report:
    """Everything that the page is written from.

    Attributes:
        question: What was asked.
        answers: What the sweep says to it.
        found: The boxes.
        nodes: The tree.
        metrics: Robustness of all arms; empty with one arm.
        paths: The outcome over time, if more than one month was kept.
        path_unit: Its unit: of a month where every month was kept.
        points: All points.
        factors: What the design says of them.
        made: What was run, in a sentence.
    """

    question: Question
    answers: Answers
    found: Discovery
    nodes: Sequence[Node]
    metrics: pd.DataFrame
    paths: pd.DataFrame | None
    path_unit: str
    points: pd.DataFrame
    factors: pd.DataFrame
    made: str

    @property
    def outcome(self) -> Outcome:
        """What the registry says of the outcome."""
        return next(o for o in load_registry().outcomes if o.name == self.question.outcome)

    @property
    def mark(self) -> str:
        """A dagger for an outcome next to a practice."""
        return f" {discovery_words.MARK}" if self.outcome.near_tautological else ""

    @property
    def title(self) -> str:
        """Where what is the case, in which place, for whom, after how long."""
        whom = "" if self.question.group == "all" else f", {self.question.group}"
        months = f", {self.question.horizon} months" if self.question.horizon else ""
        where = f"({self.answers.place}{whom}{months})"
        return f"Where {self.answers.cases.clause} {where}{self.mark}"


def explore(sweep: Sweep, question: Question, plan: Plan | None = None) -> Report:
    """Put a question to a sweep and look for regions, with the EMA workbench's PRIM and trees.

    Raises:
        AnalysisError: The question cannot be answered, too few cases, or the workbench is missing.
    """
    answers = answer(sweep, question)
    check(answers.cases)
    kinds = sweep.factors["kind"].astype(str).to_dict() if "kind" in sweep.factors else {}
    usable = usable_factors(sweep.points, {str(key): kind for key, kind in kinds.items()})
    label = answers.cases.label
    found = discover(sweep.points, label, usable, plan, peel_arrays)
    nodes = discovery_tree.tree(sweep.points[usable], label, (found.searched, found.held))
    metrics = pd.DataFrame()
    if answers.levels.shape[1] > 1 and len(answers.levels.dropna()) > 1:
        choice = robustness.Choice(threshold=question.worse_than, seed=found.plan.seed)
        metrics = robustness.metrics(answers.levels, direction(question.outcome), choice)
    paths = paths_of(sweep, question, answers)
    about = next(o for o in load_registry().outcomes if o.name == question.outcome)
    unit = about.unit if sweep.design.get("keep") == "paths" else about.level_unit
    return Report(
        question, answers, found, nodes, metrics, paths, unit, sweep.points, sweep.factors,
        _made(sweep.design),
    )  # fmt: skip


def _made(design: Mapping[str, Any]) -> str:
    """What was run, as far as the design says it."""
    parts = [
        f"method {str(design.get('method', 'unknown')).replace('_', ' ')}",
        *(
            f"{word} {design[key]}"
            for key, word in (
                ("months", "months"),
                ("population", "residents"),
                ("replicates", "replicates"),
            )
            if design.get(key)
        ),
    ]
    return f"The sweep: {', '.join(parts)}."


def write_discovery(report: Report, folder: Path, command: str = "") -> list[Path]:
    """Write tables (CSV), pictures (PNG and SVG) and the page (Markdown).

    Args:
        report: From `explore`.
        folder: Where; made if it is not there. Files of the same names are replaced.
        command: What makes it again, for the page.

    Returns:
        The files, the page first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"boxes": box_table(report.found.boxes), "limits": limit_table(report.found.boxes)}
    for number, box in enumerate(report.found.boxes, 1):
        tables[f"box-{number}-curve"] = box.curve
    if len(report.metrics):
        tables["robustness"] = report.metrics
        agreed = robustness.agreement(report.metrics)
        tables["agreement"] = agreed.rename_axis("metric").reset_index()
    files = []
    for name, table in tables.items():
        files.append(folder / f"{name}.csv")
        table.to_csv(files[-1], index=False)
    files.append(folder / "tree.txt")
    files[-1].write_text(discovery_tree.text(report.nodes) + "\n", encoding="utf-8")
    files += _pictures(report, folder)
    page = folder / PAGE
    page.write_text(_page(report, command), encoding="utf-8")
    return [page, *files]


def box_table(boxes: Sequence[Box]) -> pd.DataFrame:
    """One row per box: what it holds where it was found and held out, chance, verdict."""
    rows = []
    for number, box in enumerate(boxes, 1):
        row: dict[str, Any] = {"box": number, "limited": len(box.limits), "verdict": box.verdict}
        for part, counts in (("found", box.found), ("held", box.held)):
            row |= {f"{part}_{name}": value for name, value in _numbers(counts).items()}
        row |= {
            "chance_density": box.chance.density,
            "chance_density_high": box.chance.density_high,
            "chance_found": box.chance.found,
            "p": box.chance.p,
            "shuffles": box.chance.shuffles,
        }
        rows.append(row)
    return pd.DataFrame(rows)


def limit_table(boxes: Sequence[Box]) -> pd.DataFrame:
    """One row per limit, in the factor's own unit and as shares of the points."""
    names = ["low", "high", "low_quantile", "high_quantile", "quasi_p_low", "quasi_p_high"]
    rows = [
        (number, limit.factor, *(getattr(limit, name) for name in names), limit.reappears)
        for number, box in enumerate(boxes, 1)
        for limit in box.limits
    ]
    return pd.DataFrame(rows, columns=["box", "factor", *names, "reappears"])


def _numbers(counts: Counts) -> dict[str, float]:
    low, high = counts.density_interval
    left, right = counts.coverage_interval
    return {
        "points": counts.points,
        "cases": counts.cases,
        "inside": counts.inside,
        "hits": counts.hits,
        "base": counts.base,
        "density": counts.density,
        "density_low": low,
        "density_high": high,
        "coverage": counts.coverage,
        "coverage_low": left,
        "coverage_high": right,
        "mass": counts.mass,
        "elsewhere": counts.elsewhere,
    }


def _pictures(report: Report, folder: Path) -> list[Path]:
    files: list[Path] = []
    label, points = report.answers.cases.label, report.points
    outcome, place = report.outcome, report.answers.place
    where = key_words(place).capitalize()
    asked = key_words(report.title.replace(f"({place}", f"({where}"))
    for number, box in enumerate(report.found.boxes, 1):
        title = asked if len(report.found.boxes) == 1 else f"{asked}: box {number}"
        figures = {
            "tradeoff": discovery_figures.tradeoff_figure(box, title),
            "limits": discovery_figures.limits_figure(box, points, report.factors, title),
            "scatter": discovery_figures.scatter_figure(box, points, label, title, report.factors),
        }
        if report.paths is not None:
            inside = points.index[box.holds(points)].tolist()
            figures["paths"] = discovery_figures.paths_figure(
                report.paths, inside, report.path_unit, title
            )
        for name, figure in figures.items():
            files += save(figure, folder / f"box-{number}-{name}")
    if len(report.metrics):
        sign = direction(outcome.name)
        name = f"Robustness: {in_words(outcome.name)} ({where}){report.mark}"
        figure = robustness_figure(report.metrics, outcome.level_unit, sign, name)
        files += save(figure, folder / "robustness")
    return files


def _page(report: Report, command: str) -> str:
    sections = [
        f"# {report.title}",
        f"<!-- Written by `{command}`. Do not edit. -->" if command else "",
        _counted(report),
        *(_box(report, number, box) for number, box in enumerate(report.found.boxes, 1)),
        "" if report.found.boxes else discovery_words.nothing_found(report.answers.cases),
        discovery_words.noise_check(report.found),
        "## A second look: a tree\n\nShares of cases on the searched part, and held out with 95% "
        f"Wilson intervals.\n\n```\n{discovery_tree.text(report.nodes)}\n```",
        _robustness(report),
        f"## What the words mean\n\n{discovery_words.definitions(report.found)}",
        f"## Again\n\n```\n{command}\n```" if command else "",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _counted(report: Report) -> str:
    cases = report.answers.cases
    whole = len(cases.label)
    lines = [report.made, f"{cases.number} of {whole} worlds are cases: {cases.clause}."]
    if report.mark:
        lines.append(discovery_words.NEAR)
    if cases.left_out:
        lines.append(
            f"{cases.left_out} worlds have no value, in one arm or the other, and are left out; "
            "they count neither as cases nor as others."
        )
    if report.answers.skipped:
        lines.append(
            f"{report.answers.skipped} points are not used: in this design they share nearly all "
            "values with a point that is."
        )
    return " ".join(lines)


def _box(report: Report, number: int, box: Box) -> str:
    cases = report.answers.cases
    units = report.factors["unit"].astype(str).to_dict() if "unit" in report.factors else {}
    rows = [
        [
            f"`{limit.factor}`",
            *(f"{end:.4g}" if math.isfinite(end) else "–" for end in (limit.low, limit.high)),
            str(units.get(limit.factor, "")),
            f"{100 * limit.low_quantile:.0f}–{100 * limit.high_quantile:.0f}%",
            _p(limit.quasi_p_low, limit.quasi_p_high),
            f"{100 * limit.reappears:.0f}%",
        ]
        for limit in box.limits
    ]
    head = ["Factor", "from", "to", "unit", "quantiles", "quasi-p", "reappears"]
    pictures = ["tradeoff", "limits", "scatter", *(["paths"] if report.paths is not None else [])]
    return "\n\n".join(
        [
            f"## Region {number}",
            discovery_words.sentence(box, cases, number),
            discovery_words.details(box),
            markdown(head, rows),
            *(f"![{name}](box-{number}-{name}.png)" for name in pictures),
        ]
    )


def _p(*values: float) -> str:
    return " / ".join(f"{value:.1g}" for value in values if not math.isnan(value))


def _robustness(report: Report) -> str:
    table = report.metrics
    if not len(table):
        return ""
    ranks = table.pivot(index="arm", columns="metric", values="rank")
    shown = [name for name in robustness.METRICS if name in ranks]
    arms = list(dict.fromkeys(table["arm"]))
    rows = [
        [robustness.METRICS[name], *(f"{ranks.loc[arm, name]:g}" for arm in arms)] for name in shown
    ]
    tau = robustness.agreement(table)
    pairs = [(float(tau[b][a]), a, b) for i, a in enumerate(shown) for b in shown[i + 1 :]]
    known = [pair for pair in pairs if not math.isnan(pair[0])]
    least = min(known, default=None)
    agreed = (
        f"Least agreement: {robustness.METRICS[least[1]]} and {robustness.METRICS[least[2]]}, "
        f"Kendall's tau {least[0]:.2f} (1: same order of arms, -1: reverse order)."
        if least and least[0] < 1.0
        else "All metrics order the arms alike."
        if least
        else ""
    )
    return (
        "## Which arm, if nobody knows the world\n\nRanks of the arms over the "
        f"{int(table['worlds'].max())} worlds in which all have a value; 1 is best.\n\n"
        f"{markdown(['Metric', *arms], rows)}\n\n{agreed} All: [agreement.csv](agreement.csv), "
        "[robustness.csv](robustness.csv). Hurwicz weighs the worst world by "
        f"{robustness.HURWICZ_ALPHA:g} (assumption). Intervals of the worst and of the largest lie "
        "on one side only: no redraw holds a world worse than the worst.\n\n"
        "![Robustness](robustness.png)"
    )
