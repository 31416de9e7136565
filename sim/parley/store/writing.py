"""Writing a results folder: start or take up a batch, add runs, finish."""

from __future__ import annotations

import datetime
import shutil
from typing import TYPE_CHECKING, Self, cast

from parley.errors import StoreError
from parley.results import RunResult
from parley.store import files, parts
from parley.store.reading import open_results

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from parley.results import RunFailure
    from parley.store.tables import RunKey


class Store:
    """A results folder being written. Use as a context manager; one writer at a time.

    Attributes:
        folder: Where the results are.
        resumed: Whether the folder already held this batch.
    """

    def __init__(self, folder: Path, *, resumed: bool, lock: int | None) -> None:
        """Not for callers: use `Store.create`."""
        self.folder = folder
        self.resumed = resumed
        self._lock = lock
        self._outcomes = parts.outcomes_on_disk(folder)

    @classmethod
    def create(cls, folder: Path, manifest: Mapping[str, object]) -> Self:
        """Start a results folder, or take up the same batch where it stopped.

        Args:
            folder: A folder that is missing, empty, or holds the same batch.
            manifest: What to record; `batch` must be a digest of the planned runs and `planned`
                their number.

        Raises:
            StoreError: The folder holds something else, is damaged, or is being written to.
        """
        resumed = _holds_batch(folder, str(manifest["batch"]))
        if resumed and (folder / files.COMPLETE).exists():
            return cls(folder, resumed=True, lock=None)
        work = folder / files.PARTS
        try:
            work.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder}: cannot be created ({error.strerror})") from error
        lock = files.take_lock(work / ".lock")
        try:
            for leftover in work.glob("tmp-*"):
                shutil.rmtree(leftover)
            if not resumed:
                head = {
                    "format": files.FORMAT,
                    "schema_version": files.SCHEMA_VERSION,
                    "status": "running",
                    "started": _now(),
                }
                files.write_json(folder / files.MANIFEST, {**head, **manifest})
            return cls(folder, resumed=resumed, lock=lock)
        except BaseException:
            files.release_lock(lock)
            raise

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let others write."""
        self.close()

    def close(self) -> None:
        """Let others write; what was appended stays."""
        files.release_lock(self._lock)
        self._lock = None

    @property
    def complete(self) -> bool:
        """Whether the batch has been finished."""
        return (self.folder / files.COMPLETE).exists()

    def manifest(self) -> dict[str, object]:
        """Read the manifest as it is on disk."""
        return files.read_manifest(self.folder)

    def finished(self) -> frozenset[RunKey]:
        """Return the keys of all runs on disk, those that failed included.

        Raises:
            StoreError: The folder is damaged.
        """
        if self.complete:
            return open_results(self.folder).keys()
        return frozenset(entry.key for entry in parts.index_parts(self.folder))

    def append(self, results: Iterable[RunResult | RunFailure]) -> None:
        """Write runs as one part: after this call they are on the disk, or none of them is.

        Raises:
            StoreError: The batch is complete, a run reports other outcomes than the runs before
                it, or the disk refuses.
        """
        runs = list(results)
        if not runs:
            return
        if self.complete:
            raise StoreError(f"{self.folder}: the batch is complete; nothing can be added")
        self._check_outcomes(runs)
        try:
            parts.write_part(self.folder, runs)
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot write ({error})") from error

    def finish(self) -> None:
        """Compact the parts into the final tables and mark the folder as complete.

        Raises:
            StoreError: A part is damaged, or planned runs are missing.
        """
        if not self.complete:
            entries = parts.index_parts(self.folder)
            manifest = self.manifest()
            planned = cast("int", manifest["planned"])
            if len(entries) < planned:
                raise StoreError(
                    f"{self.folder}: incomplete: {len(entries)} of {planned} runs are finished"
                )
            parts.compact(self.folder, entries)
            failed = sum(entry.row_group < 0 for entry in entries)
            counts = {"planned": planned, "ok": len(entries) - failed, "failed": failed}
            manifest |= {"status": "complete", "ended": _now(), "counts": counts}
            files.write_json(self.folder / files.MANIFEST, manifest)
            names = [files.MANIFEST, *(f"{name}.parquet" for name in files.TABLES)]
            digests = {name: files.digest(self.folder / name) for name in names}
            files.write_json(self.folder / files.COMPLETE, {"sha256": digests})
        self.close()
        parts.remove_parts(self.folder)

    def _check_outcomes(self, runs: Sequence[RunResult | RunFailure]) -> None:
        """Hold every run of the folder to the same outcomes in the same order."""
        for run in runs:
            if not isinstance(run, RunResult):
                continue
            if self._outcomes is None:
                self._outcomes = tuple(run.series)
            if tuple(run.series) != self._outcomes:
                different = set(run.series) ^ set(self._outcomes)
                raise StoreError(
                    f"{self.folder}: run {run.place}/{run.arm}/{run.replicate} reports other "
                    f"outcomes than the runs before it: {', '.join(sorted(different)) or 'order'}"
                )


def _holds_batch(folder: Path, batch: str) -> bool:
    """Whether the folder already holds this batch; False when there is nothing in it.

    Raises:
        StoreError: It holds something else.
    """
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise StoreError(f"{folder}: is a file; choose another results folder")
    # A start that was cut short leaves only its empty work folder and a temporary manifest.
    started = {files.PARTS, f"{files.MANIFEST}.tmp"}
    if {entry.name for entry in folder.iterdir()} <= started:
        return False
    if not (folder / files.MANIFEST).exists():
        raise StoreError(
            f"{folder}: already holds files that are not results; choose another folder"
        )
    found = files.read_manifest(folder)
    if found.get("batch") != batch:
        raise StoreError(
            f"{folder}: already holds another batch ({found.get('label') or 'no label'}, "
            f"{found.get('planned')} runs); nothing was changed, choose another folder"
        )
    return True


def _now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
