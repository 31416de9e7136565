"""What the committed batch shows over all places, and how it was made: parts of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.generate_docs import table
from parley.generate_place_results import (
    METHOD,
    STACK,
    VERDICTS,
    arm_label,
    outcome_name,
    verdict,
    worth_line,
)
from parley.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.generate_place_results import BatchSummary

AGAINST = ("transactional", "cash_equivalent", "none")
"""Arms that the overview holds the stack against: usual dealing, plain cash, doing nothing."""


def overview_section(titles: Mapping[str, str], summary: BatchSummary) -> str:
    """In how many places the stack is better, worse or neither, by outcome."""
    title = "## What the model shows over all places"
    if not summary.cells:
        return f"{title}\n\nThere is no committed batch yet."
    places = [place for place in titles if summary.arms(place)]
    missing = [titles[place] for place in titles if place not in places]
    left_out = f" Not in the batch yet: {'; '.join(missing)}." if missing else ""
    against = [arm for arm in AGAINST if any(arm in summary.arms(place) for place in places)]
    head = ("Outcome", *(f"Against: {arm_label(arm)}" for arm in against), "Source")
    columns = summary.columns(places[0]) if places else ()
    rows = [
        (
            outcome_name(*column),
            *(_tally(places, arm, column, summary) for arm in against),
            "[batch](#the-batch)",
        )
        for column in columns
    ]
    words = (
        f"{arm_label(STACK)} in {len(places)} places ([batch](#the-batch)): in how many it is "
        "better or worse than the other arm (the whole 95% interval of the paired difference lies "
        "beyond the smallest difference worth telling), makes no difference worth telling (it lies "
        f"within), or neither can be told ([why]({METHOD})). "
        f"{worth_line(name for name, _ in columns)}{left_out} † near-tautological: it cannot carry "
        "a verdict. At most one comparison in twenty would look better or worse by chance."
    )
    picture = "![Key outcomes of all places by arm, with 95% intervals](figures/all-places.png)"
    return "\n\n".join([title, words, table(head, rows), picture])


def batch_section(summary: BatchSummary) -> str:
    """How the committed batch was made, and how to make it again."""
    about = summary.about
    if not about:
        return "## The batch\n\nNone is committed yet."
    rows = [
        ("Runs", f"{about['runs']}, of which {about['failed']} failed"),
        ("Places", str(len(about["places"]))),
        ("Arms", ", ".join(about["arms"])),
        ("Replicates with shared luck", str(about["replicates"])),
        ("Length", f"{about['months']} months"),
        ("Simulated residents", str(about["population"])),
        ("Seed", str(about["seed"])),
        ("Parley", str(about["version"])),
        ("Version of the model", str(about["model_version"])),
        ("Registry", f"`{about['registry']}`"),
        ("Source", str(about["commit"])),
    ]
    stale = about["registry"] != load_registry().digest[:12]
    return "\n\n".join(
        [
            "## The batch",
            *(["**Numbers of the model have changed since it was made.**"] if stale else []),
            "Small on purpose: it shows how places differ and is no finding. Means and intervals "
            "are in [`results.csv`](results.csv), this table in [`results.toml`](results.toml).",
            table(("", ""), rows),
            "Made again by:",
            f"```sh\n{about['command']}\npython -m parley_analysis.place_pages "
            f"{about['folder']}\npython -m parley.generate\n```",
        ]
    )


def _tally(places: list[str], arm: str, column: tuple[str, str], summary: BatchSummary) -> str:
    """How often the stack is better, worse, no different, or that cannot be told."""
    cells = (summary.cells.get((place, arm, *column)) for place in places)
    months = int(summary.about["months"])
    found = [verdict(cell, column[0], months) for cell in cells if cell and cell.less is not None]
    told = ((found.count(word), words) for word, words in VERDICTS.items())
    return ", ".join(f"{count} {words}" for count, words in told)
