"""Runs orders in a few long-lived processes of this machine.

The columns of a board go to the processes in turn and stay with them, so that copies of the model
are where they are needed. A process that dies is replaced; its columns go on after the last month
told, and the page sees no gap.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parley_workshop.frames import Ended, Frame, Opening
from parley_workshop.worker import Task, main

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from parley_workshop.stream import Order, Told

LIVES = 2
"""How often a task is tried when the process that runs it dies."""


@dataclass
class _Job:
    """A task that a worker has been given."""

    task: Task
    tell: Callable[[Told], None]
    lives: int = LIVES
    opened: bool = False


class _Worker:
    """One process, the thread that listens to it, and what it is doing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.jobs: dict[int, _Job] = {}
        self.lock = threading.Lock()
        self.closing = False
        self.link, self.process = self._spawn()
        threading.Thread(target=self._listen, name=name, daemon=True).start()

    def _spawn(self) -> tuple[Connection, BaseProcess]:
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=main, args=(theirs,), name=self.name, daemon=True)
        process.start()
        theirs.close()
        return ours, process

    def give(self, job: _Job) -> None:
        """Hand over a task."""
        with self.lock:
            self.jobs[job.task.number] = job
            self._send(job.task)

    def drop(self, number: int) -> None:
        """Stop a task and forget it."""
        with self.lock:
            if self.jobs.pop(number, None) is not None:
                self._send(number)

    def _send(self, what: Task | int) -> None:
        with contextlib.suppress(OSError):  # the listener sees the death too, and replaces it
            self.link.send(what)

    def _listen(self) -> None:
        while not self.closing:
            try:
                number, told = self.link.recv()
            except (EOFError, OSError):
                if not self.closing:
                    self._replace()
                continue
            self._pass_on(number, told)

    def _pass_on(self, number: int, told: Told) -> None:
        with self.lock:
            job = self.jobs.get(number)
            if job is None or (isinstance(told, Opening) and job.opened):
                return
            if isinstance(told, Frame):
                job.task = replace(job.task, first_month=told.month + 1)
            elif isinstance(told, Opening):
                job.opened = True
            else:
                del self.jobs[number]
        job.tell(told)

    def _replace(self) -> None:
        """A new process takes over what the dead one was doing."""
        lost = []
        with self.lock:
            self.process.join(1.0)
            self.link.close()
            self.link, self.process = self._spawn()
            for number, job in list(self.jobs.items()):
                job.lives -= 1
                if job.lives > 0:
                    self._send(job.task)
                else:
                    lost.append(self.jobs.pop(number))
        for job in lost:
            job.tell(Ended(job.task.arm, "the process that ran it ended twice; try again"))

    def close(self) -> None:
        """End the process."""
        self.closing = True
        self.process.terminate()
        self.process.join(2.0)
        self.link.close()


@dataclass(frozen=True, slots=True)
class _Started:
    """An order under way."""

    parts: tuple[tuple[_Worker, int], ...]

    def stop(self) -> None:
        """Stop it."""
        for worker, number in self.parts:
            worker.drop(number)


class LocalEngine:
    """Processes of this machine; a `stream.Engine`."""

    def __init__(self, processes: int | None = None) -> None:
        """Start the processes, which get ready while the page is drawn.

        Args:
            processes: How many, at least 1; as many as processors, at most four, if not given.
        """
        usual = min(4, max(1, os.cpu_count() or 1))
        self._workers = [_Worker(f"parley-months-{k}") for k in range(processes or usual)]
        self._numbers = itertools.count(1)

    def start(self, order: Order, tell: Callable[[Told], None]) -> _Started:
        """Start an order; see `stream.Engine`."""
        parts = []
        for arm in order.arms:
            worker = self._workers[arm % len(self._workers)]
            task = Task(next(self._numbers), order.board, arm, order.first_month)
            parts.append((worker, task.number))
            worker.give(_Job(task, tell))
        return _Started(tuple(parts))

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.close()

    def pids(self) -> tuple[int, ...]:
        """Process numbers, for whoever looks after them."""
        return tuple(worker.process.pid or 0 for worker in self._workers)
