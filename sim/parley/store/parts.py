"""Parts: how runs lie on the disk while a batch is under way, and how they become one table each.

A part is a folder with one Parquet file per table, in which row group *i* belongs to the *i*-th
finished run of that part. It appears by one rename, so it is there and whole or not there at all.
"""

from __future__ import annotations

import re
import shutil
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from parley.errors import StoreError
from parley.results import RunFailure, RunResult
from parley.store import files, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from parley.store.tables import RunKey

RUNS_PER_ROW_GROUP = 32


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """Where one run lies.

    Attributes:
        key: What the run is filed under.
        part: Folder of its part.
        row: Its row in the part's runs table.
        row_group: Its row group in the part's other tables; -1 for a failed run, which has none.
    """

    key: RunKey
    part: Path
    row: int
    row_group: int


def write_part(folder: Path, results: Sequence[RunResult | RunFailure]) -> None:
    """Write runs as one part of a results folder.

    Args:
        folder: The results folder.
        results: Finished and failed runs, all with the same outcomes.
    """
    for failure in results:
        if isinstance(failure, RunFailure):
            _write_failure(folder / files.FAILURES, failure)
    token = uuid.uuid4().hex
    temporary = folder / files.PARTS / f"tmp-{token}"
    temporary.mkdir()
    runs = sorted(results, key=tables.run_key)
    _write(temporary / "runs.parquet", [tables.runs_table(runs)])
    finished = [run for run in runs if isinstance(run, RunResult)]
    if finished:
        _write(temporary / "series.parquet", map(tables.series_table, finished))
        _write(temporary / "events.parquet", map(tables.events_table, finished))
        _write(temporary / "timings.parquet", map(tables.timings_table, finished))
    files.sync(temporary)
    temporary.rename(folder / files.PARTS / f"part-{token}")
    files.sync(folder / files.PARTS)


def index_parts(folder: Path) -> tuple[Entry, ...]:
    """List the runs in all parts, each once, in the order of the final tables.

    Raises:
        StoreError: A part is damaged; the message names the file.
    """
    found: dict[RunKey, Entry] = {}
    for part in sorted((folder / files.PARTS).glob("part-*")):
        try:
            runs = files.open_parquet(part / "runs.parquet").read().to_pylist()
            row_group = 0
            for row, run in enumerate(runs):
                key = (run["place"], run["arm"], run["replicate"], run["identity"])
                failed = run["status"] != "ok"
                found.setdefault(key, Entry(key, part, row, -1 if failed else row_group))
                row_group += not failed
            _check_row_groups(part, row_group)
        except (StoreError, pa.ArrowException, OSError, KeyError) as error:
            raise StoreError(
                f"{part}: damaged part ({files.first_line(error)}); delete that folder and start "
                "the batch again to recompute its runs"
            ) from error
    return tuple(sorted(found.values()))


def read_rows(entries: Sequence[Entry], name: str, columns: Sequence[str] | None) -> pa.Table:
    """Read one table for some runs, in their order.

    Args:
        entries: The runs.
        name: Table, one of `files.TABLES`.
        columns: Columns to read; None for all.

    Raises:
        StoreError: A part is damaged.
    """
    opened = {}
    pieces = []
    for entry in entries:
        path = entry.part / f"{name}.parquet"
        if name != "runs" and entry.row_group < 0:
            continue
        if path not in opened:
            file = files.open_parquet(path)
            opened[path] = file.read(columns) if name == "runs" else file
        if name == "runs":
            pieces.append(opened[path].slice(entry.row, 1))
        else:
            pieces.append(opened[path].read_row_group(entry.row_group, columns))
    if pieces:
        return pa.concat_tables(pieces, promote_options="default").combine_chunks()
    table = tables.empty_table(name)
    return table if columns is None else table.select(columns)


def outcomes_on_disk(folder: Path) -> tuple[str, ...] | None:
    """Return the outcomes of the runs written so far, None when there are none."""
    for path in sorted((folder / files.PARTS).glob("part-*/series.parquet")):
        names = files.open_parquet(path).schema_arrow.names
        return tuple(names[len(tables.SERIES_COLUMNS) :])
    return None


def compact(folder: Path, entries: Sequence[Entry]) -> None:
    """Write the final tables from the parts, a few runs at a time.

    Raises:
        StoreError: A part is damaged.
    """
    for name in files.TABLES:
        temporary = folder / f"{name}.parquet.tmp"
        if name == "runs":
            _write(temporary, [read_rows(entries, name, None)])
        else:
            steps = range(0, max(len(entries), 1), RUNS_PER_ROW_GROUP)
            chunks = (entries[start : start + RUNS_PER_ROW_GROUP] for start in steps)
            filled = [chunk for chunk in chunks if any(e.row_group >= 0 for e in chunk)]
            _write(temporary, (read_rows(chunk, name, None) for chunk in filled or [()]))
        files.publish(temporary, folder / f"{name}.parquet")


def remove_parts(folder: Path) -> None:
    """Remove the parts, once the final tables stand for them."""
    shutil.rmtree(folder / files.PARTS, ignore_errors=True)


def _check_row_groups(part: Path, finished: int) -> None:
    """Refuse a part whose tables do not have one row group for each finished run."""
    for name in ("series", "events", "timings") if finished else ():
        found = files.open_parquet(part / f"{name}.parquet").metadata.num_row_groups
        if found != finished:
            raise StoreError(f"{name}.parquet has {found} row groups; expected {finished}")


def _write(path: Path, pieces: Iterable[pa.Table]) -> None:
    """Write tables of one schema as the row groups of one file, and flush it to the disk."""
    writer = None
    for piece in pieces:
        writer = writer or files.open_writer(path, piece.schema)
        writer.write_table(piece, row_group_size=max(piece.num_rows, 1))
    if writer is not None:
        writer.close()
        files.sync(path)


def _write_failure(folder: Path, failure: RunFailure) -> None:
    """Write what is known about a failed run as a text file."""
    folder.mkdir(exist_ok=True)
    name = f"{failure.place}-{failure.arm}-{failure.replicate}-{failure.identity[:8]}"
    lines = [
        f"place: {failure.place}",
        f"arm: {failure.arm}",
        f"replicate: {failure.replicate}",
        f"root seed: {failure.root_seed}",
        f"identity: {failure.identity}",
        failure.reason,
        "",
        failure.traceback,
    ]
    path = folder / (re.sub(r"[^\w.-]+", "_", name) + ".txt")
    files.write_text(path, "\n".join(lines).rstrip() + "\n")
