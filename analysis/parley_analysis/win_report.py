"""Write a win matrix down: a page, a table with every number in it, and a picture.

    python -m parley_analysis.win_report results/refutability --traces results/traces-a ...

Numbers come from the results; words of explanation from `docs/findings/NAME.toml`.
"""

from __future__ import annotations

import argparse
import io
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from parley.errors import ParleyError
from parley_analysis import notes, win_tables
from parley_analysis.load import ALL, failure_statement, load, require_enough_runs
from parley_analysis.win_alarms import (
    alarm_section,
    read_traces,
    require_same,
    tautology_section,
)
from parley_analysis.win_figure import win_heat_map
from parley_analysis.winmatrix import ALARM_BAND, levels_by_arm, select, win_matrix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from parley_analysis.load import Batch
    from parley_analysis.win_alarms import Trace

ARM = "hsbp"
RIVALS = ("transactional", "cash_equivalent")
CALM_SHARE = 0.05
"""Draws count as calm where the arm without practices loses at most this share of output."""

NAME = "0001-first-win-matrix"
FOLDER = Path("docs/findings")
_DAYS_PER_MONTH = 365.25 / 12
_DPI = 105
_SHADES = 15  # of each of red, green and blue, besides none


@dataclass(frozen=True)
class Source:
    """What a page is written from.

    Attributes:
        batch: The results.
        levels: From `winmatrix.levels_by_arm`, with the arms of `also`.
        also: Results with further arms of the same draws.
        matrix: The arm in question against all others.
        traces: By label.
        words: The notes.
        command: What writes the page again.
    """

    batch: Batch
    levels: pd.DataFrame
    also: Sequence[Batch]
    matrix: pd.DataFrame
    traces: Mapping[str, Trace]
    words: Mapping[str, Any]
    command: str


def all_pairs(batch: Batch, levels: pd.DataFrame) -> pd.DataFrame:
    """The arm in question against all others on every outcome, every pair on the key outcomes."""
    keys = pd.MultiIndex.from_tuples(win_tables.KEY_ROWS)
    pieces = [win_matrix(batch, levels, ARM)]
    for arm in (str(arm) for arm in levels if arm != ARM):
        table = win_matrix(batch, levels, arm)
        pieces.append(table[pd.MultiIndex.from_frame(table[["outcome", "group"]]).isin(keys)])
    return pd.concat(pieces, ignore_index=True)


def calm_draws(batch: Batch, levels: pd.DataFrame) -> dict[str, list[int]]:
    """Draws by place in which the arm without practices loses little output."""
    limit = CALM_SHARE * batch.length * _DAYS_PER_MONTH
    calm = {}
    for place in batch.places:
        lost = select(levels, place, "days_lost", ALL)["none"].dropna()
        calm[place] = [int(draw) for draw in lost.index[lost <= limit]]
    return calm


def page(source: Source) -> str:
    """The finding in Markdown."""
    sections = [
        f"# {source.words['title']}",
        f"<!-- Written by `{source.command}`; words in {NAME}.toml. Do not edit. -->",
        source.words["summary"].strip(),
        _question(source),
        _design(source),
        _priors(source),
        _matrix(source),
        _resources(source),
        _alarms(source),
        _regions(source),
        _calm(source),
        _caveats(source),
        f"## Again\n\n```\n{source.words['commands'].strip()}\n{source.command}\n```",
    ]
    return "\n\n".join(sections) + "\n"


def _question(source: Source) -> str:
    question = source.batch.results.manifest.get("question", "")
    low, high = ALARM_BAND
    return (
        f"## Question\n\n{question} Ties count as half a win. A share above {high} or below {low} "
        "raises an alarm: a result that the priors cannot change was either built in or needs an "
        "explanation before it may be used. Nothing was tuned after looking."
    )


def _design(source: Source) -> str:
    """What was run."""
    batch = source.batch
    manifest = cast("Mapping[str, Any]", batch.results.manifest)
    design, state = manifest["design"], manifest.get("source") or {}
    commit = str(state.get("commit", "unknown"))[:12]
    dirty = ", with changes that were not committed" if state.get("dirty") else ""
    varied = len(design["parameters"])
    batches = (batch, *source.also)
    rows = [
        ("Places", ", ".join(batch.place_title(place) for place in batch.places)),
        ("Arms", ", ".join(part.arm_label(arm) for part in batches for arm in part.arms)),
        ("Draws", f"{design['run']} of {design['draws']}: {design['kind']}"),
        ("Numbers drawn", f"{varied}; levers and what a place file states stay as they are"),
        ("Luck", f"seed {design['seed']}; all arms of a draw share it, and share the draw"),
        ("Size", f"{notes.size_note(batch)}"),
        ("Code", f"commit {commit}{dirty}, model version {manifest['model_version']}"),
        ("Registry", f"`{str(manifest['registry'])[:12]}`"),
        ("Runs", " ".join(map(failure_statement, batches))),
    ]
    return "## Design\n\n" + "\n".join(f"- **{name}**: {text}" for name, text in rows)


