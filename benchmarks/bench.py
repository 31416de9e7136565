"""Every benchmark in one command: `make bench`, or `make bench ARGS=--large` up to a million.

First all ways of writing the reduced model must agree; then they are timed against each other,
against the machine's memory, and as they grow; then the whole model. Writes a JSON file and a
Markdown page, under `results/` or, with `--publish`, `benchmarks/results/` and `docs/`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import agreement
import bandwidth
import batches
import breakdown
import environments
import full_model
import machine
import page
import run
import scaling
from driver import WorkerHandle, python_of, time_world
from load import Load, Patience
from reduced.implementations import BASELINE, IMPLEMENTATIONS, OWN
from reduced.world import make_world

ROOT = environments.ROOT
SIZES = (1_000, 10_000, 100_000)
LARGE = 1_000_000
PATIENCE = 90.0
"""Seconds to wait for a quiet machine, in all."""


class Bench:
    """One session of benchmarks.

    Attributes:
        options: from the command line.
        found: what was measured, as it goes to the results file.
        workers: the implementations of W, each in its process.
    """

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        """Prepare, with a folder to keep worlds in."""
        self.options = options
        self.folder = folder
        self.patience = Patience(options.patience)
        self.begun = time.perf_counter()
        self.found: dict[str, Any] = {
            "machine": machine.describe(),
            "large": options.large,
            "patience": options.patience,
        }
        self.workers: dict[str, WorkerHandle] = {}

    def say(self, what: str) -> None:
        """Print progress."""
        print(f"[{time.perf_counter() - self.begun:5.0f} s] {what}", flush=True)

    def start(self) -> None:
        """Start a worker for every implementation there is; say which are skipped."""
        made = (
            {} if self.options.own else {n: environments.prepare(n) for n in environments.FOREIGN}
        )
        skipped = {name: env.missing for name, env in made.items() if env.python is None}
        for name, entry in IMPLEMENTATIONS.items():
            if entry.needs and find_spec(entry.needs) is None:
                skipped[name] = f"{entry.needs} is not installed"
            elif entry.environment == OWN or (entry.environment in made):
                python = python_of(name, made)
                if python is not None:
                    self.workers[name] = WorkerHandle(name, python)
        for worker in self.workers.values():
            worker.ready()
        for name, why in skipped.items():
            self.say(f"skipped {name}: {why}")
        self.found["skipped"] = skipped

    def restart(self) -> None:
        """New processes, so that no size meets the memory that another has left in pieces."""
        for name, worker in self.workers.items():
            worker.stop()
            self.workers[name] = WorkerHandle(name, worker.python)
        for worker in self.workers.values():
            worker.ready()

    def agree(self) -> None:
        """Refuse to go on where implementations disagree."""
        names = [n for n in self.workers if IMPLEMENTATIONS[n].given and n != BASELINE]
        lockstep = agreement.lockstep(names)
        self.say(f"lockstep: {max(lockstep.worst.values()):.0e} apart at most")
        make_world(1_000).save(self.folder)
        chosen = {
            n: w for n, w in self.workers.items() if w.entry.threads == 1 or not w.entry.given
        }
        z = agreement.in_distribution(chosen, self.folder)
        self.say("own draws: " + ", ".join(f"{name} |z| {value:.1f}" for name, value in z.items()))
        self.found["lockstep"], self.found["distribution"] = asdict(lockstep), z

    def reduced(self, sizes: tuple[int, ...]) -> None:
        """Time the reduced model, size by size."""
        if find_spec("numba"):
            self.found["bandwidth"] = {threads: bandwidth.alone(threads) for threads in (1, 2)}
            self.say("memory bandwidth measured")
        self.found["breakdown"] = breakdown.alone(sizes)
        self.found["reduced"] = {}
        for people in sizes:
            self.restart()
            world = make_world(people)
            world.save(self.folder)
            rounds = 3 if people >= LARGE else self.options.rounds
            timings = time_world(self.workers, self.folder, rounds, self.patience)
            self.found["reduced"][people] = {name: t.to_json() for name, t in timings.items()}
            self.say(f"reduced model, {people:,} residents")

    def grow(self, sizes: tuple[int, ...]) -> None:
        """Growth of the reduced model with ties, institutions and months."""
        ours = {name: self.workers[name] for name in scaling.OURS if name in self.workers}
        self.found["ties"] = scaling.with_ties(ours, self.folder, self.patience)
        self.say("growth with ties")
        self.found["institutions"] = scaling.with_institutions(
            ours, self.folder, self.patience, sizes
        )
        self.say("growth with institutions")
        self.found["months"] = scaling.with_months(ours, self.folder, self.patience)
        self.say("growth with months")

    def whole(self, sizes: tuple[int, ...]) -> None:
        """The whole model and batches of it."""
        self.found["full"] = full_model.grow(sizes, self.patience)
        self.say("whole model, growth with people")
        self.found["full_months"] = full_model.with_months(self.patience)
        self.say("whole model, growth with months")
        self.found["agents"] = full_model.against_agents(self.patience)
        self.say("whole model against plain agents, in lockstep")
        self.found["runs"] = batches.measure(self.patience)
        self.say("batches")
        if self.options.large and "compiled" in run.backends():
            self.found["long_million"] = full_model.long_million()
            self.say("a million people over twenty years")

    def run(self) -> None:
        """Everything."""
        watch = Load()
        time.sleep(1.0)
        self.found["foreign_at_start"] = watch.foreign(own=0.0)
        largest = (LARGE,) if self.options.large else ()
        sizes = tuple(n for n in (*SIZES, *largest) if n <= self.options.most)
        try:
            self.start()
            self.agree()
            self.reduced(sizes)
            self.grow(tuple(n for n in sizes if n < LARGE))
        finally:
            for worker in self.workers.values():
                worker.stop()
        self.whole(sizes)
        self.found["took_seconds"] = round(time.perf_counter() - self.begun)


def options_of(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--large", action="store_true", help="also a million residents")
    parser.add_argument(
        "--publish", action="store_true", help="write docs/benchmarks.md and its results file"
    )
    parser.add_argument("--own", action="store_true", help="without mesa-frames and Starsim")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions of the reduced model")
    parser.add_argument("--most", type=int, default=LARGE, help="most residents")
    parser.add_argument(
        "--patience", type=float, default=PATIENCE, help="seconds to wait for quiet, in all"
    )
    return parser.parse_args(arguments)


def main() -> None:
    """Measure, write and show."""
    options = options_of(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, Path(folder))
        try:
            bench.run()
        except (agreement.DisagreementError, AssertionError) as error:
            sys.exit(f"nothing is timed, because implementations disagree: {error}")
    where = ROOT / "benchmarks" / "results" if options.publish else ROOT / "results"
    where.mkdir(parents=True, exist_ok=True)
    results = where / "benchmarks.json"
    text = json.dumps(bench.found, indent=1)
    results.write_text(text + "\n", encoding="utf-8")
    written = ROOT / "docs" / "benchmarks.md" if options.publish else where / "benchmarks.md"
    found = json.loads(text)
    written.write_text(page.make(found), encoding="utf-8")
    print(page.targets_table(found), end="\n\n")
    print(f"written: {os.path.relpath(results)}, {os.path.relpath(written)}")


if __name__ == "__main__":
    main()
