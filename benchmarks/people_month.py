"""The people's month: columns against plain Mesa agents, the same work, compared before it counts.

`python benchmarks/people_month.py --people 1000 10000`

The plain agents of `tests/oracle` follow the same rules with the same draws. Both live every
month one after the other, and a month is timed only if they agree on every decision and, to
1e-10, on every number. Times are processor times, which other programs disturb less than the
clock on the wall. Columns are charged for drawing their random numbers; the agents get theirs
for nothing. Month 0, when every agent looks at every other, is compared but not timed: the
agents do that by definition, in quadratic time, and the columns by sorting. They do not look
again in the months that are timed; every sixth month they meet.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from unittest.mock import patch

PEOPLE_STEPS = (
    "people are invited and meet",
    "the agenda is decided",
    "benefits reach people",
    "harm and security",
    "four weeks of mobilisation",
    "people appraise the company",
    "people appraise the state and each other",
    "trust moves",
    "expectations move",
    "grievance moves",
    "opinion spreads",
    "dignity is felt",
)
"""Entries of the schedule that do for columns what `PlainPlace.live` does for agents."""

LOOK_AGAIN_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Comparison:
    """One size.

    Attributes:
        people: how many.
        columns: processor seconds of each timed month in columns.
        agents: processor seconds of each timed month of plain agents.
        worst: largest difference between the two in any number and month.
    """

    people: int
    columns: list[float]
    agents: list[float]
    worst: float

    @property
    def ratios(self) -> list[float]:
        """How many times as long the agents took, month by month."""
        return [slow / fast for slow, fast in zip(self.agents, self.columns, strict=True)]


def compare(people: int, months: int, backend: str = "numpy") -> Comparison:
    """Let columns and agents live the same months and time both.

    Args:
        people: how many.
        months: timed months, fewer than `LOOK_AGAIN_MONTHS`.
        backend: who does the arithmetic of the columns.

    Raises:
        AssertionError: they differ.
    """
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from oracle.lockstep import Lockstep

    import parley.model
    from parley.scenario import make_scenario

    scenario = make_scenario(
        place="colombia",
        practices="hsbp",
        months=months + 1,
        population=people,
        parameters={
            "room.agenda_interval_months": 6,
            "grievance.deprivation_interval_months": LOOK_AGAIN_MONTHS,
        },
    )
    lockstep = Lockstep(scenario, root_seed=1, backend=backend)
    timings = lockstep.columns.timings
    columns, agents = [], []
    for month in range(months + 1):
        gc.collect()
        before = sum(timings[label] for label in PEOPLE_STEPS)
        with patch.object(parley.model, "perf_counter", time.process_time):
            news = lockstep.listener.month()
        in_columns = sum(timings[label] for label in PEOPLE_STEPS) - before
        begun = time.process_time()
        lockstep.plain.live(news)
        by_agents = time.process_time() - begun
        lockstep.compare(news)
        if month > 0:
            columns.append(in_columns)
            agents.append(by_agents)
    return Comparison(people, columns, agents, max(lockstep.worst.values()))


def timed_months(text: str) -> int:
    """A number of months that can be timed."""
    months = int(text)
    if not 1 <= months < LOOK_AGAIN_MONTHS:
        raise argparse.ArgumentTypeError(f"1 to {LOOK_AGAIN_MONTHS - 1} months can be timed")
    return months


def main() -> None:
    """Compare every size asked for, print it and, if wanted, write it down."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--months", type=timed_months, default=12)
    parser.add_argument("--backend", choices=("numpy", "compiled"), default="numpy")
    parser.add_argument("--json", type=Path, help="also write every month's times to this file")
    options = parser.parse_args()

    print("people     agents ms  columns ms  ratio (lowest to highest month)  largest difference")
    results = []
    for people in options.people:
        try:
            found = compare(people, options.months, options.backend)
        except AssertionError as error:
            sys.exit(f"not timed, because columns and agents disagree: {error}")
        low, high = min(found.ratios), max(found.ratios)
        ratio = f"{median(found.ratios):.0f} ({low:.0f} to {high:.0f})"
        agents, columns = 1000 * median(found.agents), 1000 * median(found.columns)
        row = f"{people:<9,}  {agents:9.1f}  {columns:10.2f}  {ratio:31}  {found.worst:.0e}"
        print(row, flush=True)
        results.append({**asdict(found), "ratio": median(found.ratios)})
    if options.json:
        machine = {"platform": platform.platform(), "python": platform.python_version()}
        options.json.write_text(json.dumps({**machine, "sizes": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
