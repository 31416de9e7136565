"""Locks of a results folder: they end with the process that holds them, even a violent end."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What a file system answers that has no locks; parts appear by one rename all the same."""


def take_lock(path: Path, *, wait: bool = False) -> int | None:
    """Become the only holder of a lock file, until `release_lock` or the end of the process.

    Args:
        path: The lock file; made if missing.
        wait: Wait for the present holder rather than give up.

    Returns:
        What `release_lock` needs; None when another process holds the lock.

    Raises:
        OSError: The file cannot be made, for instance because its folder is gone.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not _lock(descriptor, wait=wait):
                os.close(descriptor)
                return None
            if _still_there(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # the holder before us removed the file: lock the one there is now


def release_lock(descriptor: int | None) -> None:
    """Let others take the lock."""
    if descriptor is not None:
        with contextlib.suppress(OSError):
            os.close(descriptor)


@contextlib.contextmanager
def holding(path: Path) -> Iterator[None]:
    """Hold a lock for the length of a block, waiting for it first.

    Raises:
        OSError: The lock file cannot be made.
    """
    descriptor = take_lock(path, wait=True)
    try:
        yield
    finally:
        release_lock(descriptor)


def is_held(path: Path) -> bool:
    """Whether a process, this one included, holds the lock."""
    if not path.exists():
        return False
    descriptor = take_lock(path)
    release_lock(descriptor)
    return descriptor is None


def _lock(descriptor: int, *, wait: bool) -> bool:
    """Lock an open file; whether that went well."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        return error.errno in _WITHOUT_LOCKS
    return True


def _still_there(descriptor: int, path: Path) -> bool:
    """Whether the locked file is still the one of that name."""
    try:
        return sys.platform == "win32" or os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
