"""Runs orders in a few long-lived processes of this machine.

A column goes to the process that has the least to do and stays with it, so that copies of its model
are where they are needed. A process that dies, or gives no sign of life, is replaced; its columns
go on after the last month told, and the page sees no gap. Only the column whose turn it was is
blamed: when its process dies again and again, it is given up, and the others go on.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import multiprocessing
import os
import queue
import signal
import threading
import time
from dataclasses import dataclass, replace
from multiprocessing.sharedctypes import RawValue
from typing import TYPE_CHECKING

from parley_workshop.copies import Task
from parley_workshop.frames import Ended, Frame, Opening
from parley_workshop.seats import Seats
from parley_workshop.worker import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from parley_workshop.stream import Order, Told
    from parley_workshop.worker import Marker

LIVES = 2
"""How often a task is tried when the process that runs it dies in its turn."""
RECOVERED_MONTHS = 12
"""Months told after a death by which a task shows that it was not to blame."""
STARTS = 3
"""After so many processes in a row that died before they were ready, their tasks are given up."""
PATIENCE_SECONDS = 60.0
"""A process that has work and gives no sign of life for so long is ended and replaced."""
STARTING_SECONDS = 120.0
"""The same for one that has just been started: a slow disk takes its time."""
_SOON_SECONDS = 3.0
"""A process that dies so soon after its start is not replaced at once."""
_PAUSE_SECONDS = 0.5, 30.0
"""How long that waits, the first time and at most; it doubles from time to time."""


@dataclass
class _Job:
    """A task that a worker has been given."""

    task: Task
    tell: Callable[[Told], None]
    lives: int = LIVES
    opened: bool = False
    months: int = 0

    @property
    def people(self) -> int:
        """Size of its model."""
        return self.task.board.population


class _Worker:
    """One process, the threads that talk with it, and what it is doing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.jobs: dict[int, _Job] = {}
        self.lock = threading.Lock()
        self.leaving = threading.Event()
        self.silent = self.ready = False
        self.soon = self.unready = 0
        self.heard = time.monotonic()
        self.link, self.process, self.outbox, self.marker = self._spawn()
        threading.Thread(target=self._listen, name=name, daemon=True).start()

    def _spawn(
        self,
    ) -> tuple[Connection, BaseProcess, queue.SimpleQueue[Task | int | None], Marker]:
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        marker: Marker = RawValue(ctypes.c_longlong, 0)
        process = context.Process(target=main, args=(theirs, marker), name=self.name, daemon=True)
        with _deaf_to_interrupts():
            process.start()
        theirs.close()
        outbox: queue.SimpleQueue[Task | int | None] = queue.SimpleQueue()
        # A process that does not listen lets its pipe fill up; the page must not wait for that.
        threading.Thread(target=_send_all, args=(outbox, ours), daemon=True).start()
        self.heard = self.started = time.monotonic()
        self.ready = False
        return ours, process, outbox, marker

    def people(self) -> int:
        """Sizes of all models that it runs."""
        with self.lock:
            return sum(job.people for job in self.jobs.values())

    def give(self, job: _Job) -> None:
        """Hand over a task."""
        with self.lock:
            if not self.jobs:
                self.heard = time.monotonic()
            self.jobs[job.task.number] = job
            self.outbox.put(job.task)

    def drop(self, number: int) -> None:
        """Stop a task and forget it."""
        with self.lock:
            if self.jobs.pop(number, None) is not None:
                self.outbox.put(number)

    def _listen(self) -> None:
        while not self.leaving.is_set():
            try:
                number, told = self.link.recv()
            except Exception:  # noqa: BLE001 - half a message is as good as none
                if not self.leaving.is_set():
                    self._try_to_replace()
                continue
            self.heard, self.ready = time.monotonic(), True
            if told is not None:
                self._pass_on(number, told)

    def _try_to_replace(self) -> None:
        """Replace the process; where there is no room for another now, there may be later."""
        try:
            self._replace()
        except OSError:
            self.leaving.wait(_PAUSE_SECONDS[0])

    def _pass_on(self, number: int, told: Told) -> None:
        with self.lock:
            job = self.jobs.get(number)
            if job is None or (isinstance(told, Opening) and job.opened):
                return
            if isinstance(told, Frame):
                job.task = replace(job.task, first_month=told.month + 1)
                job.months += 1
                if job.months >= RECOVERED_MONTHS:
                    job.lives = LIVES
            elif isinstance(told, Opening):
                job.opened = True
            else:
                del self.jobs[number]
        job.tell(told)

    def _replace(self) -> None:
        """A new process takes over what the dead one was doing."""
        self.process.kill()
        self.process.join(2.0)
        self.unready = 0 if self.ready else self.unready + 1
        self.soon = self.soon + 1 if time.monotonic() - self.started < _SOON_SECONDS else 0
        if self.soon:
            first, most = _PAUSE_SECONDS
            self.leaving.wait(min(first * 2 ** min(self.soon - 1, 10), most))
        made = self._spawn()  # the page does not wait for that
        with self.lock:
            if self.leaving.is_set():
                _end(*made[:3])
                return
            silent, self.silent = self.silent, False
            self.outbox.put(None)
            self.link.close()
            lost = self._given_up(self.marker.value)
            self.link, self.process, self.outbox, self.marker = made
            for job in self.jobs.values():
                job.months = 0
                self.outbox.put(job.task)
        why = "gave no sign of life" if silent else "ended"
        often = f"{STARTS} times before it was ready" if self.unready >= STARTS else "twice"
        for job in lost:
            job.tell(Ended(job.task.arm, f"the process that ran it {why} {often}; try again"))

    def _given_up(self, blamed: int) -> list[_Job]:
        """Tasks that are not tried again after a death: the one to blame, or all if none can start.

        Args:
            blamed: Number of the task whose turn it was, 0 if it was nobody's.
        """
        if job := self.jobs.get(blamed):
            job.lives -= 1
            return [self.jobs.pop(blamed)] if job.lives <= 0 else []
        if self.unready < STARTS:
            return []
        lost = list(self.jobs.values())
        self.jobs.clear()
        return lost

    def end_if_silent(self, patience: float) -> None:
        """End a process that has work and has not been heard for too long; it is replaced."""
        limit = patience if self.ready else max(patience, STARTING_SECONDS)
        if self.jobs and time.monotonic() - self.heard > limit:
            self.silent, self.heard = True, time.monotonic()
            self.process.kill()

    def close(self) -> None:
        """End the process."""
        with self.lock:
            self.leaving.set()
        _end(self.link, self.process, self.outbox)


