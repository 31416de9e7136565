"""Results folders: written in whole parts as runs finish, resumed, compacted, checked on opening.

A finished folder holds `runs.parquet`, `series.parquet`, `events.parquet`, `timings.parquet`,
`manifest.json`, one text file per failed run under `failures/`, and `COMPLETE`, written last, with
the digest of every file; tables that the batch was given at its start lie beside them. While a
batch is under way the runs lie in `parts/`. Rows are sorted by place, arm, replicate and month, so
neither the number of processes, nor a split over machines, nor the order in which runs finish, nor
an interruption changes a byte of the tables (timings apart).
"""

from parley.store.merging import MergeReport, merge_results
from parley.store.reading import Results, open_results
from parley.store.writing import Store

__all__ = ["MergeReport", "Results", "Store", "merge_results", "open_results"]
