"""The page of a sensitivity analysis: what matters, for what, and what cannot be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley_analysis.discovery_words import MARK, NEAR
from parley_analysis.sensitivity import (
    CONSTANT,
    DUMMY,
    FEWEST_CARRYING,
    LUCK,
    MATTERS,
    MORE_RUNS,
)
from parley_analysis.sensitivity_checks import luck_section, settled_section, unsaid_section
from parley_analysis.sensitivity_sweep import groups_of_factors
from parley_analysis.sensitivity_words import MAIN, cell, limits, listing, number, reading
from parley_analysis.win_tables import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from parley_analysis.sensitivity_sweep import Questions, Sensitivity

_MOST_NAMED, _MOST_EARLIER = 6, 2
_METHODS = {
    "sobol": "Sobol' indices: shares of the variance of the outcome, alone (first), with others "
    "(total minus first), pairwise (second) where the sample is for it. Totals add up to more than "
    "100%: what factors do together counts for each of them",
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
        made: How many runs there are and what made them.
        command: What makes the page again.
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
    made: str = ""
    command: str = ""

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
        return self.at(max(self.questions.horizons))

    def at(self, horizon: int) -> pd.DataFrame:
        """Main index of single factors at a horizon, for the first group."""
        rows = self.found.indices
        return rows[
            (rows["method"] == self.method)
            & (rows["index"] == MAIN[self.method])
            & (rows["level"] == "factor")
            & (rows["horizon"] == horizon)
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
        luck_section(report),
        settled_section(report),
        unsaid_section(report),
        _varied(report),
        reading(report.method, dummy=DUMMY in report.factors.index),
        limits(report.method),
        f"## Again\n\n```\n{report.command}\n```" if report.command else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def size_note(design: Mapping[str, Any], points: int) -> str:
    """What was run, in one sentence."""
    settings = design.get("settings") or {}
    how = str(design["method"]).replace("_", " ")
    for plain, name in (("sobol", "Sobol'"), ("morris", "Morris"), ("latin", "Latin")):
        how = how.replace(plain, name)
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
        f"{place}, {contrast}, {outcome}: {_named(report, part, _MOST_NAMED)}"
        for place in questions.places
        for contrast in report.contrasts
        for outcome in questions.outcomes
        for part in [_of(rows, (place, contrast, outcome))]
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
        ("Runs", report.made),
        ("Held", _held(design)),
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


def _held(design: Mapping[str, Any]) -> str:
    """What the numbers are that do not vary."""
    stated = [f"`{key}` = {value:g}" for key, value in (design.get("held") or {}).items()]
    rest = "all other numbers, at what the place says or else at their defaults"
    return "; ".join([*stated, rest])


def _what_matters(report: Report) -> str:
    questions, index = report.questions, MAIN[report.method]
    horizon, earlier = max(questions.horizons), sorted(questions.horizons)[:-1]
    parts = [
        f"## What matters\n\nAfter {horizon} months, by the index `{index}` with its 95% interval, "
        f"strongest first, at most {_MOST_NAMED} named"
        + (f"; of earlier months at most {_MOST_EARLIER}. " if earlier else ". ")
        + "Differences first, because they are what a choice between arms turns on; then levels. "
        "Mean and standard deviation are those of the outcome itself over the worlds of the "
        "sample: a large share of a small spread is small."
    ]
    if any(MARK in label for label, _ in report.outcomes.values()):
        parts.append(NEAR)
    head = ["outcome", "unit", "mean", "standard deviation", "what matters"]
    head += [f"after {month} months" for month in earlier]
    order = [*report.contrasts, *(a for a in questions.arms if a not in report.contrasts)]
    for place in questions.places:
        for contrast in order:
            lines = [
                _line(report, (place, contrast, outcome), (horizon, *earlier))
                for outcome in questions.outcomes
            ]
            parts.append(f"### {place}: {contrast}\n\n" + listing(head, lines))
    return "\n\n".join(parts)


def _line(report: Report, names: tuple[str, str, str], horizons: Sequence[int]) -> list[str]:
    """One outcome of a place and an arm or a difference: its size, and what moves it."""
    label, unit = report.outcomes[names[2]]
    scale = report.found.scale
    if len(scale):
        scale = _of(scale, names)
        scale = scale[scale["group"] == report.questions.groups[0]]
        scale = scale[scale["horizon"] == horizons[0]]
    row = scale.iloc[0] if len(scale) else None
    size = ["–", "–"] if row is None else [number(row["mean"]), number(row["spread"])]
    text = _named(report, _of(report.last, names), _MOST_NAMED)
    if row is not None and 0.5 <= row["same"] < 1.0:
        text += f". The same value in {row['same']:.0%} of the worlds"
    if row is not None and row["spread"] > 0 and row["carrying"] < FEWEST_CARRYING:
        text += f". The variance rests on {row['carrying']:.0f} of {row['worlds']:.0f} worlds"
    before = [_named(report, _of(report.at(h), names), _MOST_EARLIER) for h in horizons[1:]]
    return [label, unit, *size, text, *before]


def _of(table: pd.DataFrame, names: tuple[str, str, str]) -> pd.DataFrame:
    """Rows of a place, an arm or difference, and an outcome."""
    place, contrast, outcome = names
    return table[
        (table["place"] == place) & (table["contrast"] == contrast) & (table["outcome"] == outcome)
    ]


def _named(report: Report, rows: pd.DataFrame, most: int) -> str:
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
        for row in matter.head(most).to_dict(orient="records")
    ]
    more = len(matter) - len(words)
    text = "; ".join(words) or "nothing that stands out from the floor"
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
    """Blocks and roles of more than one factor, for the differences."""
    rows = report.found.indices
    rows = rows[
        rows["level"].isin(["block", "role"])
        & (rows["horizon"] == max(report.questions.horizons))
        & (rows["group"] == report.questions.groups[0])
        & rows["contrast"].isin(report.contrasts)
    ]
    members = groups_of_factors(report.factors)
    rows = rows[[len(members.get(name, ())) > 1 for name in rows["factor"]]]  # one is itself
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


def _varied(report: Report) -> str:
    columns = [c for c in ("label", "unit", "role", "block", "prior", "low", "high")
               if c in report.factors]  # fmt: skip
    lines = [
        (f"`{key}`", *(cell(row[column]) for column in columns))
        for key, row in report.factors.iterrows()
    ]
    return "## What was varied\n\n" + listing(["factor", *columns], lines)
