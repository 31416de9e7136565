"""Write a sensitivity analysis down: every index as a table, pictures, a page in plain words."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import batched, islice, product
from typing import TYPE_CHECKING

from parley.registry import load_registry
from parley_analysis import sensitivity_figures as figures
from parley_analysis import sensitivity_maps as maps
from parley_analysis.discovery_words import MARK, NEAR
from parley_analysis.load import key_words
from parley_analysis.sensitivity import Sampling
from parley_analysis.sensitivity_convergence import convergence
from parley_analysis.sensitivity_page import Report, page, size_note
from parley_analysis.sensitivity_sweep import Questions, asked, sweep_indices
from parley_analysis.sensitivity_words import MAIN
from parley_analysis.style import save

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from parley_analysis.sensitivity_sweep import Asked, Sensitivity, SweptResults

MOST_DRAWN = 12
"""Outcomes and contrasts that get pictures of their own (assumption: more are not looked at)."""


def write_sensitivity(
    sweep: SweptResults,
    folder: Path,
    questions: Questions | None = None,
    found: Sensitivity | None = None,
    command: str = "",
) -> list[Path]:
    """Work out the indices of a sweep and write them down.

    Args:
        sweep: The results.
        folder: Where to; made if it is not there.
        questions: What is asked; `Questions.of` the design if left out.
        found: The answers, from `sweep_indices`, if they are there already.
        command: What makes the page again, for the page.

    Returns:
        The files: `sensitivity.md`, `sensitivity.csv`, `sensitivity-luck.csv`,
        `sensitivity-scale.csv`, `sensitivity-convergence.csv` where there is something in it, and
        the pictures.

    Raises:
        AnalysisError: Nothing could be worked out.
    """
    questions = questions or Questions.of(sweep.design)
    found = found or sweep_indices(sweep, questions)
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = outcome_words(questions.outcomes)
    drawn, undrawn = _to_draw(sweep, questions, found)
    settled = _settled(sweep, drawn, questions)
    pictures = _overviews(sweep, questions, found, outcomes, folder)
    for one in drawn:
        pictures |= _pictures(sweep, one, (found, settled), questions, folder)
    report = Report(
        sweep.design, sweep.factors, len(sweep.units), questions, found, settled, outcomes,
        pictures, undrawn, sweep.made, command,
    )  # fmt: skip
    paths = [folder / "sensitivity.md"]
    paths[0].write_text(page(report), encoding="utf-8")
    tables = {"": found.indices, "-luck": found.luck, "-scale": found.scale}
    for end, table in (tables | {"-convergence": settled}).items():
        if len(table):
            paths.append(folder / f"sensitivity{end}.csv")
            table.to_csv(paths[-1], index=False, float_format="%.6g", lineterminator="\n")
    pages = [folder / name for name in pictures]
    return paths + pages + [path.with_suffix(".svg") for path in pages]


def outcome_words(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Label and unit of outcomes; the name itself for one that the registry does not know.

    A dagger marks what is near-tautological.

    >>> outcome_words(["no_such_outcome", "inclusion"])
    {'no_such_outcome': ('no_such_outcome', ''), 'inclusion': ('Inclusion †', 'share of residents')}
    """
    known = {outcome.name: outcome for outcome in load_registry().outcomes}
    words = dict.fromkeys(names, ("", ""))
    for name in names:
        label, unit, near = name, "", False
        if name in known:
            label, unit = known[name].label, known[name].level_unit
            near = known[name].near_tautological
        words[name] = (f"{label} {MARK}" if near else label, unit)
    return words


def _contrasts(questions: Questions) -> tuple[str, ...]:
    return tuple(f"{a} - {b}" for a, b in questions.differences) or questions.arms


def _to_draw(
    sweep: SweptResults, questions: Questions, found: Sensitivity
) -> tuple[list[Asked], int]:
    """Differences, or the one arm, at the last horizon for the first group; and how many more."""
    last = max(questions.horizons)
    main = found.indices[found.indices["method"] == questions.methods[0]]
    shown = main["value"].notna() & (main["horizon"] == last)
    shown &= (main["group"] == questions.groups[0]) & main["contrast"].isin(_contrasts(questions))
    names = ["outcome", "place", "group", "horizon", "contrast"]
    known = set(main.loc[shown, names].drop_duplicates().itertuples(index=False, name=None))
    there = [name for name in questions.outcomes if name in {key[0] for key in known}]
    there.sort(key=lambda name: MARK in outcome_words([name])[name][0])  # these last
    few = replace(questions, outcomes=tuple(there), groups=questions.groups[:1], horizons=(last,))
    wanted = (one for one in asked(sweep, few) if tuple(one.names.values()) in known)
    drawn = list(islice(wanted, MOST_DRAWN))  # reads no more than it draws
    return drawn, len(known) - len(drawn)


