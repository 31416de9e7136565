"""Parts: how runs lie on the disk while a batch is under way, and how they become one table each.

A part is a folder with one Parquet file per table, in which row group *i* belongs to the *i*-th
finished run of that part. It appears by one rename, so it is there and whole or not there at all,
and carries the digests of its files, so that later damage is noticed.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.parquet as pq

from parley.errors import StoreError
from parley.results import RunFailure, RunResult
from parley.store import files, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from parley.store.tables import RunKey

RUNS_PER_ROW_GROUP = 32
DIGESTS = "DIGESTS"
_FIRST_WITH_DIGESTS = 3
"""Schema version since which parts carry digests."""
_OPEN_FILES = 128
"""Most files of parts held open at once while the final tables are written."""


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

    @property
    def failed(self) -> bool:
        """Whether the run failed."""
        return self.row_group < 0


def write_part(folder: Path, results: Sequence[RunResult | RunFailure], writer: str) -> None:
    """Write runs as one part of a results folder.

    Args:
        folder: The results folder.
        results: Finished and failed runs, all with the same outcomes.
        writer: Who writes, for the name of what is left should it be killed.
    """
    for failure in results:
        if isinstance(failure, RunFailure):
            _write_failure(folder / files.FAILURES, failure)
    name = f"part-{time.time_ns():020d}-{uuid.uuid4().hex}"
    with new_part(folder, name, writer) as temporary:
        runs = sorted(results, key=tables.run_key)
        write_table(temporary / "runs.parquet", [tables.runs_table(runs)])
        finished = [run for run in runs if isinstance(run, RunResult)]
        if finished:
            write_table(temporary / "series.parquet", map(tables.series_table, finished))
            write_table(temporary / "events.parquet", map(tables.events_table, finished))
            write_table(temporary / "timings.parquet", map(tables.timings_table, finished))


@contextlib.contextmanager
def new_part(folder: Path, name: str, writer: str) -> Iterator[Path]:
    """Give an empty folder to fill, which becomes a part by one rename if the block ends well."""
    temporary = folder / files.PARTS / f"tmp-{writer}-{uuid.uuid4().hex}"
    temporary.mkdir()
    try:
        yield temporary
        digests = {path.name: files.digest(path) for path in sorted(temporary.glob("*.parquet"))}
        files.write_json(temporary / DIGESTS, {"sha256": digests})
        files.sync(temporary)
        temporary.rename(folder / files.PARTS / name)
        files.sync(folder / files.PARTS)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def copy_part(part: Path, folder: Path, writer: str) -> None:
    """Copy a part of another results folder, unless it is there already."""
    if not (folder / files.PARTS / part.name).exists():
        with new_part(folder, part.name, writer) as temporary:
            for path in part.glob("*.parquet"):
                shutil.copyfile(path, temporary / path.name)
                files.sync(temporary / path.name)


def list_parts(folder: Path) -> list[Path]:
    """Return the parts of a results folder, the oldest first."""
    return sorted((folder / files.PARTS).glob("part-*"))


def index_parts(folder: Path) -> tuple[Entry, ...]:
    """List the runs in all parts, each once, in the order of the final tables.

    A finished run counts rather than a failed one, and a later failure rather than an earlier.

    Raises:
        StoreError: A part is damaged; the message names the file.
    """
    found: dict[RunKey, Entry] = {}
    version = cast("int", files.read_manifest(folder)["schema_version"])
    for part in list_parts(folder):
        try:
            _check_digests(part, version)
            runs = files.open_parquet(part / "runs.parquet").read().to_pylist()
            row_group = 0
            for row, run in enumerate(runs):
                key = (run["place"], run["arm"], run["replicate"], run["identity"])
                failed = run["status"] != "ok"
                if key not in found or found[key].failed:
                    found[key] = Entry(key, part, row, -1 if failed else row_group)
                row_group += not failed
            _check_row_groups(part, row_group)
        except (StoreError, pa.ArrowException, OSError, KeyError) as error:
            raise StoreError(
                f"{part}: damaged part ({files.first_line(error)}); delete that folder and start "
                "the batch again to recompute its runs"
            ) from error
    return tuple(sorted(found.values()))


def read_rows(
    entries: Sequence[Entry],
    name: str,
    columns: Sequence[str] | None,
    opened: dict[Path, pa.Table | pq.ParquetFile] | None = None,
) -> pa.Table:
    """Read one table for some runs, in their order.

    Args:
        entries: The runs.
        name: Table, one of `files.TABLES`.
        columns: Columns to read; None for all.
        opened: Files opened so far, to be used again; changed here.

    Raises:
        StoreError: A part is damaged.
    """
    opened = {} if opened is None else opened
    pieces = []
    for entry in entries:
        path = entry.part / f"{name}.parquet"
        if name != "runs" and entry.failed:
            continue
        if path not in opened:
            if len(opened) >= _OPEN_FILES:
                opened.clear()
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


def compact(target: Path, entries: Sequence[Entry]) -> None:
    """Write the final tables from the parts, a few runs at a time.

    Args:
        target: Folder of the tables.
        entries: The runs, in order.

    Raises:
        StoreError: A part is damaged.
    """
    for name in files.TABLES:
        path = target / f"{name}.parquet"
        if name == "runs":
            write_table(path, [tables.order_finals(read_rows(entries, name, None))])
            continue
        opened: dict[Path, pa.Table | pq.ParquetFile] = {}
        steps = range(0, max(len(entries), 1), RUNS_PER_ROW_GROUP)
        chunks = (entries[start : start + RUNS_PER_ROW_GROUP] for start in steps)
        filled = [chunk for chunk in chunks if any(not e.failed for e in chunk)]
        write_table(path, (read_rows(chunk, name, None, opened) for chunk in filled or [()]))


def remove_parts(folder: Path) -> None:
    """Remove the parts, once the final tables stand for them; cut short, none is left by half."""
    leftover = folder / f"tmp-{files.PARTS}"
    shutil.rmtree(leftover, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        (folder / files.PARTS).rename(leftover)
    shutil.rmtree(leftover, ignore_errors=True)


def _check_digests(part: Path, version: int) -> None:
    """Refuse a part in which a file is missing or not as it was written."""
    if version < _FIRST_WITH_DIGESTS and not (part / DIGESTS).exists():
        return
    expected = files.read_json(part / DIGESTS).get("sha256")
    if not isinstance(expected, dict):
        raise StoreError(f"{DIGESTS} has no digests in it")
    for name, digest in expected.items():
        if files.digest(part / name) != digest:
            raise StoreError(f"{name} changed since it was written")


def _check_row_groups(part: Path, finished: int) -> None:
    """Refuse a part whose tables do not have one row group for each finished run."""
    for name in ("series", "events", "timings") if finished else ():
        found = files.open_parquet(part / f"{name}.parquet").metadata.num_row_groups
        if found != finished:
            raise StoreError(f"{name}.parquet has {found} row groups; expected {finished}")


def write_table(path: Path, pieces: Iterable[pa.Table]) -> None:
    """Write tables of one schema as the row groups of one file, and flush it to the disk."""
    writer = None
    for piece in pieces:
        writer = writer or files.open_writer(path, piece.schema)
        writer.write_table(piece, row_group_size=max(piece.num_rows, 1))
    if writer is not None:
        writer.close()
        files.sync(path)


def failure_file(key: RunKey) -> str:
    """Return the name of the text file about a failed run."""
    place, arm, replicate, identity = key
    return re.sub(r"[^\w.-]+", "_", f"{place}-{arm}-{replicate}-{identity[:8]}") + ".txt"


def tidy_failures(folder: Path, states: Mapping[RunKey, bool]) -> None:
    """Remove text files about runs that did not fail after all.

    Args:
        folder: The results folder.
        states: Keys of its runs, and whether each failed.
    """
    kept = {failure_file(key) for key, failed in states.items() if failed}
    for path in (folder / files.FAILURES).glob("*.txt"):
        if path.name not in kept:
            path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        (folder / files.FAILURES).rmdir()  # only if it is empty


def _write_failure(folder: Path, failure: RunFailure) -> None:
    """Write what is known about a failed run as a text file."""
    folder.mkdir(exist_ok=True)
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
    path = folder / failure_file(tables.run_key(failure))
    files.write_text(path, "\n".join(lines).rstrip() + "\n")
