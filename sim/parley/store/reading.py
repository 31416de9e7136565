"""Opening a results folder: every file is checked before a number is read from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parley.errors import StoreError, did_you_mean
from parley.store import attached as extra
from parley.store import files, parts, tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from parley.store.tables import RunKey

    type _Filter = tuple[str, str, list[str] | list[int]]


@dataclass(frozen=True)
class Results:
    """A results folder, checked and open for reading.

    Attributes:
        folder: Where it lies.
        manifest: Label, question, inputs, versions, counts.
        complete: Whether every planned run is in it.
        outcomes: Columns of the series table that are outcomes.
    """

    folder: Path
    manifest: Mapping[str, object]
    complete: bool
    outcomes: tuple[str, ...]

    @property
    def planned(self) -> int:
        """Runs that were asked for."""
        return cast("int", self.manifest["planned"])

    def keys(self) -> frozenset[RunKey]:
        """Return the keys of all runs, those that failed included."""
        runs = self._table("runs", [name for name, _ in tables.KEYS])
        return frozenset(zip(*(runs[name].to_pylist() for name, _ in tables.KEYS), strict=True))

    def states(self) -> dict[RunKey, bool]:
        """Return the keys of all runs, and whether each failed."""
        runs = self._table("runs", [*(name for name, _ in tables.KEYS), "status"])
        status = runs["status"].to_pylist()
        keys = zip(*(runs[name].to_pylist() for name, _ in tables.KEYS), strict=True)
        return {key: state != "ok" for key, state in zip(keys, status, strict=True)}

    def attached(self, name: str) -> pd.DataFrame:
        """Read a table that the batch was given at its start, such as `points`.

        Raises:
            StoreError: There is none of that name.
        """
        return _frame(extra.read(self.folder, self.manifest, name))

    @property
    def attached_names(self) -> tuple[str, ...]:
        """Names of the tables that the batch was given at its start."""
        return extra.names(self.manifest)

    def runs(self) -> pd.DataFrame:
        """Read one row per run.

        Columns: place, arm, replicate, identity, root_seed, status (`ok` or `failed`), reason,
        start, months, people, then values known only at the end of a run, such as `npv`.
        """
        runs = _frame(self._table("runs", None))
        return runs.drop(columns=[name for name in tables.GONE if name in runs])

    def series(
        self,
        outcomes: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        month: int | None = None,
        *,
        identities: bool = False,
    ) -> pd.DataFrame:
        """Read one row per run, month and reporting group.

        Args:
            outcomes: Outcomes to read; None for all, which may be large.
            groups: Reporting groups; None for all.
            month: One month of the run, from 0; None for all.
            identities: Also read what each run is known by; runs of a sweep may share place, arm
                and replicate.

        Returns:
            Columns place, arm, replicate, identity if asked for, month (from 0), date, group, then
            the outcomes, NaN where an outcome has no value for a group. Months that were not kept
            have no rows.

        Raises:
            StoreError: An outcome is not in these results.
        """
        for name in outcomes or ():
            if name not in self.outcomes:
                hint = did_you_mean(name, self.outcomes)
                raise StoreError(f"{self.folder}: no outcome {name!r}; {hint}".rstrip("; "))
        chosen = self.outcomes if outcomes is None else tuple(outcomes)
        base = [name for name, _ in tables.SERIES_COLUMNS if identities or name != "identity"]
        wanted: list[_Filter] = [] if groups is None else [("group", "in", list(groups))]
        if month is not None:
            wanted.append(("month", "in", [month]))
        return _frame(self._table("series", [*base, *chosen], wanted))

    def events(self) -> pd.DataFrame:
        """Read one row per event: place, arm, replicate, month, kind, actor, target, amount."""
        return _frame(self._table("events", None)).drop(columns="identity")

    def timings(self) -> pd.DataFrame:
        """Read seconds spent per run and step: place, arm, replicate, step, seconds."""
        return _frame(self._table("timings", None)).drop(columns="identity")

    def _table(
        self, name: str, columns: list[str] | None, wanted: Sequence[_Filter] = ()
    ) -> pa.Table:
        """Read one table, some columns and some rows of it."""
        if self.complete:
            path = files.locate(self.folder, f"{name}.parquet")
            try:
                return pq.read_table(path, columns=columns, filters=list(wanted) or None)
            except (pa.ArrowException, OSError) as error:
                raise StoreError(f"{path}: cannot be read ({files.first_line(error)})") from error
        table = parts.read_rows(parts.index_parts(self.folder), name, columns)
        for column, _, values in wanted:
            table = table.filter(pc.is_in(table[column], pa.array(values, table[column].type)))
        return table


def open_results(folder: Path | str, *, partial: bool = False) -> Results:
    """Open a results folder, checking that it is one and that it is whole.

    Args:
        folder: The folder.
        partial: Also accept a batch that is not finished, with the runs it has so far.

    Raises:
        StoreError: Not a results folder, of another schema version, unfinished, or damaged; the
            message names the file and says what to do.
    """
    folder = Path(folder)
    manifest = files.read_manifest(folder)
    extra.check(folder, manifest)
    if files.locate(folder, files.COMPLETE).exists():
        _check_files(folder)
        series = files.locate(folder, "series.parquet")
        names = files.open_parquet(series).schema_arrow.names
        outcomes = tuple(names[len(tables.SERIES_COLUMNS) :])
        return Results(folder, manifest, complete=True, outcomes=outcomes)
    if not partial:
        count = len(parts.index_parts(folder))
        raise StoreError(
            f"{folder}: incomplete: {count} of {manifest.get('planned')} runs are finished; give "
            "the command that started it again to resume"
        )
    return Results(folder, manifest, complete=False, outcomes=parts.outcomes_on_disk(folder) or ())


def _check_files(folder: Path) -> None:
    """Refuse a complete folder in which a file is missing or not as it was written."""
    complete = files.locate(folder, files.COMPLETE)
    expected = files.read_json(complete).get("sha256")
    if not isinstance(expected, dict):
        raise StoreError(f"{complete}: damaged (no digests in it)")
    for name in [files.MANIFEST, *(f"{table}.parquet" for table in files.TABLES)]:
        path = files.locate(folder, name)
        if not path.is_file():
            path = files.locate(folder, name)  # a process that is finishing may have moved it
        if not path.is_file():
            raise StoreError(f"{path}: missing from the results folder")
        if files.digest(path) != expected.get(name):
            raise StoreError(
                f"{path}: damaged or changed since it was written (its digest differs from the "
                f"one in {files.COMPLETE})"
            )


def _frame(table: pa.Table) -> pd.DataFrame:
    return cast("pd.DataFrame", table.to_pandas(date_as_object=False))
