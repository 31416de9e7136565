"""Where the time of a month of W goes: draws, neighbours, and the rest.

`python benchmarks/breakdown.py 1000 100000` prints processor seconds by implementation and size.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from driver import THREAD_VARIABLES
from reduced import parley_numpy
from reduced.rules import Setting
from reduced.world import make_world

if TYPE_CHECKING:
    from reduced.world import World

    type Parts = dict[str, float]

SECONDS = 0.1
REPEATS = 5


def alone(sizes: tuple[int, ...]) -> dict[str, dict[str, Parts]]:
    """Measure in a fresh process on one thread."""
    done = subprocess.run(
        [sys.executable, Path(__file__), *map(str, sizes)],
        env=os.environ | dict.fromkeys(THREAD_VARIABLES, "1"),
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, dict[str, Parts]] = json.loads(done.stdout)
    return found


def quickest(work: Callable[[], object]) -> float:
    """Processor seconds of some work, the lowest of several repetitions."""
    work()
    times: list[float] = []
    calls = 1
    while len(times) < REPEATS:
        begun = time.process_time()
        for _ in range(calls):
            work()
        took = time.process_time() - begun
        if took < SECONDS / 4:
            calls *= 4
        else:
            times.append(took / calls)
    return min(times)


def of_numpy(world: World) -> Parts:
    """Parts of a month in NumPy."""
    model = parley_numpy.IMPLEMENTATION(world, Setting())
    streams, n = model.streams, world.n
    return {
        "draws": quickest(lambda: (streams.normal("a", 0, n), streams.uniform("b", 0, n))),
        "neighbours": quickest(lambda: model.ties.row_mean(model.people["grievance_operational"])),
        "everything": quickest(model.step),
    }


def of_kernel(world: World) -> Parts:
    """Parts of a compiled month."""
    from reduced import kernel, parley_numba

    model = parley_numba.IMPLEMENTATION(world, Setting())
    grievance = model.people["grievance_operational"]
    return {
        "draws": quickest(lambda: kernel.draw_all(model.keys, world.n)),
        "neighbours": quickest(lambda: kernel.gather_all(model.network, grievance)),
        "everything": quickest(model.step),
    }


def main() -> None:
    """Measure every size asked for."""
    kinds = {"numpy": of_numpy} | ({"numba": of_kernel} if find_spec("numba") else {})
    worlds = {size: make_world(int(size)) for size in sys.argv[1:]}
    found = {
        name: {size: measure(world) for size, world in worlds.items()}
        for name, measure in kinds.items()
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
