"""Files of a results folder: names, whole-or-nothing writing, careful reading."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from parley.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = "parley-results"
SCHEMA_VERSION = 3
READABLE = (1, 2, 3)
"""Schema versions that can be opened.

Version 1 had one more column of runs, which is left out. Versions before 3 had no attached tables,
no digests inside parts, and a row of `series` for every month of a run.
"""
MANIFEST = "manifest.json"
COMPLETE = "COMPLETE"
FAILURES = "failures"
PARTS = "parts"
REPLACEMENT = "replacement"
"""Folder of finished files that count instead of those beside it, until they are moved there."""
TABLES = ("runs", "series", "events", "timings")
COMPARED_TABLES = ("runs", "series", "events")
"""Tables that are the same byte for byte however the runs were spread over processes."""


def open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Open a Parquet file for writing, with the settings all files here share."""
    numbers = [field.name for field in schema if pa.types.is_floating(field.type)]
    words = [field.name for field in schema if pa.types.is_string(field.type)]
    return pq.ParquetWriter(
        path, schema, compression="zstd", use_dictionary=words, use_byte_stream_split=numbers
    )


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a Parquet file.

    Raises:
        StoreError: The file is missing or does not read as Parquet.
    """
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError:
        raise StoreError(f"{path}: missing from the results folder") from None
    except (pa.ArrowException, OSError) as error:
        raise StoreError(f"{path}: not a whole Parquet file ({first_line(error)})") from error


def locate(folder: Path, name: str) -> Path:
    """Return where a file of a results folder lies, also while a replacement is being moved."""
    newer = folder / REPLACEMENT / name
    return newer if newer.exists() else folder / name


def settle(folder: Path) -> None:
    """Move the files of a replacement to their places. May be cut short and done again."""
    replacement = folder / REPLACEMENT
    if not replacement.is_dir():
        return
    for path in sorted(replacement.iterdir()):
        with contextlib.suppress(FileNotFoundError):  # another process moved it
            path.replace(folder / path.name)
    sync(folder)
    with contextlib.suppress(OSError):
        replacement.rmdir()


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON object so that the old or the new content is there, never half of it."""
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a small file so that the old or the new content is there, never half of it."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, "utf-8")
    publish(temporary, path)


def publish(temporary: Path, path: Path) -> None:
    """Move a finished temporary file to its name once its content is on the disk."""
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk."""
    windows = sys.platform == "win32"
    if windows and path.is_dir():
        return  # Windows does not open folders
    descriptor = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_json(path: Path) -> dict[str, object]:
    """Read a JSON object.

    Raises:
        StoreError: The file does not hold one.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: does not read as JSON ({first_line(error)})") from error
    if not isinstance(content, dict):
        raise StoreError(f"{path}: expected a JSON object, found {type(content).__name__}")
    return content


def read_manifest(folder: Path) -> dict[str, object]:
    """Read the manifest of a results folder.

    Raises:
        StoreError: There is none, or it is not one this version reads.
    """
    if not folder.exists():
        raise StoreError(f"{folder}: no such folder")
    if not folder.is_dir():
        raise StoreError(f"{folder}: a file, not a results folder")
    path = locate(folder, MANIFEST)
    if not path.exists():
        raise StoreError(f"{folder}: not a results folder (no {MANIFEST} in it)")
    try:
        manifest = read_json(path)
    except StoreError:
        moved = locate(folder, MANIFEST)  # by a process that is finishing, at this moment
        if moved == path:
            raise
        manifest = read_json(moved)
    if manifest.get("format") != FORMAT:
        raise StoreError(f"{path}: not a manifest of Parley results")
    version = manifest.get("schema_version")
    if version not in READABLE:
        raise StoreError(
            f"{path}: schema version {version!r}; this Parley reads versions "
            f"{READABLE[0]} to {READABLE[-1]}. Open the folder with the Parley that wrote it (see "
            "`versions` in the manifest) or run the batch again"
        )
    return manifest


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message."""
    return str(error).partition("\n")[0] or type(error).__name__