def _end(
    link: Connection, process: BaseProcess, outbox: queue.SimpleQueue[Task | int | None]
) -> None:
    """End a process that nobody needs any more."""
    outbox.put(None)
    process.terminate()
    process.join(2.0)
    if process.is_alive():
        process.kill()
        process.join(2.0)
    link.close()


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started meanwhile does not hear Ctrl-C, which is meant for the page alone."""
    if not hasattr(signal, "pthread_sigmask"):
        yield  # `worker.main` sees to it, a little later
        return
    from multiprocessing import resource_tracker  # not on Windows

    resource_tracker.ensure_running()  # starting it would let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _send_all(outbox: queue.SimpleQueue[Task | int | None], link: Connection) -> None:
    """Send what is put in, until that is None or the link is broken."""
    with contextlib.suppress(OSError):  # the listener sees the death too, and replaces the process
        while (what := outbox.get()) is not None:
            link.send(what)


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

    def __init__(self, processes: int | None = None, patience: float = PATIENCE_SECONDS) -> None:
        """Start the processes, which get ready while the page is drawn.

        Args:
            processes: How many, at least 1; as many as processors, at most four, if not given.
            patience: Seconds without a sign of life after which a process is replaced.
        """
        usual = min(4, max(1, os.cpu_count() or 1))
        self._workers = [_Worker(f"parley-months-{k}") for k in range(processes or usual)]
        self._seats = Seats(self._workers)
        self._numbers = itertools.count(1)
        self._patience, self._closed = patience, threading.Event()
        threading.Thread(target=self._watch, name="parley-watch", daemon=True).start()

    def _watch(self) -> None:
        """Look after the processes until they are closed."""
        pause = self._patience / 4
        looked = time.monotonic()
        while not self._closed.wait(pause):
            late, looked = time.monotonic() - looked > 3 * pause, time.monotonic()
            for worker in self._workers:
                if late:  # the machine slept, and the processes with it
                    worker.heard = looked
                worker.end_if_silent(self._patience)

    def start(self, order: Order, tell: Callable[[Told], None]) -> _Started:
        """Start an order; see `stream.Engine`."""
        parts = []
        for arm in order.arms:
            worker = self._workers[self._seats.find(order, arm)]
            task = Task(next(self._numbers), order.board, arm, order.first_month)
            parts.append((worker, task.number))
            worker.give(_Job(task, tell))
        return _Started(tuple(parts))

    def close(self) -> None:
        """End the processes."""
        self._closed.set()
        for worker in self._workers:
            worker.close()

    def pids(self) -> tuple[int, ...]:
        """Process numbers, for whoever looks after them."""
        return tuple(worker.process.pid or 0 for worker in self._workers)
