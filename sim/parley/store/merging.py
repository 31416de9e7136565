"""Merging results folders that hold parts of one batch, made by several machines."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from parley.errors import StoreError
from parley.store import attached as extra
from parley.store import files, parts
from parley.store.reading import open_results
from parley.store.unpacking import unpack
from parley.store.writing import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WRITER = "merge"
_OF_ONE_FOLDER = ("format", "schema_version", "status", "started", "ended", "counts", extra.KEY)


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What became of a merge.

    Attributes:
        folder: The merged results folder.
        planned: Runs of the batch.
        found: Runs that are there now, those that failed included.
        failed: Those among them that failed.
        complete: Whether the folder is finished, with every planned run in it.
    """

    folder: Path
    planned: int
    found: int
    failed: int
    complete: bool


def merge_results(folders: Sequence[Path | str], into: Path | str) -> MergeReport:
    """Bring the runs of several results folders of one batch together.

    Folders may be complete or not, and may overlap: a run counts once, and rather finished than
    failed. They stay as they are. When every planned run is there, the result is finished and
    equals the folder of a batch made in one go, byte for byte (timings apart).

    Args:
        folders: Results folders of the same batch.
        into: Folder that is missing, empty, or holds the same batch.

    Raises:
        StoreError: There are no folders, or some are damaged or of another batch; all of these
            are named, and nothing has been written.
    """
    sources = [Path(folder) for folder in folders if Path(folder).resolve() != Path(into).resolve()]
    target = Path(into)
    if not folders:
        raise StoreError("merge: no results folder given")
    if not sources:
        raise StoreError(f"merge: {target} is the only folder given; name those to merge into it")
    manifests = _same_batch(sources)
    first = sources[0]
    about = {key: value for key, value in manifests[0].items() if key not in _OF_ONE_FOLDER}
    tables = {name: extra.read(first, manifests[0], name) for name in extra.names(manifests[0])}
    for folder, manifest in zip(sources[1:], manifests[1:], strict=True):
        extra.check_same(folder, manifest, tables)
    with Store.create(target, about, tables, writer=_WRITER, retry=True) as store:
        for folder in () if store.done else sources:
            _take(folder, target, store.writer)
        states = store.states()
        complete = store.finish_if_whole()
    planned = cast("int", about["planned"])
    return MergeReport(target, planned, len(states), sum(states.values()), complete)


def _same_batch(folders: Sequence[Path]) -> list[dict[str, object]]:
    """Read the manifests, refusing folders of another batch than the first."""
    manifests, problems = [], []
    for folder in folders:
        try:
            manifest = files.read_manifest(folder)
            open_results(folder, partial=True).keys()  # it is whole
        except StoreError as error:
            problems.append(str(error))
            continue
        manifests.append(manifest)
        if manifest.get("batch") != manifests[0].get("batch"):
            problems.append(
                f"{folder}: holds another batch ({_name(manifest)}) than {folders[0]} "
                f"({_name(manifests[0])})"
            )
    if problems:
        raise StoreError("\n".join([*problems, "nothing was merged"]))
    return manifests


def _name(manifest: Mapping[str, object]) -> str:
    digest = str(manifest.get("batch"))[:8]
    return f"{manifest.get('label') or 'no label'}, {manifest.get('planned')} runs, {digest}"


def _take(source: Path, target: Path, writer: str) -> None:
    """Bring the runs of one folder into another."""
    if files.locate(source, files.COMPLETE).exists():
        unpack(source, target, writer)
    else:
        for part in parts.list_parts(source):
            parts.copy_part(part, target, writer)
    for path in sorted((source / files.FAILURES).glob("*.txt")):
        folder = target / files.FAILURES
        folder.mkdir(exist_ok=True)
        if not (folder / path.name).exists():
            shutil.copyfile(path, folder / path.name)
