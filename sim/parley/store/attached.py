"""Tables that a batch is given at its start, such as the points of a design.

They are written before the manifest, which carries their digests, so a results folder has them
whole or is not yet a results folder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from parley.errors import StoreError, did_you_mean
from parley.store import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY = "attached"
"""Where the manifest keeps the digests."""


def write(folder: Path, attached: Mapping[str, pa.Table]) -> dict[str, dict[str, object]]:
    """Write attached tables and return what the manifest says of them.

    Args:
        folder: The results folder.
        attached: Tables by name: small letters, digits and underscores.

    Raises:
        StoreError: A name is not allowed.
    """
    for name in attached:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in files.TABLES:
            raise StoreError(
                f"attached table {name!r}: expected a name of small letters, digits and "
                f"underscores other than {', '.join(files.TABLES)}"
            )
    about: dict[str, dict[str, object]] = {}
    for name, table in attached.items():
        path = folder / f"{name}.parquet"
        temporary = path.with_name(path.name + ".tmp")
        with files.open_writer(temporary, table.schema) as writer:
            writer.write_table(table)
        files.publish(temporary, path)
        about[name] = {"sha256": files.digest(path), "rows": table.num_rows}
    return about


def names(manifest: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the attached tables."""
    return tuple(_about(manifest))


def check(folder: Path, manifest: Mapping[str, object]) -> None:
    """Refuse a folder whose attached tables are missing or not as they were written.

    Raises:
        StoreError: The message names the file.
    """
    for name, about in _about(manifest).items():
        path = files.locate(folder, f"{name}.parquet")
        if not path.is_file():
            raise StoreError(f"{path}: missing from the results folder")
        if files.digest(path) != about.get("sha256"):
            raise StoreError(
                f"{path}: damaged or changed since it was written (its digest differs from the "
                f"one in {files.MANIFEST})"
            )


def read(folder: Path, manifest: Mapping[str, object], name: str) -> pa.Table:
    """Read an attached table.

    Raises:
        StoreError: There is none of that name, or it is damaged.
    """
    known = names(manifest)
    if name not in known:
        hint = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"
        raise StoreError(f"{folder}: no attached table {name!r}; {hint}")
    path = files.locate(folder, f"{name}.parquet")
    try:
        return files.open_parquet(path).read()
    except (pa.ArrowException, OSError) as error:
        raise StoreError(f"{path}: cannot be read ({files.first_line(error)})") from error


def check_same(
    folder: Path, manifest: Mapping[str, object], attached: Mapping[str, pa.Table]
) -> None:
    """Refuse a folder that holds the same runs with other attached tables.

    Raises:
        StoreError: A table differs, is missing or is more.
    """
    check(folder, manifest)
    different = sorted(set(attached) ^ set(names(manifest))) or [
        name
        for name, table in attached.items()
        if not read(folder, manifest, name).to_pandas().equals(table.to_pandas())
    ]
    if different:
        raise StoreError(
            f"{folder}: already holds the same runs for another design (the attached tables "
            f"differ: {', '.join(different)}); nothing was changed, choose another folder"
        )


def _about(manifest: Mapping[str, object]) -> dict[str, dict[str, object]]:
    return cast("dict[str, dict[str, object]]", manifest.get(KEY) or {})
