"""Finished tables taken apart again, so that runs can be added to them or replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyarrow.compute as pc

from parley.errors import StoreError
from parley.store import files, parts, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa


def unpack(source: Path, target: Path, writer: str) -> None:
    """Write the final tables of a complete folder as one part of a folder being written.

    Args:
        source: A complete results folder, checked.
        target: A folder with a place for parts; may be the same.
        writer: Who writes.

    Raises:
        StoreError: The tables do not belong together.
    """
    part = unpacked_part(source, target)
    if part.exists():
        return
    runs = files.open_parquet(files.locate(source, "runs.parquet")).read()
    runs = runs.drop_columns([gone for gone in tables.GONE if gone in runs.column_names])
    keys = [column for column, _ in tables.KEYS]
    orders = runs.select([*keys, "status"]).to_pylist()
    with parts.new_part(target, part.name, writer) as folder:
        parts.write_table(folder / "runs.parquet", [runs])
        if any(order["status"] == "ok" for order in orders):
            for table in files.TABLES[1:]:
                pieces = _pieces(source, table, orders)
                parts.write_table(folder / f"{table}.parquet", pieces)


def unpacked_part(source: Path, target: Path) -> Path:
    """Return where the tables of a complete folder lie once unpacked, before all other parts."""
    digest = files.digest(files.locate(source, files.COMPLETE))
    return target / files.PARTS / f"part-{0:020d}-{digest[:32]}"


def _pieces(source: Path, name: str, orders: list[dict[str, object]]) -> Iterator[pa.Table]:
    """Yield the rows of each finished run, reading one row group at a time."""
    path = files.locate(source, f"{name}.parquet")
    file = files.open_parquet(path)
    group, rows = 0, 0
    for start in range(0, len(orders), parts.RUNS_PER_ROW_GROUP):
        chunk = [
            order
            for order in orders[start : start + parts.RUNS_PER_ROW_GROUP]
            if order["status"] == "ok"
        ]
        if not chunk:
            continue
        table = file.read_row_group(group)
        group += 1
        for order in chunk:
            piece = table
            for column, _ in tables.KEYS:
                piece = piece.filter(pc.equal(piece[column], order[column]))
            rows += piece.num_rows
            yield piece.combine_chunks()
    if rows != cast("int", file.metadata.num_rows):
        raise StoreError(f"{path}: holds rows that belong to no run of runs.parquet")
