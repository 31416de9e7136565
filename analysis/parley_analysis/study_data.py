"""The folder of a study of refutability, read and judged: everything that its page needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from parley_analysis import channels, flips, losing, plausible, regions, tracing
from parley_analysis.load import AnalysisError, load, require_enough_runs
from parley_analysis.winmatrix import gains, levels_by_arm, select, win_matrix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from parley_analysis.load import Batch
    from parley_analysis.tracing import Cell


@dataclass(frozen=True)
class Study:
    """The main batch of a study and what is derived from it alone.

    Attributes:
        folder: Folder of the study.
        batch: Its main batch.
        levels: From `winmatrix.levels_by_arm`.
        worlds: From `regions.drawn_worlds`.
        words: Roles of arms: `framework`, `reference`, `placebo`.
        matrix: The framework against all other arms.
        bands: What a place without partnering may look like.
        match: Draws that no band rules out.
    """

    folder: Path
    batch: Batch
    levels: pd.DataFrame
    worlds: pd.DataFrame
    words: Mapping[str, str]
    matrix: pd.DataFrame
    bands: Sequence[plausible.Band]
    match: plausible.Match

    @property
    def arm(self) -> str:
        """The arm in question."""
        return self.words["framework"]

    @property
    def others(self) -> list[str]:
        """The arms it is held against."""
        return [str(arm) for arm in self.levels if arm != self.arm]

    @property
    def distant(self) -> dict[str, int]:
        """Outcomes three rules or more from a practice, with their signs."""
        return {
            name: info.sign
            for name, info in self.batch.outcomes.items()
            if info.sign and not info.near_tautological
        }

    def placebo_matrix(self) -> pd.DataFrame | None:
        """The placebo against doing nothing as drawn; None where either was not run."""
        pair = (self.words["placebo"], self.words["reference"])
        if not set(pair) <= set(self.levels):
            return None
        return win_matrix(self.batch, self.levels, pair[0], [pair[1]])

    def cells(self) -> list[Cell]:
        """Alarms about distant outcomes, then what the placebo gains by doing nothing."""
        found = tracing.alarm_cells(self.matrix)
        placebo = self.placebo_matrix()
        if placebo is not None:
            found += [cell for cell in tracing.placebo_cells(placebo) if cell not in found]
        return found


def read_study(folder: Path, words: Mapping[str, str], bands: Sequence[plausible.Band]) -> Study:
    """Read the main batch of a study.

    Raises:
        StoreError: It is not there, unfinished or damaged.
        AnalysisError: Too many runs failed, or the arm in question is not among them.
    """
    batch = load(folder / "main")
    require_enough_runs(batch)
    levels = levels_by_arm(batch)
    matrix = win_matrix(batch, levels, batch.arm(words["framework"]))
    worlds = regions.drawn_worlds(batch)
    match = plausible.match(batch, bands)
    return Study(folder, batch, levels, worlds, words, matrix, bands, match)


def _finished(folder: Path) -> list[Path]:
    """Complete results folders below a folder, by name."""
    return sorted(path.parent for path in folder.glob("*/COMPLETE"))


def _usable(folder: Path) -> list[Path]:
    """Those of them in which few enough runs failed."""
    return [path for path in _finished(folder) if not _broken(path)]


def _broken(folder: Path) -> bool:
    try:
        require_enough_runs(load(folder))
    except AnalysisError:
        return True
    return False


def broken_parts(study: Study) -> list[str]:
    """Batches besides the main one that are left out because too many of their runs failed."""
    folders = [study.folder, *(study.folder / name for name in ("planted", "switches", "traces"))]
    found = [path for folder in folders for path in _finished(folder) if _broken(path)]
    return [path.relative_to(study.folder).as_posix() for path in found]


def read_traces(study: Study) -> pd.DataFrame:
    """What becomes of every alarm in every trace that was run."""
    cells = study.cells()
    names = list(dict.fromkeys(cell[1] for cell in cells))
    folders = _usable(study.folder / "traces")
    variants = tracing.read_variants(study.batch, study.levels, folders, names)
    return tracing.trace(study.batch, study.levels, cells, variants)


def read_flips(study: Study) -> pd.DataFrame:
    """Sign changes over constants and switches, on distant outcomes; all that were tried."""
    kept = study.levels[study.levels.index.get_level_values("outcome").isin(list(study.distant))]
    constant = flips.constant_flips(kept, study.worlds, study.arm, study.others, study.distant)
    settings: dict[str, dict[float, pd.DataFrame]] = {}
    for folder in _usable(study.folder / "switches"):
        batch = load(folder)
        part = cast("Mapping[str, Any]", batch.results.manifest["part"])
        names = [name for name in study.distant if name in batch.outcomes]
        table = levels_by_arm(batch, names)
        settings.setdefault(str(part["switch"]), {})[float(part["value"])] = table
    switch = flips.switch_flips(settings, study.arm, study.distant)
    tables = [table for table in (constant, switch) if len(table)]
    return pd.concat(tables, ignore_index=True) if tables else constant


def read_regions(study: Study) -> pd.DataFrame:
    """One search for a losing region per place, distant outcome, group and other arm."""
    return losing.region_table(_searches(study))


def _searches(study: Study) -> Iterator[tuple[dict[str, str], pd.Series, pd.DataFrame]]:
    for (place, outcome, group), other, gain in flips.cells(
        study.levels, study.arm, study.others, study.distant
    ):
        about = {"place": place, "outcome": outcome, "group": group, "other": other}
        yield about, gain, study.worlds


def read_channels(study: Study) -> list[channels.ChannelVerdict]:
    """The verdict on every planted world that was run, and on worlds as drawn."""
    return [channels.read_verdict(load(path)) for path in _usable(study.folder / "planted")]


def read_placebo(study: Study) -> dict[str, pd.DataFrame]:
    """The placebo against doing nothing, as drawn and with something held, where that was run."""
    found = {}
    drawn = study.placebo_matrix()
    if drawn is not None:
        found["as drawn"] = drawn
    if study.folder / "placebo" in _usable(study.folder):
        batch = load(study.folder / "placebo")
        part = cast("Mapping[str, Any]", batch.results.manifest["part"])
        levels = levels_by_arm(batch)
        pair = (study.words["placebo"], study.words["reference"])
        found[str(part["label"])] = win_matrix(batch, levels, pair[0], [pair[1]])
    return found


def losing_numbers(study: Study, place: str, outcome: str, other: str) -> pd.DataFrame:
    """Drawn numbers ranked by how losses against another arm go with them.

    Returns:
        The rows of `regions.drivers` beyond chance, all draws together.
    """
    sign = study.batch.outcome(outcome).sign
    gain = gains(select(study.levels, place, outcome, "all"), study.arm, other, sign)
    table = regions.drivers(gain, study.worlds)
    return table[table["beyond_chance"].astype(bool)]