def _priors(source: Source) -> str:
    """What the worlds are like before any practice."""
    batch = source.batch
    parts = [
        "## What the priors allow\n\nLevels without any practices over the draws, and the drawn "
        "numbers they go with beyond chance (Spearman's ρ)."
    ]
    for place in batch.places:
        parts.append(f"### {batch.short_place(place)}, without practices")
        parts.append(win_tables.priors_table(batch, source.levels, place, "none"))
    if source.words.get("priors"):
        parts.append(source.words["priors"].strip())
    return "\n\n".join(parts)


def _matrix(source: Source) -> str:
    """The matrix, its effects, the levels behind them and the standing of all arms."""
    batch, matrix, levels = source.batch, source.matrix, source.levels
    n = int(matrix["n"].max())
    half = float((matrix["high"] - matrix["low"]).max() / 2)
    parts = [
        f"## Win matrix\n\n![Win matrix]({NAME}.png)\n\nShare of draws in which "
        f"{batch.arm_label(ARM)} is better, of at most {n}; share of ties in brackets where there "
        f"are any; bold in the alarm band. Half a 95% interval is {half:.2f} at most. † marks "
        "outcomes that two rules or fewer separate from a practice. – where one of the two arms "
        f"has no value. Every number with its interval is in [{NAME}.csv]({NAME}.csv)."
    ]
    for place in batch.places:
        name = batch.short_place(place)
        parts += [
            f"### {name}",
            win_tables.matrix_table(batch, matrix, place),
            f"Paired differences in {name}, {batch.short_arm(ARM)} minus the other arm: median "
            "[10%, 90% quantile].",
            win_tables.effects_table(batch, matrix, place, RIVALS),
            f"How all arms stand in {name}: mean share of wins against each other arm.",
            win_tables.standing_table(batch, levels, place),
            f"What the arms are like in {name}: median over the draws.",
            win_tables.levels_table(batch, levels, place),
        ]
    return "\n\n".join(parts)


def _resources(source: Source) -> str:
    """Whether the comparison was one of equal resources."""
    batch = source.batch
    if not {"community_spending", "budget_benefit"} <= set(batch.outcomes):
        return "## Equal resources\n\nThese results do not say what the arms spent."
    spending = levels_by_arm(batch, ["community_spending"], (ALL,))
    for more in source.also:
        spending = spending.join(levels_by_arm(more, ["community_spending"], (ALL,)))
    texts = [
        "## Equal resources\n\nAll arms that spend have one budget. What they then spend is an "
        "outcome: spending of the arm in question relative to the other, median [10%, 90% "
        "quantile]; share of draws in which it spends more; share in which the worst-off group "
        "gains more from the community budget, in all and per unit spent."
    ]
    for place in batch.places:
        table = win_tables.resources_table(batch, source.levels, spending, ARM, place)
        texts.append(f"### Spending in {batch.short_place(place)}\n\n{table}")
    if source.words.get("resources"):
        texts.append(source.words["resources"].strip())
    return "\n\n".join(texts)


def _alarms(source: Source) -> str:
    """Distant alarms with their traces, then the others."""
    batch = source.batch
    distant = alarm_section(
        batch, source.levels, source.matrix, source.words.get("alarm", []), source.traces
    )
    return (
        f"## Alarms about distant outcomes\n\n{distant}\n\n"
        "## Alarms about near-tautological outcomes\n\nThese say how the model is built, and "
        "nothing else. The arrows are the shortest chain of rules from a practice.\n\n"
        f"{tautology_section(batch, source.matrix)}"
    )


def _regions(source: Source) -> str:
    """Where the arm wins and loses against its two rivals."""
    batch = source.batch
    parts = [
        "## Where it wins and where it loses\n\nSpearman's ρ of the paired gain with each drawn "
        "number, if beyond what the strongest of all would reach by chance once in twenty designs "
        "(in brackets: shares won in the lowest, middle and highest third of the number); then "
        "the best box of one or two cuts, found on the even draws; what is reported is its share "
        "in the odd draws with a 95% interval. A box holds if the whole interval lies above the "
        "share overall."
    ]
    for rival in RIVALS:
        for place in batch.places:
            parts.append(f"### {batch.short_place(place)}, against {batch.short_arm(rival)}")
            parts.append(win_tables.regions_table(batch, source.levels, ARM, rival, place))
    if source.words.get("regions"):
        parts.append(source.words["regions"].strip())
    return "\n\n".join(parts)


