"""Alarms of a win matrix: which cells, why, and what the same draws say with something taken out.

An alarm about a distant outcome is either explained by a note, with traces, or listed as not
explained. Alarms about near-tautological outcomes are explained by their path alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from parley.errors import StoreError
from parley_analysis import win_tables
from parley_analysis.load import ALL, load
from parley_analysis.tables import number
from parley_analysis.win_figure import row_label
from parley_analysis.winmatrix import compare, gains, levels_by_arm, select

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from parley_analysis.load import Batch


@dataclass(frozen=True)
class Trace:
    """The same draws run again with something held or taken out.

    Attributes:
        label: What is different, e.g. `mobilisation.partnership_weight = 0` or `hsbp-sharing`.
        levels: As `winmatrix.levels_by_arm`, arms named as in the main results.
    """

    label: str
    levels: pd.DataFrame


def read_traces(batch: Batch, levels: pd.DataFrame, folders: Iterable[Path]) -> dict[str, Trace]:
    """Read the folders of traces.

    A folder whose design holds numbers gives one trace named after them. Otherwise each of its
    arms gives a trace in which it stands for the arm it was made from (`hsbp-sharing` for `hsbp`)
    and the other arms are those of the main results.

    Raises:
        StoreError: A folder is no results folder, or was made from other draws or other code.
    """
    traces: dict[str, Trace] = {}
    for folder in folders:
        other = load(folder)
        require_same(batch, other)
        design = cast("Mapping[str, Any]", other.results.manifest["design"])
        table = levels_by_arm(other)
        if design["held"]:
            label = ", ".join(f"{key} = {value:g}" for key, value in design["held"].items())
            known = [traces[label].levels] if label in traces else []  # other places
            traces[label] = Trace(label, pd.concat([*known, table]))
            continue
        for arm in (arm for arm in table if "-" in str(arm)):
            base = str(arm).partition("-")[0]
            joined = levels.drop(columns=base).join(table[[arm]].rename(columns={arm: base}))
            traces[str(arm)] = Trace(str(arm), joined.dropna(subset=[base]))
    return traces


def require_same(batch: Batch, other: Batch) -> None:
    """Refuse results that cannot be set beside the main ones draw by draw.

    Raises:
        StoreError: They are of another model, registry, size or design of draws.
    """
    main, more = batch.results.manifest, other.results.manifest
    for key in ("model_version", "registry", "months", "population"):
        if main.get(key) != more.get(key):
            raise StoreError(f"{other.results.folder}: {key} differs from the main results")
    designs = [cast("Mapping[str, Any]", manifest["design"]) for manifest in (main, more)]
    if any(designs[0][key] != designs[1][key] for key in ("draws", "seed")):
        raise StoreError(f"{other.results.folder}: its draws are not those of the main results")


def alarm_section(
    batch: Batch,
    levels: pd.DataFrame,
    matrix: pd.DataFrame,
    about: Sequence[Mapping[str, Any]],
    traces: Mapping[str, Trace],
) -> str:
    """Every alarm about a distant outcome, explained or said to be unexplained.

    Args:
        batch: The results.
        levels: From `winmatrix.levels_by_arm`.
        matrix: From `winmatrix.win_matrix`, for one arm.
        about: Notes: `title`, `text`, `outcomes`, and if need be `places`, `groups`, `others`,
            `show` (list of place, outcome, group, other arm) and `traces` (labels).
        traces: From `read_traces`.
    """
    arm = str(matrix["arm"].iloc[0])
    distant = matrix[matrix["alarm"] & ~matrix["near_tautological"]]
    cells = {
        (str(row["place"]), str(row["outcome"]), str(row["group"]), str(row["other"])): row
        for row in distant.to_dict(orient="records")
    }
    parts = [f"{len(cells)} cells of distant outcomes lie outside the band."]
    for note in about:
        covered = [
            key
            for key in cells
            if key[0] in note.get("places", batch.places)
            and key[1] in note["outcomes"]
            and key[2] in note.get("groups", (ALL, "worst"))
            and key[3] in note.get("others", list(levels))
        ]
        found = [_cell_text(batch, key, cells.pop(key)) for key in covered]
        listed = "; ".join(found) if found else "no cell lies outside the band in this run"
        parts.append(f"### {note['title']}\n\n{listed}.\n\n{note['text'].strip()}")
        if note.get("traces"):
            parts += [
                trace_table(batch, levels, arm, {**note, "show": show}, traces)
                for show in note["show"]
            ]
    if cells:
        left = "\n".join(f"- {_cell_text(batch, key, row)}" for key, row in cells.items())
        parts.append(f"### Not explained yet\n\n{left}")
    return "\n\n".join(parts)


def _cell_text(batch: Batch, key: tuple[str, ...], row: Mapping[Any, Any]) -> str:
    place, outcome, group, other = key
    return (
        f"{batch.short_place(place)}, {row_label(batch, outcome, group)} against "
        f"{batch.short_arm(other)}: {row['share']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"
    )


def trace_table(
    batch: Batch,
    levels: pd.DataFrame,
    arm: str,
    note: Mapping[str, Any],
    traces: Mapping[str, Trace],
) -> str:
    """What becomes of one comparison when something is held or taken out, in the same draws.

    Args:
        batch: The results.
        levels: From `winmatrix.levels_by_arm`.
        arm: The arm in question.
        note: Its key `show` names one place, outcome, group and other arm; `traces` the variants,
            of which those that were not run in that place are said to be missing.
        traces: From `read_traces`.
    """
    place, outcome, group, other = note["show"]
    sign = batch.outcome(outcome).sign
    chosen = [
        trace
        for trace in (traces[label] for label in note["traces"] if label in traces)
        if place in trace.levels.index.get_level_values("place")
    ]
    missing = [label for label in note["traces"] if label not in [t.label for t in chosen]]
    rows = []
    for trace in chosen:
        varied = gains(select(trace.levels, place, outcome, group), arm, other)
        drawn = gains(select(levels, place, outcome, group), arm, other)
        drawn = drawn[drawn.index.isin(varied.index)]
        before = compare(drawn.to_numpy(float), 1)
        after = compare(varied.to_numpy(float), 1)
        scale = max(abs(before["median"]), abs(after["median"]))
        texts = []
        for cell, change in ((before, drawn), (after, varied)):
            share = compare(change.to_numpy(float), sign)["share"]
            median = number(cell["median"], scale, True)
            texts += [f"{share:.2f} ({cell['ties']:.2f})", median]
        rows.append([f"`{trace.label}`", str(int(after["n"])), *texts])
    name = batch.short_place(place)
    caption = (
        f"{row_label(batch, outcome, group)} in {name}, {batch.short_arm(arm)} against "
        f"{batch.short_arm(other)}; shares with ties in brackets, then the median difference:"
    )
    head = ["Changed", "draws", "as drawn", "median", "changed", "median"]
    tail = f"\n\nNot run: {', '.join(missing)}." if missing else ""
    return f"{caption}\n\n{win_tables.markdown(head, rows)}{tail}"


def tautology_section(batch: Batch, matrix: pd.DataFrame) -> str:
    """Alarms that had to come: the shortest path from a practice to the outcome says why."""
    near = matrix[matrix["alarm"] & matrix["near_tautological"]]
    described = cast("list[dict[str, Any]]", batch.results.manifest["outcomes"])
    paths = {row["name"]: " → ".join(row.get("path", ())) for row in described}
    lines = []
    for outcome in dict.fromkeys(near["outcome"]):
        cells = near[near["outcome"] == outcome]
        sides = {True: "better", False: "worse"}
        words = " and ".join(
            f"{sides[side]} in {int(n)} cells"
            for side, n in (cells["share"] > 0.5).value_counts().items()
            if isinstance(side, bool)
        )
        lines.append(f"- {batch.outcome(outcome).label}: {words}; {paths[outcome]}.")
    return "\n".join(lines) or "None."
