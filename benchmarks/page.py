"""The benchmark page: prose from `page.md`, numbers from the results of one session.

`python benchmarks/page.py` rewrites docs/benchmarks.md from benchmarks/results/benchmarks.json.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import tables
from reduced import rules
from reduced.rules import compulsory_bytes

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PLACE = re.compile(r"\{\{(\w+)\}\}")


def make(found: dict[str, Any]) -> str:
    """The page as Markdown.

    Args:
        found: the results of a session as read from its JSON file.
    """
    texts = _texts(found)

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        return texts[name] if name in texts else f"{getattr(rules, name):g}"

    return PLACE.sub(fill, (HERE / "page.md").read_text(encoding="utf-8"))


def targets_table(found: dict[str, Any]) -> str:
    """Only the targets."""
    return tables.targets(found)


def _texts(found: dict[str, Any]) -> dict[str, str]:
    return {
        "session": _session(found),
        "machine": _machine(found["machine"]),
        "minutes_default": "some six minutes on two cores",
        "targets": tables.targets(found),
        "communities": str(rules.COMMUNITIES),
        "agreement": _agreement(found),
        "times": tables.times(found),
        "foreign": _foreign(found),
        "ratios": tables.ratio_table(found),
        "bandwidth": tables.bandwidth(found),
        "bounds": tables.bounds(found),
        "compulsory": f"{compulsory_bytes(8.0):g}",
        "exponents": tables.exponents(found),
        "ties": tables.ties(found),
        "institutions": tables.institutions(found),
        "calls": tables.calls(found),
        "breakdown": tables.breakdown(found),
        "months": tables.months(found),
        "full": tables.full(found),
        "steps": tables.steps(found),
        "full_months": tables.full_months(found),
        "agents": tables.agents(found),
        "runs": tables.runs(found),
        "patience": f"{found['patience']:g}",
    }


def _session(found: dict[str, Any]) -> str:
    text = f"it took {found['took_seconds'] / 60:.0f} minutes on {found['machine']['date']}"
    skipped = found["skipped"]
    if skipped:
        text += ". Skipped: " + "; ".join(skipped.values())
    return text


def _machine(machine: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"**Machine.** {machine['processor']}, {machine['processors']} processors, "
        f"{machine['cache']}, {machine['memory_gb']:g} GB of memory; {machine['system']}. "
        f"**Software.** Python {machine['python']}, {versions}."
    )


def _agreement(found: dict[str, Any]) -> str:
    lockstep = found["lockstep"]
    fed = "; ".join(f"{tables.label(n)} {worst:.0e}" for n, worst in lockstep["worst"].items())
    own = "; ".join(f"{tables.label(n)} {z:.1f}" for n, z in found["distribution"].items())
    return (
        f"**In lockstep**: fed the same draws, {lockstep['people']:,} residents, "
        f"{lockstep['months']} months, {lockstep['protests']:,} protests. Numbers protesting are "
        "equal in every community and month; the largest difference from the plain objects in any "
        f"statistic of any month: {fed}. The limit is 1e-10.\n\n"
        "**In distribution**: with draws of their own, 16 runs of 1,000 residents over 60 months "
        "against 32 runs of plain objects, five statistics in three periods. Largest difference in "
        f"standard errors: {own}. The limit is 4."
    )


def _foreign(found: dict[str, Any]) -> str:
    loads = [t["foreign"] for timings in found["reduced"].values() for t in timings.values()]
    middle, worst = sorted(loads)[len(loads) // 2], max(loads)
    start = found["foreign_at_start"]
    text = (
        f"Load by others meanwhile, in processors: {middle:.2f} at the median, {worst:.2f} at the "
        f"worst (medians of rounds), {start:.2f} before the session began."
    )
    if middle > 0.3:
        text += (
            " **The machine was busy with other work: times by the clock, bandwidth and everything "
            "on two processors say little; run it again on a quiet machine.**"
        )
    return text


def main() -> None:
    """Rewrite the page."""
    results = HERE / "results" / "benchmarks.json"
    text = make(json.loads(results.read_text(encoding="utf-8")))
    (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