def _calm(source: Source) -> str:
    """The same shares where little output is lost without any practices."""
    batch, levels = source.batch, source.levels
    others = [str(arm) for arm in levels if arm != ARM]
    parts = []
    for place, draws in calm_draws(batch, levels).items():
        name = batch.short_place(place)
        here = levels[levels.index.get_level_values("place") == place]
        total = here.index.get_level_values("replicate").nunique()
        parts.append(f"### {name}: {len(draws)} of {total} draws are calm")
        if draws:
            kept = here[here.index.get_level_values("replicate").isin(draws)]
            parts.append(win_tables.subset_table(batch, kept, ARM, others))
    if source.words.get("calm"):
        parts.append(source.words["calm"].strip())
    return (
        f"## Calm worlds\n\nDraws in which the site without practices loses at most "
        f"{CALM_SHARE:.0%} of its output to blockades. The bound is an assumption, looks at the "
        "arm without practices alone, and stands in for a calibration that has not been made. "
        "Share of wins, ties in brackets.\n\n" + "\n\n".join(parts)
    )


def _caveats(source: Source) -> str:
    lines = source.words.get("caveats", [])
    return "## Limits\n\n" + "\n".join(f"- {line}" for line in lines if line)


def write(source: Source, folder: Path) -> list[Path]:
    """Write page, table and picture; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{NAME}.{end}" for end in ("md", "csv", "png")]
    paths[0].write_text(page(source), encoding="utf-8")
    pairs = all_pairs(source.batch, source.levels)
    pairs.to_csv(paths[1], index=False, float_format="%.6g", lineterminator="\n")
    foot = [
        "Percent of drawn worlds, ties as half. Above the line: outcomes three rules or more away "
        "from a practice; below it (†) those nearer. Boxed: below 5 or above 95. – one of the two "
        "arms has no value.",
        f"{notes.size_note(source.batch)} One draw from the priors per replicate.",
    ]
    keys = pd.MultiIndex.from_tuples(win_tables.KEY_ROWS)
    key = pd.MultiIndex.from_frame(source.matrix[["outcome", "group"]]).isin(keys)
    shown = key | ~source.matrix["near_tautological"] | (source.matrix["group"] == ALL)
    save_small(win_heat_map(source.batch, source.matrix[shown], foot), paths[2])
    return paths


def save_small(figure: Figure, path: Path) -> None:
    """Save as a PNG with few shades: a picture that lives in a repository should be small."""
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.image import imread, imsave

    from parley_analysis.style import look

    FigureCanvasAgg(figure)
    full = io.BytesIO()
    with look():
        figure.savefig(full, dpi=_DPI, facecolor="white")
    full.seek(0)
    shades = np.round(imread(full)[:, :, :3] * _SHADES) / _SHADES
    imsave(path, shades, pil_kwargs={"optimize": True})


def _command(options: argparse.Namespace) -> str:
    """The command line that these options came from."""
    words = ["python -m parley_analysis.win_report", str(options.results)]
    for name in ("also", "traces"):
        folders = getattr(options, name)
        words += [f"--{name}", *map(str, folders)] if folders else []
    return " ".join(words)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    from rich.console import Console

    parser = argparse.ArgumentParser(prog="python -m parley_analysis.win_report")
    parser.add_argument("results", type=Path, help="results folder of a design of draws")
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="folders of more arms")
    parser.add_argument("--traces", type=Path, nargs="*", default=[], help="folders of traces")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of notes and page")
    options = parser.parse_args(words)
    screen = Console(highlight=False)
    try:
        batch = load(options.results)
        require_enough_runs(batch)
        also = [load(folder) for folder in options.also]
        levels = levels_by_arm(batch)
        for more in also:
            require_enough_runs(more)
            require_same(batch, more)
            levels = levels.join(levels_by_arm(more))
        source = Source(
            batch,
            levels,
            also,
            win_matrix(batch, levels, ARM),
            read_traces(batch, levels, options.traces),
            tomllib.loads((options.out / f"{NAME}.toml").read_text(encoding="utf-8")),
            _command(options),
        )
        for path in write(source, options.out):
            screen.print(str(path), soft_wrap=True)
    except ParleyError as error:
        screen.print(f"error: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
