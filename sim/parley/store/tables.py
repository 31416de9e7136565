"""The tables of a results folder: their columns, and how runs become rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from parley.errors import StoreError
from parley.results import RunFailure, RunResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

type RunKey = tuple[str, str, int, str]
"""Place, arm, replicate, identity: what a run is filed under, and the order of every table."""

type Columns = list[tuple[str, pa.DataType]]

KEYS: Columns = [
    ("place", pa.string()),
    ("arm", pa.string()),
    ("replicate", pa.int32()),
    ("identity", pa.string()),
]
RUN_COLUMNS: Columns = [
    *KEYS,
    ("root_seed", pa.int64()),
    ("status", pa.string()),
    ("reason", pa.string()),
    ("start", pa.date32()),
    ("months", pa.int32()),
    ("people", pa.int64()),
]
GONE = ("missing_dials",)
"""Columns of runs that earlier schema versions had."""

SERIES_COLUMNS: Columns = [
    *KEYS,
    ("month", pa.int32()),
    ("date", pa.date32()),
    ("group", pa.string()),
]
EVENT_COLUMNS: Columns = [
    *KEYS,
    ("month", pa.int32()),
    ("kind", pa.string()),
    ("actor", pa.string()),
    ("target", pa.string()),
    ("amount", pa.float64()),
]
TIMING_COLUMNS: Columns = [
    *KEYS,
    ("step", pa.string()),
    ("seconds", pa.float64()),
]


_COLUMNS = {
    "runs": RUN_COLUMNS,
    "series": SERIES_COLUMNS,
    "events": EVENT_COLUMNS,
    "timings": TIMING_COLUMNS,
}


def run_key(run: RunResult | RunFailure) -> RunKey:
    """Return what a run is filed under."""
    return (run.place, run.arm, run.replicate, run.identity)


def runs_table(runs: Sequence[RunResult | RunFailure]) -> pa.Table:
    """Build one row per run, finished or failed, with final values as the last columns."""
    rows = [_run_row(run) for run in runs]
    finals = list(dict.fromkeys(name for run in runs for name in _finals(run)))
    schema = pa.schema(RUN_COLUMNS + [(name, pa.float64()) for name in finals])
    return pa.Table.from_pylist(rows, schema=schema)


def order_finals(runs: pa.Table) -> pa.Table:
    """Put the values known at the end in order of their names, however runs were cut into parts."""
    base = [name for name, _ in RUN_COLUMNS]
    more = [name for name in runs.column_names if name not in (*base, *GONE)]
    return runs.select([*base, *sorted(more)])


def series_table(run: RunResult) -> pa.Table:
    """Build one row per kept month and reporting group of a run, one column per outcome.

    Raises:
        StoreError: An array does not have the shape (kept months, groups), or the kept months are
            not in order within the run.
    """
    kept = _kept_months(run)
    shape = (len(kept), len(run.groups))
    for name, values in run.series.items():
        if values.shape != shape:
            raise StoreError(
                f"run {run.place}/{run.arm}/{run.replicate}: outcome {name!r} has shape "
                f"{values.shape}; expected (months, groups) = {shape}"
            )
    size = shape[0] * shape[1]
    month = np.repeat(np.array(kept, dtype=np.int32), len(run.groups))
    first = np.datetime64(run.start.replace(day=1), "M")
    columns: list[pa.Array] = [
        *_key_columns(run, size),
        pa.array(month),
        pa.array((first + month).astype("datetime64[D]")),
        pa.array(run.groups * shape[0], pa.string()),
    ]
    columns += [
        pa.array(np.asarray(values, np.float64).ravel(), from_pandas=True)
        for values in run.series.values()
    ]
    schema = pa.schema(SERIES_COLUMNS + [(name, pa.float64()) for name in run.series])
    return pa.Table.from_arrays(columns, schema=schema)


def _kept_months(run: RunResult) -> Sequence[int]:
    """Return the months that the rows of the series stand for."""
    if run.kept_months is None:
        return range(run.months)
    kept = run.kept_months
    if list(kept) != sorted(set(kept)) or not set(kept) <= set(range(run.months)):
        raise StoreError(
            f"run {run.place}/{run.arm}/{run.replicate}: kept months {kept}; expected ascending "
            f"months from 0 to {run.months - 1}"
        )
    return kept


def events_table(run: RunResult) -> pa.Table:
    """Build one row per event, in the order in which the run reports them."""
    rows = [
        (*run_key(run), event.month, event.kind, event.actor, event.target, event.amount)
        for event in run.events
    ]
    return _from_rows(rows, EVENT_COLUMNS)


def timings_table(run: RunResult) -> pa.Table:
    """Build one row per step of the month."""
    rows = [(*run_key(run), step, seconds) for step, seconds in run.timings.items()]
    return _from_rows(rows, TIMING_COLUMNS)


def empty_table(name: str) -> pa.Table:
    """Build a table without rows and without outcomes."""
    return pa.schema(_COLUMNS[name]).empty_table()


def _from_rows(rows: Sequence[tuple[object, ...]], columns: Columns) -> pa.Table:
    arrays = [
        pa.array([row[i] for row in rows], kind, from_pandas=True)
        for i, (_, kind) in enumerate(columns)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(columns))


def _key_columns(run: RunResult, size: int) -> list[pa.Array]:
    values = zip(run_key(run), (kind for _, kind in KEYS), strict=True)
    return [pa.repeat(pa.scalar(value, kind), size) for value, kind in values]


def _finals(run: RunResult | RunFailure) -> Mapping[str, float]:
    return run.finals if isinstance(run, RunResult) else {}


def _run_row(run: RunResult | RunFailure) -> dict[str, object]:
    row: dict[str, object] = {
        "place": run.place,
        "arm": run.arm,
        "replicate": run.replicate,
        "identity": run.identity,
        "root_seed": run.root_seed,
    }
    if isinstance(run, RunFailure):
        return row | {"status": "failed", "reason": run.reason}
    row |= {
        "status": "ok",
        "reason": "",
        "start": run.start,
        "months": run.months,
        "people": run.people,
    }
    return row | {name: None if math.isnan(value) else value for name, value in run.finals.items()}