def _settled(sweep: SweptResults, drawn: Sequence[Asked], questions: Questions) -> pd.DataFrame:
    """Indices of growing parts of the sample, where the method has such parts."""
    import pandas as pd

    if questions.methods[0] not in ("sobol", "morris") or not drawn:
        return pd.DataFrame()
    sampling = Sampling.of(sweep.design)
    tables = [convergence(sweep.units, one.y, sampling).assign(**one.names) for one in drawn]
    together = pd.concat(tables, ignore_index=True)
    return together[together["level"] == "factor"]


def _labels(sweep: SweptResults) -> dict[str, str]:
    if "label" not in sweep.factors:
        return {}
    return {str(key): str(label) for key, label in sweep.factors["label"].items() if label}


def _caption(sweep: SweptResults, one: Asked, what: str) -> figures.Caption:
    label, unit = outcome_words([one.outcome])[one.outcome]
    whom = "" if one.group == "all" else f", {one.group}"
    return figures.Caption(
        f"{what}: {label}{whom}, {_words(one.contrast, one.place)}, {one.horizon} months",
        unit,
        _note(sweep, label),
        _labels(sweep),
    )


def _words(contrast: str, place: str) -> str:
    """What is held against what, and where, to be read."""
    return f"{key_words(contrast).replace(' - ', ' less ')}, {key_words(place).capitalize()}"


def _note(sweep: SweptResults, *labels: str) -> str:
    """What was run, and what a dagger means where there is one."""
    note = size_note(sweep.design, len(sweep.units))
    return f"{note} {NEAR}" if any(MARK in label for label in labels) else note


def _pictures(
    sweep: SweptResults,
    one: Asked,
    tables: tuple[Sensitivity, pd.DataFrame],
    questions: Questions,
    folder: Path,
) -> dict[str, str]:
    """All pictures of one outcome and contrast."""
    rows, settled = _only(tables[0].indices, one), tables[1]
    drawn: dict[str, tuple[Figure, str]] = {}
    for method in questions.methods:
        part = rows[rows["method"] == method]
        if not len(part) or part["value"].isna().all():
            continue
        caption = _caption(sweep, one, "What moves it")
        if method == "morris":
            drawn[method] = (figures.morris_plane(part, caption), caption.title)
        else:
            indices = ("first", "total") if method == "sobol" else (method,)
            drawn[method] = (figures.bars_figure(part, indices, caption), caption.title)
        if (part["level"] == "pair").any():
            caption = _caption(sweep, one, "What moves it together")
            drawn["pairs"] = (maps.pairs_figure(part, caption), caption.title)
    if len(settled):
        caption = _caption(sweep, one, "Has it settled")
        index = MAIN[questions.methods[0]]
        part = _only(settled, one)
        drawn["convergence"] = (figures.convergence_figure(part, index, caption), caption.title)
    words = (one.place, one.outcome, one.contrast)
    return _save({f"sensitivity-{_slug(*words)}-{k}": v for k, v in drawn.items()}, folder)


def _overviews(
    sweep: SweptResults,
    questions: Questions,
    found: Sensitivity,
    outcomes: Mapping[str, tuple[str, str]],
    folder: Path,
) -> dict[str, str]:
    """Every factor against every outcome that varies, for each place, difference and arm."""
    index, last = MAIN[questions.methods[0]], max(questions.horizons)
    drawn = {}
    rows = found.indices[
        (found.indices["method"] == questions.methods[0]) & (found.indices["horizon"] == last)
    ]
    rows = rows[(rows["group"] == questions.groups[0]) & rows["value"].notna()]
    order = (*_contrasts(questions), *questions.arms)
    for place, contrast in product(questions.places, dict.fromkeys(order)):
        part = rows[(rows["place"] == place) & (rows["contrast"] == contrast)]
        vary = set(part["outcome"])
        names = [(name, label) for name, (label, _) in outcomes.items() if name in vary]
        sheets = list(batched(names, maps.MOST_OUTCOMES))
        for number, sheet in enumerate(sheets, 1):
            title = f"What moves what: {_words(contrast, place)}, {last} months"
            title += f" ({number} of {len(sheets)})" if len(sheets) > 1 else ""
            note = _note(sweep, *(label for _, label in sheet))
            caption = figures.Caption(title, "", note, _labels(sweep))
            here = part[part["outcome"].isin(dict(sheet))]
            figure = maps.overview_figure(here, index, dict(sheet), caption)
            end = f"-{number}" if number > 1 else ""
            drawn[f"sensitivity-{_slug(place, contrast)}-overview{end}"] = (figure, title)
    return _save(drawn, folder)


def _save(drawn: Mapping[str, tuple[Figure, str]], folder: Path) -> dict[str, str]:
    for name, (figure, _) in drawn.items():
        save(figure, folder / name)
    return {f"{name}.png": title for name, (_, title) in drawn.items()}


def _only(table: pd.DataFrame, one: Asked) -> pd.DataFrame:
    """The rows of one outcome and contrast."""
    for name, value in one.names.items():
        table = table[table[name] == value]
    return table


def _slug(*words: str) -> str:
    """A file name.

    >>> _slug("bosnia", "hsbp - none")
    'bosnia-hsbp-less-none'
    """
    text = "-".join(words).replace(" - ", "-less-")
    return re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-")
