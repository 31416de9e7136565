"""Tables of the benchmark page, each from the results of one session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from reduced.implementations import BASELINE, IMPLEMENTATIONS
from scaling import exponent
from targets import all_targets, growth, ratios, times_bound

MISSING = "–"
DEAREST = 6
THEIRS = ("objects", "frames", "starsim")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None) -> str:
    """Three digits that count, thousands separated.

    >>> number(1234.5), number(12.345), number(0.0123456), number(None)
    ('1,234', '12.3', '0.0123', '–')
    """
    if value is None:
        return MISSING
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def count(text: str | int) -> str:
    """A count with thousands separated."""
    return f"{int(text):,}"


def label(name: str) -> str:
    """What an implementation is called."""
    return IMPLEMENTATIONS[name].label


def targets(found: dict[str, Any]) -> str:
    """Targets, what was measured, and whether they are met."""
    words = {True: "met", False: "**missed**", None: "not measured"}
    rows = [
        [
            t.what,
            f"{'≥' if t.at_least else '≤'} {t.wanted:g}",
            number(t.value),
            words[t.met],
        ]
        for t in all_targets(found)
    ]
    return table(["what", "target", "measured", ""], rows)


def times(found: dict[str, Any]) -> str:
    """Milliseconds a month, by implementation and size."""
    sizes = list(found["reduced"])
    rows = []
    for name, entry in IMPLEMENTATIONS.items():
        timings = [found["reduced"][size].get(name) for size in sizes]
        if not any(timings):
            continue
        cells = [number(t["ms"]) if t else MISSING for t in timings]
        kept = [t["bytes"] / int(s) for t, s in zip(timings, sizes, strict=True) if t]
        rows.append([entry.label, *cells, number(kept[-1]) if kept[-1] else "not counted"])
    head = [
        "implementation",
        *(f"{count(s)} residents" for s in sizes),
        "bytes a resident, ties included",
    ]
    return table(head, rows)


def ratio_table(found: dict[str, Any]) -> str:
    """How many times as long others take as each of ours."""
    sizes = list(found["reduced"])
    head = ["", *(f"{count(s)} residents" for s in sizes)]
    parts = ["Time of plain Mesa objects:\n\n" + table(head, _ratio_rows(found, sizes, BASELINE))]
    for other in ("frames", "starsim"):
        rows = _ratio_rows(found, sizes, other)
        if rows:
            parts.append(f"Time of {label(other)}:\n\n" + table(head, rows))
    return "\n\n".join(parts)


def _ratio_rows(found: dict[str, Any], sizes: list[str], slow: str) -> list[list[str]]:
    rows = []
    for name, entry in IMPLEMENTATIONS.items():
        if (name in THEIRS and slow != BASELINE) or name == slow:
            continue
        cells = []
        for size in sizes:
            values = ratios(found, size, slow, name)
            middle = median(values) if values else None
            within = f" ({number(min(values))}–{number(max(values))})" if values else ""
            cells.append(number(middle) + within)
        if any(cell != MISSING for cell in cells):
            rows.append([f"÷ {entry.label}", *cells])
    return rows


def bandwidth(found: dict[str, Any]) -> str:
    """Gigabytes a second."""
    if "bandwidth" not in found:
        return "Memory bandwidth was not measured: it needs numba."
    rows = [
        [f"{kind}, {threads} thread{'s' if threads != '1' else ''}", *map(number, speeds.values())]
        for threads, kinds in found["bandwidth"].items()
        for kind, speeds in kinds.items()
    ]
    sizes = next(iter(found["bandwidth"]["1"].values()))
    return table(["GB/s as STREAM counts", *(f"arrays of {size}" for size in sizes)], rows)


def bounds(found: dict[str, Any]) -> str:
    """Time of a month over the bandwidth bound."""
    sizes = [size for size in found["reduced"] if int(size) >= 100_000]
    if "bandwidth" not in found or not sizes:
        return ""
    rows = [
        [label(name), *(number(times_bound(found, size, name)) for size in sizes)]
        for name in IMPLEMENTATIONS
        if any(name in found["reduced"][size] for size in sizes)
    ]
    return table(["time ÷ bandwidth bound", *(f"{count(s)} residents" for s in sizes)], rows)


def exponents(found: dict[str, Any]) -> str:
    """Growth with residents."""
    names = [n for n in IMPLEMENTATIONS if any(n in t for t in found["reduced"].values())]
    rows = [
        [label(n), number(growth(found, n, 1_000)), number(growth(found, n, 10_000))] for n in names
    ]
    return table(["", "from 1,000 up", "from 10,000 up"], rows)


def ties(found: dict[str, Any]) -> str:
    """Growth with ties."""
    part = found["ties"]
    degrees = list(next(iter(part["ms"].values()), {}))
    rows = [
        [label(n), *map(number, ms.values()), number(part["exponent"][n])]
        for n, ms in part["ms"].items()
    ]
    head = [f"ms a month, {count(part['people'])} residents", *(f"{d} ties" for d in degrees)]
    return table([*head, "exponent"], rows)


def institutions(found: dict[str, Any]) -> str:
    """Growth with institutions."""
    rows, numbers = [], []
    for name, by_people in found["institutions"]["ms"].items():
        for people, ms in by_people.items():
            numbers = list(ms)
            rows.append([f"{label(name)}, {count(people)} residents", *map(number, ms.values())])
    return table(["ms a month", *(f"{count(n)} institutions" for n in numbers)], rows)


def calls(found: dict[str, Any]) -> str:
    """What an institution costs."""
    ms = found["institutions"]["ms"].get("numpy", {})
    if not ms:
        return ""
    people, by_number = next(iter(ms.items()))
    numbers = list(by_number)
    fewest, most = numbers[0], numbers[-1]
    each = (by_number[most] - by_number[fewest]) / (int(most) - int(fewest)) / 2 * 1000
    return (
        f"Two calls for every institution every month: {each:.2f} µs a call at {count(people)} "
        "residents."
    )


def breakdown(found: dict[str, Any]) -> str:
    """Where the time of a month goes."""
    rows = [
        [
            f"{label(name)}, {count(people)} residents",
            *(number(1e9 * seconds / int(people)) for seconds in parts.values()),
        ]
        for name, by_people in found["breakdown"].items()
        for people, parts in by_people.items()
    ]
    return table(["ns a resident-month", "draws", "neighbours", "everything"], rows)


def months(found: dict[str, Any]) -> str:
    """Growth with months."""
    part = found["months"]
    lengths = list(next(iter(part["seconds"].values()), {}))
    rows = [
        [label(n), *map(number, s.values()), number(part["exponent"][n])]
        for n, s in part["seconds"].items()
    ]
    head = [f"seconds, {count(part['people'])} residents", *(f"{m} months" for m in lengths)]
    return table([*head, "exponent"], rows)


def full(found: dict[str, Any]) -> str:
    """The whole model by size."""
    rows = []
    for run in found["full"]:
        month = run["running"] / run["months"]
        rows.append(
            [
                f"{run['backend']}, {count(run['people'])} people, {run['months']} months",
                number(run["building"]),
                number(1000 * month),
                number(1000 * run["processor"] / run["months"]),
                number(run["people"] / month),
                number(run["peak_mb"]),
            ]
        )
    head = ["who does the arithmetic", "build, s", "ms a month", "of processors, ms"]
    head.append("people-months a second")
    text = table([*head, "peak memory, MB"], rows)
    for backend in dict.fromkeys(run["backend"] for run in found["full"]):
        runs = [r for r in found["full"] if r["backend"] == backend]
        if len(runs) > 1:
            slope = exponent(
                [r["people"] for r in runs], [r["running"] / r["months"] for r in runs]
            )
            text += f"\n\nGrowth with people, {backend}: exponent {number(slope)}."
    if long := found.get("long_million"):
        text += (
            f"\n\nA run of {count(long['people'])} people over {long['months']} months "
            f"({long['backend']}): {number(long['running'])} s, and {number(long['building'])} s "
            f"to build."
        )
    return text


def steps(found: dict[str, Any]) -> str:
    """The dearest steps of the whole model's month at the largest size, by backend."""
    parts = []
    for backend in dict.fromkeys(run["backend"] for run in found["full"]):
        run = max((r for r in found["full"] if r["backend"] == backend), key=_people)
        dearest = sorted(run["steps"].items(), key=lambda item: -item[1])[:DEAREST]
        rows = [
            [name, number(1000 * s / run["months"]), f"{s / run['running']:.0%}"]
            for name, s in dearest
        ]
        head = [f"{backend}, {count(run['people'])} people", "ms a month", "share"]
        parts.append(table(head, rows))
    return "\n\n".join(parts)


