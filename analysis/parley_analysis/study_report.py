"""Write the study of refutability down: the page, the tables of numbers, the pictures."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from parley_analysis import notes, study_page
from parley_analysis.study_figure import verdict_figure
from parley_analysis.study_page import NAME, Findings
from parley_analysis.win_figure import win_heat_map
from parley_analysis.win_report import save_small

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from parley_analysis.load import Batch

_FLIPS_KEPT = 5000


def read_words(folder: Path) -> Mapping[str, Any]:
    """The notes of an author beside the page, if there are any."""
    path = folder / f"{NAME}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(found: Findings, folder: Path) -> list[Path]:
    """Write page, tables and pictures; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    study = found.study
    paths = [folder / f"{NAME}.md"]
    paths[0].write_text(study_page.page(found), encoding="utf-8")
    changed = found.flips[found.flips["sign_changes"].astype(bool)].sort_values("p", kind="stable")
    tables = {
        "": study.matrix,
        "-traces": found.traces,
        "-flips": changed.head(_FLIPS_KEPT),
        "-regions": found.regions,
    }
    for end, table in tables.items():
        paths.append(_write_table(table, folder / f"{NAME}{end}.csv"))
    size = f"{notes.size_note(study.batch)} One draw from the priors per replicate."
    size += _precision(study.batch)
    for place in study.batch.places:
        foot = [
            "Each grey dot: one other arm. Named: the arm it does worst and best against. Ties "
            "count half. Only outcomes three rules or more from a practice. A share of drawn "
            "worlds is a share of assumptions, not a probability.",
            size,
        ]
        paths.append(folder / f"{NAME}-{place}.png")
        save_small(verdict_figure(study.batch, study.matrix, place, foot), paths[-1])
        foot = [
            "Percent of drawn worlds, ties as half. Above the line: outcomes three rules or more "
            "from a practice; below it (†) those nearer. Boxed: below 5 or above 95.",
            size,
        ]
        paths.append(folder / f"{NAME}-{place}-matrix.png")
        shown = study.matrix[(study.matrix["place"] == place) & (study.matrix["group"] == "all")]
        save_small(win_heat_map(study.batch, shown, foot, [place]), paths[-1])
    return paths


def _precision(batch: Batch) -> str:
    """How well a share of the drawn worlds is known: half a 95% interval where it is widest."""
    half = 100 * notes.half_interval_of_a_share(batch)
    return f" A share near 50 is known to ±{half:.0f} (95% interval)."


def _write_table(table: pd.DataFrame, path: Path) -> Path:
    table.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")
    return path
