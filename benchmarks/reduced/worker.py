"""One implementation of W in a process of its own, told over a pipe what to do.

Reads a JSON object a line from standard input and answers each with one. Orders: `make` (folder of
a world, seed, institutions), `advance` (months), `record`, `stop`.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from memory import peak_kb

from reduced.rules import Setting
from reduced.world import load


class Worker:
    """Holds a model and times it."""

    def __init__(self, module: str) -> None:
        """Take the implementation of a module of this package."""
        self.kind = importlib.import_module(f"reduced.{module}").IMPLEMENTATION
        self.model: Any = None

    def make(self, folder: str, seed: int, institutions: int) -> dict[str, Any]:
        """Build a model of a saved world and forget the one before."""
        self.model = None
        gc.collect()
        begun = time.perf_counter()
        self.model = self.kind(load(Path(folder)), Setting(seed, institutions))
        return {"seconds": time.perf_counter() - begun, "bytes": self.model.state_bytes()}

    def advance(self, months: int) -> dict[str, Any]:
        """Live some months; seconds by the clock and of the processor, all threads together."""
        cpu, wall = time.process_time(), time.perf_counter()
        self.model.advance(months)
        done_wall, done_cpu = time.perf_counter(), time.process_time()
        return {"wall": done_wall - wall, "cpu": done_cpu - cpu, "peak_kb": peak_kb()}

    def record(self) -> dict[str, Any]:
        """What was reported."""
        record = self.model.record()
        return {"statistics": record.statistics, "protests": record.protests}


def main() -> None:
    """Answer orders until told to stop."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a package prints is no answer
    worker = Worker(sys.argv[1])
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        name = order.pop("order")
        if name == "stop":
            break
        print(json.dumps(getattr(worker, name)(**order)), file=answers, flush=True)


if __name__ == "__main__":
    main()
