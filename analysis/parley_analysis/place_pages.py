"""Writes what pages of places show of a batch: `python -m parley_analysis.place_pages RESULTS`.

From a results folder of `parley compare --all-places` it writes `results.csv`, `results.toml` and
the pictures under `docs/places/`. The pages themselves are then written by
`python -m parley.generate`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from parley.errors import ParleyError
from parley.provenance import version_at
from parley_analysis.load import AnalysisError, load
from parley_analysis.place_figures import all_places_figure, place_figure
from parley_analysis.place_table import place_table
from parley_analysis.style import look

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.figure import Figure

    from parley_analysis.load import Batch

STACK = "hsbp"
"""The stack that pages hold against every other arm."""
OVERVIEW = ("transactional", "cash_equivalent", "none")
"""Arms that the picture of all places shows."""

_DIGITS = 4
_DPI = 110


def summary_table(batch: Batch) -> pd.DataFrame:
    """The table that is committed: levels, and the stack less each arm under the same luck.

    Returns:
        Columns place, arm, outcome, group, n, mean, low, high, less, less_low, less_high and
        same_sign; rounded to four digits that count.

    Raises:
        AnalysisError: The batch does not hold the stack.
    """
    table = place_table(batch, STACK)
    table = table.assign(
        less=-table["difference"],
        less_low=-table["difference_high"],
        less_high=-table["difference_low"],
    )
    names = ["mean", "low", "high", "less", "less_low", "less_high"]
    for name in names:
        table[name] = table[name].map(_rounded)
    columns = ["place", "arm", "outcome", "group", "n", *names, "same_sign"]
    return table[columns].astype({"same_sign": "Int64"})


def about(batch: Batch) -> dict[str, Any]:
    """How a batch was made, from its manifest."""
    manifest = cast("dict[str, Any]", batch.results.manifest)
    runs = batch.runs
    source = manifest.get("source") or {}
    commit = str(source.get("commit", "unknown"))
    months, people = max(manifest["months"]), max(manifest["population"])
    arms = ",".join(batch.arms)
    folder = "results/places"
    return {
        "runs": len(runs),
        "failed": int((runs["status"] != "ok").sum()),
        "places": list(batch.places),
        "arms": list(batch.arms),
        "replicates": int(manifest["replicates"]),
        "months": int(months),
        "population": int(people),
        "seed": int(manifest["root_seeds"][0]),
        "version": _version(manifest),
        "model_version": str(manifest["model_version"]),
        "registry": str(manifest["registry"])[:12],
        "commit": f"commit {commit[:12]}" + (", with changes" if source.get("dirty") else ""),
        "folder": folder,
        "command": (
            f"parley compare --all-places --arms {arms} --replicates {manifest['replicates']} "
            f"--population {people} --months {months} --seed {manifest['root_seeds'][0]} "
            f"--against {STACK} --out {folder}"
        ),
    }


def _version(manifest: Mapping[str, Any]) -> str:
    """Version of Parley that made the runs: that of its source, where the commit is known.

    A manifest has the version noted when the package was installed, which in a checkout may be
    older than the source.
    """
    source = manifest.get("source") or {}
    found = None if source.get("dirty") else version_at(str(source.get("commit", "")))
    return found or str(manifest["versions"]["parley-sim"])


def inputs(batch: Batch) -> dict[str, str]:
    """Digest of what the runs read of each place, from the manifest."""
    rows = cast("list[dict[str, str]]", batch.results.manifest.get("scenarios", []))
    return {row["place_key"]: row["place"] for row in rows}


def write(batch: Batch, folder: Path) -> list[Path]:
    """Write the table, how it was made, and the pictures.

    Args:
        batch: The results.
        folder: `docs/places`.

    Returns:
        The files.
    """
    pictures = folder / "figures"
    pictures.mkdir(parents=True, exist_ok=True)
    table = summary_table(batch)
    files = [folder / "results.csv", folder / "results.toml"]
    table.to_csv(files[0], index=False, lineterminator="\n")
    lines = ["# Written by `python -m parley_analysis.place_pages`; do not edit.", ""]
    lines += [
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in about(batch).items()
    ]
    lines += [
        "",
        "# What the runs read of each place, to tell when its file has changed.",
        "[inputs]",
    ]
    lines += [f'{place} = "{digest}"' for place, digest in inputs(batch).items()]
    files[1].write_text("\n".join(lines) + "\n", "utf-8")
    levels = place_table(batch, STACK)
    drawn = {place: place_figure(batch, levels, place) for place in batch.places}
    drawn["all-places"] = all_places_figure(batch, _overview(batch, levels), STACK, turned=True)
    for name, figure in drawn.items():
        files.append(_save(figure, pictures / f"{name}.png"))
    return files


def _save(figure: Figure, path: Path) -> Path:
    """Write a picture small enough to be committed for every place (1100 pixels wide)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    with look():
        figure.savefig(path, dpi=_DPI, facecolor="white", pil_kwargs={"optimize": True})
    return path


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m parley_analysis.place_pages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("results", type=Path, help="results folder of parley compare --all-places")
    parser.add_argument("--out", type=Path, default=Path("docs/places"), help="where to write")
    given = parser.parse_args(arguments)
    try:
        files = write(load(given.results), given.out)
    except ParleyError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write("".join(f"wrote {path}\n" for path in files))
    return 0


def _overview(batch: Batch, levels: pd.DataFrame) -> pd.DataFrame:
    """The rows of the picture of all places."""
    arms = [arm for arm in OVERVIEW if arm in batch.arms]
    if not arms:
        raise AnalysisError(f"the batch holds none of: {', '.join(OVERVIEW)}")
    return levels[levels["arm"].isin(arms)]


def _rounded(value: float) -> float:
    """Four digits that count; missing values stay missing."""
    return float(f"{value:.{_DIGITS}g}")


if __name__ == "__main__":
    sys.exit(main())
