"""Writing a results folder: start or take up a batch, add runs, finish."""

from __future__ import annotations

import contextlib
import datetime
import shutil
from typing import TYPE_CHECKING, Self, cast

from parley.errors import StoreError
from parley.results import RunResult
from parley.store import attached as extra
from parley.store import files, locks, parts
from parley.store.reading import open_results
from parley.store.unpacking import unpack, unpacked_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa

    from parley.results import RunFailure
    from parley.store.parts import Entry
    from parley.store.tables import RunKey

WHOLE = "1of1"
"""Name of the writer of a whole batch."""
RETRY = "retry"
"""Name of the writer that makes failed runs of a complete batch again."""
_LOCK = ".lock"
_WRITER = ".writer-"


class Store:
    """A results folder being written. Use as a context manager.

    Writers of different names may write to one folder at the same time.

    Attributes:
        folder: Where the results are.
        resumed: Whether the folder already held this batch.
        writer: Under which name this process writes.
    """

    def __init__(self, folder: Path, *, resumed: bool, lock: int | None, writer: str = "") -> None:
        """Not for callers: use `Store.create`."""
        self.folder = folder
        self.resumed = resumed
        self._lock = lock
        self.writer = writer
        self._done = self.complete and writer != RETRY
        self._outcomes = parts.outcomes_on_disk(folder)

    @classmethod
    def create(
        cls,
        folder: Path,
        manifest: Mapping[str, object],
        attached: Mapping[str, pa.Table] | None = None,
        *,
        writer: str = WHOLE,
        retry: bool = False,
    ) -> Self:
        """Start a results folder, or take up the same batch where it stopped.

        Args:
            folder: A folder that is missing, empty, or holds the same batch.
            manifest: What to record; `batch` must be a digest of the planned runs and `planned`
                their number.
            attached: Tables to keep beside the runs, by name; written once, at the start.
            writer: Who writes, such as `2of3`; one process at a time under each name.
            retry: Also open a complete batch for writing if runs failed in it, so that finished
                runs take the place of failed ones. The folder stays as it is until `finish`.

        Raises:
            StoreError: The folder holds something else, is damaged, or is being written to under
                that name.
        """
        names = tuple(attached or ())
        holds = _holds_batch(folder, str(manifest["batch"]), names)
        if holds and _complete(folder) and not (retry and _has_failures(folder)):
            _remove_outdated_parts(folder)
            return cls._opened(folder, attached)
        try:
            with _alone(folder):
                # Another writer may have started or finished the batch in the meantime.
                holds = _holds_batch(folder, str(manifest["batch"]), names)
                if holds and _complete(folder) and not (retry and _has_failures(folder)):
                    return cls._opened(folder, attached)
                return cls._start(folder, manifest, attached, writer, resumed=holds)
        except OSError as error:
            reason = error.strerror or files.first_line(error)
            raise StoreError(f"{folder}: cannot be created ({reason})") from error

    @classmethod
    def _opened(cls, folder: Path, attached: Mapping[str, pa.Table] | None) -> Self:
        """A complete folder, to which nothing can be added."""
        files.settle(folder)
        if (folder / files.FAILURES).exists():
            parts.tidy_failures(folder, open_results(folder).states())
        if attached is not None:
            extra.check_same(folder, files.read_manifest(folder), attached)
        return cls(folder, resumed=True, lock=None)

    @classmethod
    def _start(
        cls,
        folder: Path,
        manifest: Mapping[str, object],
        attached: Mapping[str, pa.Table] | None,
        writer: str,
        *,
        resumed: bool,
    ) -> Self:
        """Become a writer, while no other process starts or finishes."""
        complete = resumed and _complete(folder)
        writer = RETRY if complete else writer
        lock = locks.take_lock(folder / files.PARTS / f"{_WRITER}{writer}")
        if lock is None:
            raise StoreError(
                f"{folder}: another process is writing to this results folder as {writer!r}; "
                "wait for it or choose another folder"
            )
        try:
            for leftover in (folder / files.PARTS).glob(f"tmp-{writer}-*"):
                shutil.rmtree(leftover)
            if not resumed:
                head: dict[str, object] = {
                    "format": files.FORMAT,
                    "schema_version": files.SCHEMA_VERSION,
                    "status": "running",
                    "started": _now(),
                }
                if attached:
                    head[extra.KEY] = extra.write(folder, attached)
                files.write_json(folder / files.MANIFEST, {**head, **manifest})
            elif attached is not None:
                extra.check_same(folder, files.read_manifest(folder), attached)
            if complete:
                files.settle(folder)
                open_results(folder)
                unpack(folder, folder, writer)
            return cls(folder, resumed=resumed, lock=lock, writer=writer)
        except BaseException:
            locks.release_lock(lock)
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
        """Let others write under this name; what was appended stays."""
        locks.release_lock(self._lock)
        self._lock = None

    @property
    def complete(self) -> bool:
        """Whether the batch has been finished."""
        return _complete(self.folder)

    @property
    def done(self) -> bool:
        """Whether nothing can be added, because the batch was or has been finished."""
        return self._done

    def manifest(self) -> dict[str, object]:
        """Read the manifest as it is on disk."""
        return files.read_manifest(self.folder)

    def finished(self) -> frozenset[RunKey]:
        """Return the keys of all runs on disk, those that failed included.

        Raises:
            StoreError: The folder is damaged.
        """
        return frozenset(self.states())

    def states(self) -> dict[RunKey, bool]:
        """Return the keys of all runs on disk, and whether each failed.

        Raises:
            StoreError: The folder is damaged.
        """
        if self.complete and (self.writer != RETRY or self._done):
            return open_results(self.folder).states()
        return {entry.key: entry.failed for entry in parts.index_parts(self.folder)}

    def append(self, results: Iterable[RunResult | RunFailure]) -> None:
        """Write runs as one part: after this call they are on the disk, or none of them is.

        Raises:
            StoreError: The batch is complete, a run reports other outcomes than the runs before
                it, or the disk refuses.
        """
        runs = list(results)
        if not runs:
            return
        if self._done:
            raise StoreError(f"{self.folder}: the batch is complete; nothing can be added")
        self._check_outcomes(runs)
        try:
            parts.write_part(self.folder, runs, self.writer)
        except OSError as error:
            if self.complete and self.writer != RETRY:
                return  # another writer had these runs too, and finished the batch
            raise StoreError(f"{self.folder}: cannot write ({error})") from error

    def finish(self) -> None:
        """Compact the parts into the final tables and mark the folder as complete.

        Raises:
            StoreError: A part is damaged, or planned runs are missing.
        """
        if not self.finish_if_whole() and not self.complete:
            planned, found = self.manifest()["planned"], len(self.finished())
            raise StoreError(
                f"{self.folder}: incomplete: {found} of {planned} runs are finished"
                + ("; other processes are still writing" if found == planned else "")
            )

    def finish_if_whole(self) -> bool:
        """Finish if every planned run is there and nobody else is writing; see `finish`.

        The last of several writers finds everything there and finishes.

        Returns:
            Whether the folder is complete, and holds what this writer has added.

        Raises:
            StoreError: A part is damaged, or the disk refuses; what was there stays.
        """
        if self._done:
            return True
        try:
            with _alone(self.folder):
                if self.complete and self.writer != RETRY:
                    self.close()  # another writer finished
                    return True
                entries = parts.index_parts(self.folder)
                self.close()  # so that the last of several writers sees nobody else
                if len(entries) < cast("int", self.manifest()["planned"]):
                    return False
                if _others_are_writing(self.folder):
                    return False
                self._replace_tables(entries)
                self._done = True
                return True
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot write ({error})") from error

    def _replace_tables(self, entries: Sequence[Entry]) -> None:
        """Write everything aside, then let it count by one rename, then move it to its place."""
        files.settle(self.folder)
        aside = self.folder / f"tmp-{files.REPLACEMENT}"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        try:
            parts.compact(aside, entries)
            failed = sum(entry.failed for entry in entries)
            manifest = self.manifest()
            counts = {"planned": len(entries), "ok": len(entries) - failed, "failed": failed}
            manifest |= {"status": "complete", "ended": _now(), "counts": counts}
            manifest["schema_version"] = files.SCHEMA_VERSION
            files.write_json(aside / files.MANIFEST, manifest)
            names = [files.MANIFEST, *(f"{name}.parquet" for name in files.TABLES)]
            digests = {name: files.digest(aside / name) for name in names}
            files.write_json(aside / files.COMPLETE, {"sha256": digests})
            files.sync(aside)
            aside.rename(self.folder / files.REPLACEMENT)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        files.sync(self.folder)
        parts.remove_parts(self.folder)
        files.settle(self.folder)
        parts.tidy_failures(self.folder, {entry.key: entry.failed for entry in entries})

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


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from starting or finishing for the length of a block."""
    work = folder / files.PARTS
    lock = None
    while lock is None:
        work.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # whoever finished took the folder away
            lock = locks.take_lock(work / _LOCK, wait=True)
    try:
        yield
    finally:
        if _complete(folder) and {path.name for path in work.glob("*")} <= {_LOCK}:
            shutil.rmtree(work, ignore_errors=True)
        locks.release_lock(lock)


def _complete(folder: Path) -> bool:
    return files.locate(folder, files.COMPLETE).exists()


def _remove_outdated_parts(folder: Path) -> None:
    """Remove parts that a process killed right after finishing left behind.

    Parts of failed runs that are being made again stay: among them are the finished tables.
    """
    leftovers = (folder / files.PARTS, folder / f"tmp-{files.PARTS}")
    if any(path.exists() for path in leftovers) and not unpacked_part(folder, folder).exists():
        with _alone(folder):
            if not _others_are_writing(folder) and not unpacked_part(folder, folder).exists():
                parts.remove_parts(folder)


def _has_failures(folder: Path) -> bool:
    return any(open_results(folder).states().values())


def _others_are_writing(folder: Path) -> bool:
    """Whether a process holds the lock of a writer."""
    return any(map(locks.is_held, (folder / files.PARTS).glob(f"{_WRITER}*")))


def _holds_batch(folder: Path, batch: str, attached: Sequence[str]) -> bool:
    """Whether the folder already holds this batch; False when there is nothing in it.

    Raises:
        StoreError: It holds something else.
    """
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise StoreError(f"{folder}: is a file; choose another results folder")
    # A start that was cut short leaves its empty work folder, and files it began with.
    names = {entry.name for entry in folder.iterdir()}
    started = {files.PARTS, f"{files.MANIFEST}.tmp"}
    if files.PARTS in names:
        started |= {f"{name}.parquet{end}" for name in attached for end in ("", ".tmp")}
    if names <= started:
        return False
    if not files.locate(folder, files.MANIFEST).exists():
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
