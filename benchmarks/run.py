"""How fast the whole model is on this machine: `python benchmarks/run.py --people 1000`.

Each size runs in a process of its own, so that peak memory is its own. Conservation of money,
people and promises is checked every month, as in any other run.
"""

from __future__ import annotations

import argparse
import inspect
import json
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from memory import peak_kb


@dataclass(frozen=True, slots=True)
class Timing:
    """One run: its size, what it took (seconds by the clock, MB) and where the time went."""

    people: int
    months: int
    backend: str
    building: float
    running: float
    processor: float
    peak_mb: float
    steps: dict[str, float]


def backends() -> tuple[str, ...]:
    """Who can do the people's arithmetic in this version and environment, NumPy first."""
    from parley.model import PartneringModel

    chosen = "backend" in inspect.signature(PartneringModel).parameters
    return ("numpy", "compiled") if chosen and find_spec("numba") else ("numpy",)


def measure(people: int, months: int, backend: str = "numpy") -> Timing:
    """Build and run one scenario of the given size.

    Compiled code is loaded or compiled by a small run beforehand, which is not timed.
    """
    from parley.model import PartneringModel
    from parley.scenario import make_scenario

    chosen = {} if backend == "numpy" else {"backend": backend}
    if chosen:
        small = make_scenario(place="colombia", practices="hsbp", months=14, population=200)
        PartneringModel(small, 1, 0, **chosen).run_model()
    scenario = make_scenario(place="colombia", practices="hsbp", months=months, population=people)
    begun = time.perf_counter()
    model = PartneringModel(scenario, 1, 0, **chosen)
    built, processor = time.perf_counter(), time.process_time()
    model.run_model()
    done, processor = time.perf_counter(), time.process_time() - processor
    return Timing(
        people,
        months,
        backend,
        building=built - begun,
        running=done - built,
        processor=processor,
        peak_mb=peak_kb() / 1024,
        steps=dict(model.timings),
    )


def alone(people: int, months: int, backend: str = "numpy") -> Timing:
    """Measure in a fresh process, which is nobody's worker and so takes the usual threads."""
    done = subprocess.run(
        [sys.executable, "-c", "import run; run.answer()"],
        cwd=Path(__file__).resolve().parent,
        input=json.dumps([people, months, backend]),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return Timing(**json.loads(done.stdout))


def answer() -> None:
    """Measure what standard input asks for, as the process that `alone` starts."""
    print(json.dumps(asdict(measure(*json.load(sys.stdin)))))


def start_up() -> float:
    """Seconds from nothing to the command line's help; best of five."""
    command = [sys.executable, "-c", "from parley.cli import main; main()", "--help"]
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return min(times)


def print_steps(t: Timing) -> None:
    """Print what each step of the month took, dearest first."""
    print(f"\nThe month of {t.people:,} people, step by step:")
    for label, seconds in sorted(t.steps.items(), key=lambda item: -item[1]):
        print(f"{seconds / t.running:6.1%}  {1000 * seconds / t.months:9.2f} ms  {label}")


def main() -> None:
    """Measure every size asked for and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, nargs="+", default=[300, 1_000, 10_000, 100_000])
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--backend", choices=backends(), default="numpy")
    options = parser.parse_args()

    print(f"{platform.platform()}, Python {platform.python_version()}")
    print(f"parley --help: {start_up():.2f} s\n")
    print("people     build s  month s  people-months/s  peak MB")
    timings = []
    for people in options.people:
        t = alone(people, options.months, options.backend)
        timings.append(t)
        per_month = t.running / t.months
        print(
            f"{t.people:<9,}  {t.building:7.2f}  {per_month:7.4f}"
            f"  {t.people / per_month:15,.0f}  {t.peak_mb:7.0f}",
            flush=True,
        )
    by_size = sorted(timings, key=lambda t: t.people)
    print_steps(by_size[0])  # time spent whatever the number of people
    if len(by_size) > 1:
        print_steps(by_size[-1])  # time spent per person


if __name__ == "__main__":
    main()
