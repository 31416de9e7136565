"""Results folders: written in whole parts as runs finish, resumed, compacted, checked on opening.

A finished folder holds `runs.parquet`, `series.parquet`, `events.parquet`, `timings.parquet`,
`manifest.json`, one text file per failed run under `failures/`, and `COMPLETE`, written last, with
the digest of every file. While a batch is under way the runs lie in `parts/`. Rows are sorted by
place, arm, replicate and month, so neither the number of processes, nor the order in which runs
finish, nor an interruption changes a byte of the tables (timings apart).
"""

from parley.store.reading import Results, open_results
from parley.store.writing import Store

__all__ = ["Results", "Store", "open_results"]
