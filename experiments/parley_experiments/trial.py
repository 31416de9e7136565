"""What a batch will take, from a few of its runs made now: seconds a run, bytes a run."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parley.results import RunFailure, RunResult
from parley.store.tables import events_table, series_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.results import RunSpec
    from parley_experiments.batch import RunOne


@dataclass(frozen=True, slots=True)
class Trial:
    """What one run takes, on average.

    Attributes:
        runs: Runs that were made to find out.
        seconds: Seconds on one processor.
        bytes: Bytes on the disk.
        failures: Reasons of those among them that failed, which take less of both.
    """

    runs: int
    seconds: float
    bytes: float
    failures: tuple[str, ...] = ()


def try_runs(specs: Sequence[RunSpec], run_one: RunOne, runs: int = 4) -> Trial:
    """Make a few runs, spread over the batch, one after the other.

    The first one is made twice: what is loaded and compiled once does not count.

    Args:
        specs: The batch, not empty.
        run_one: What makes one run.
        runs: How many, at least 1.
    """
    chosen = np.unique(np.linspace(0, len(specs) - 1, runs).round().astype(np.int64)).tolist()
    run_one(specs[chosen[0]])
    begun = time.perf_counter()
    results = [run_one(specs[i]) for i in chosen]
    seconds = (time.perf_counter() - begun) / len(chosen)
    finished = [result for result in results if isinstance(result, RunResult)]
    size = sum(
        _bytes_a_run([rows(run) for run in finished]) for rows in (series_table, events_table)
    )
    failures = tuple(result.reason for result in results if isinstance(result, RunFailure))
    return Trial(len(chosen), seconds, size, failures)


def _bytes_a_run(tables: Sequence[pa.Table]) -> float:
    """What one more run adds to a compressed Parquet file."""
    if len(tables) < 2:
        return float(sum(map(_written, tables)))
    return (_written(pa.concat_tables(tables)) - _written(tables[0])) / (len(tables) - 1)


def _written(table: pa.Table) -> int:
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.tell()