def _people(run: dict[str, Any]) -> int:
    people: int = run["people"]
    return people


def full_months(found: dict[str, Any]) -> str:
    """The whole model by length of the run."""
    part = found["full_months"]
    cells = ", ".join(f"{m} months {number(s)} s" for m, s in part["seconds"].items())
    return (
        f"With months, {count(part['people'])} people: {cells}; "
        f"exponent {number(part['exponent'])}."
    )


def agents(found: dict[str, Any]) -> str:
    """The whole model against its oracle."""
    rows = []
    for part in found["agents"]:
        low, high = min(part["agents"]), max(part["agents"])
        middle = median(part["columns"])
        slowest = max(a / c for a, c in zip(part["agents"], part["columns"], strict=True))
        quickest = min(a / c for a, c in zip(part["agents"], part["columns"], strict=True))
        rows.append(
            [
                f"{part['backend']}, {count(part['people'])} people",
                f"{number(1000 * low)}–{number(1000 * high)}",
                number(1000 * middle),
                f"{number(part['ratio'])} ({number(quickest)}–{number(slowest)})",
                f"{part['worst']:.0e}",
            ]
        )
    head = ["", "objects, ms a month", "columns, ms a month", "ratio", "largest difference"]
    return table(head, rows)


def runs(found: dict[str, Any]) -> str:
    """Batches by size and processes."""
    part = found["runs"]
    by = {(b["runs"], b["processes"]): b["seconds"] for b in part["batches"]}
    rows = [
        [f"{n} runs", number(by[int(n), 1]), number(by[int(n), 2]), number(speed)]
        for n, speed in part["speed_up"].items()
    ]
    head = [f"{count(part['people'])} people, {part['months']} months"]
    text = table([*head, "1 process, s", "2 processes, s", "speed-up"], rows)
    one, two = part["exponent"]["1"], part["exponent"]["2"]
    return (
        f"{text}\n\nRuns of the whole model through the batch runner, results written. Growth with "
        f"runs: exponent {number(one)} with one process, {number(two)} with two. Starting the "
        f"processes is apart: the first four runs took {number(part['first_four_runs'])} s."
    )
