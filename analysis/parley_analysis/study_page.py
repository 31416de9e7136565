"""The page of the study of refutability: verdict, design, every test, and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from parley_analysis import losing, notes, plausible, study_data, study_tables, win_tables
from parley_analysis.channels import DOMINANCE
from parley_analysis.load import failure_statement
from parley_analysis.tracing import BACK
from parley_analysis.winmatrix import ALARM_BAND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from parley_analysis.channels import ChannelVerdict
    from parley_analysis.study_data import Study

NAME = "0002-refutability"
TRIALS = 40


@dataclass(frozen=True)
class Findings:
    """Everything that the page is written from.

    Attributes:
        study: The main batch.
        traces: From `study_data.read_traces`.
        flips: From `study_data.read_flips`.
        regions: From `study_data.read_regions`.
        power: From `losing.measure_power` at the size of the study.
        trials: Made-up results per planted region in it.
        channels: From `study_data.read_channels`.
        placebo: From `study_data.read_placebo`.
        words: Notes of an author: `title`, `summary`, `alarms`, `placebo`, `caveats`.
        command: What makes the study again.
    """

    study: Study
    traces: pd.DataFrame
    flips: pd.DataFrame
    regions: pd.DataFrame
    power: pd.DataFrame
    trials: int
    channels: Sequence[ChannelVerdict]
    placebo: Mapping[str, pd.DataFrame]
    words: Mapping[str, Any]
    command: str


def gather(study: Study, words: Mapping[str, Any], command: str, trials: int = TRIALS) -> Findings:
    """Read everything below the folder of a study."""
    regions = study_data.read_regions(study)
    numbers = max(study.worlds.shape[1], 1)
    power = losing.measure_power(len(study.worlds), numbers, max(len(regions), 1), trials)
    return Findings(
        study,
        study_data.read_traces(study),
        study_data.read_flips(study),
        regions,
        power,
        trials,
        study_data.read_channels(study),
        study_data.read_placebo(study),
        words,
        command,
    )


def page(found: Findings) -> str:
    """The finding in Markdown."""
    words = found.words
    sections = [
        f"# {words.get('title', 'Finding 2: what the model says against the framework')}",
        f"<!-- Written by `{found.command}`; words in {NAME}.toml. Do not edit. -->",
        str(words.get("summary", "")).strip(),
        _verdict(found),
        _design(found.study),
        _matrix(found.study),
        _alarms(found),
        _placebo(found),
        _flips(found),
        _plausible(found.study),
        _regions(found),
        _channels(found),
        _against(found.study),
        _limits(found),
        f"## Again\n\n```\n{found.command}\n```",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _verdict(found: Findings) -> str:
    """What can be read off without judgement."""
    study = found.study
    arm = study.batch.arm_label(study.arm)
    survive = sum(len(kept) for kept in study.match.kept.values())
    total = sum(study.match.total.values())
    established = int(found.regions["established"].sum()) if len(found.regions) else 0
    alarms = study.matrix["alarm"] & ~study.matrix["near_tautological"]
    lines = [
        f"{arm} against every other arm, on outcomes that lie three rules or more from a "
        "practice. Better and worse: the 95% interval of the share of draws won lies on one side "
        "of one half. Near-tautological outcomes are not counted: they say what was put in.",
        study_tables.verdict_table(study),
        f"- Alarms (share below {ALARM_BAND[0]} or above {ALARM_BAND[1]}): {int(alarms.sum())} "
        f"of {int((~study.matrix['near_tautological']).sum())} distant cells.",
        f"- Signs that change within what is believed: {int(found.flips['sign_changes'].sum())}, "
        f"beyond chance {int(found.flips['beyond_chance'].sum())}.",
        f"- Draws not ruled out without partnering: {survive} of {total} (all places).",
        f"- Losing regions established: {established} of {len(found.regions)} searches.",
        f"- Planted truths recovered: {_recovered(found.channels)}.",
    ]
    return "## Verdict\n\n" + "\n\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:])


def _recovered(verdicts: Sequence[ChannelVerdict]) -> str:
    planted = [v for v in verdicts if v.truth != "as drawn"]
    right = [v for v in planted if v.said == ("unclear" if v.truth == "nothing" else v.truth)]
    return f"{len(right)} of {len(planted)}"


def _design(study: Study) -> str:
    batch = study.batch
    manifest = cast("Mapping[str, Any]", batch.results.manifest)
    design, state = manifest["design"], manifest.get("source") or {}
    dirty = ", with changes that were not committed" if state.get("dirty") else ""
    rows = [
        ("Places", ", ".join(batch.place_title(place) for place in batch.places)),
        ("Arms", ", ".join(batch.arm_label(arm) for arm in batch.arms)),
        ("Draws", f"{design['run']} of {design['draws']}: {design['kind']}"),
        ("Numbers drawn", f"{study.worlds.shape[1]}; levers and facts of places stay as they are"),
        ("Luck", f"seed {design['seed']}; all arms of a draw share it, and share the draw"),
        ("Size", notes.size_note(batch)),
        ("Code", f"commit {str(state.get('commit', 'unknown'))[:12]}{dirty}, "
                 f"model version {manifest['model_version']}"),
        ("Registry", f"`{str(manifest['registry'])[:12]}`"),
        ("Runs", failure_statement(batch)),
    ]  # fmt: skip
    return "## Design\n\n" + win_tables.markdown(["", "what was run"], rows)


def _matrix(study: Study) -> str:
    parts = [
        "## Win matrix\n\nShare of draws in which the arm in question is better; ties count half "
        "and stand in brackets; bold outside the alarm band. † two rules or fewer separate the "
        f"outcome from a practice. Every number with its interval: [{NAME}.csv]({NAME}.csv)."
    ]
    for place in study.batch.places:
        parts += [
            f"### {study.batch.short_place(place)}",
            f"![Verdict]({NAME}-{place}.png)\n\n![Win matrix]({NAME}-{place}-matrix.png)",
            win_tables.matrix_table(study.batch, study.matrix, place),
        ]
    return "\n\n".join(parts)


def _alarms(found: Findings) -> str:
    text = (
        "## Alarms and their paths\n\nA share outside the band on a distant outcome has to be "
        "explained before it carries weight. In the same draws, blocks of the model, then single "
        "numbers of the blocks that mattered, then practices were taken out one at a time. An "
        f"alarm is gone when its share comes at least {BACK:.0%} of the way back to one half. "
        "What has been tried, alarm by alarm: "
        f"[{NAME}-traces.csv]({NAME}-traces.csv)."
    )
    table = study_tables.alarm_table(found.study, found.traces)
    return "\n\n".join(
        [text, table, *(f"### {n['title']}\n\n{n['text'].strip()}" for n in _notes(found))]
    )


def _notes(found: Findings) -> Sequence[Mapping[str, str]]:
    return cast("Sequence[Mapping[str, str]]", found.words.get("alarm", []))


def _placebo(found: Findings) -> str:
    if not found.placebo:
        return "## Paying for nothing\n\nNot run."
    table = study_tables.placebo_table(found.study, dict(found.placebo))
    return (
        "## Paying for nothing\n\nThe arm that pays for every practice and changes nothing, "
        "against doing nothing. Listed are outcomes, tautological ones included, in which its "
        "share with ties as half exceeds one half by two standard errors; the last column asks "
        f"whether it is strictly better in so many draws.\n\n{table}\n\n"
        f"{str(found.words.get('placebo', '')).strip()}"
    ).strip()


def _flips(found: Findings) -> str:
    return "\n\n".join(
        [
            "## Where the sign changes\n\nMedian gain over the other arm where a drawn number lies "
            "in its lower and in its upper third, and at the settings of a switch. A sign changes "
            "where both 95% intervals exclude 0, on opposite sides; the last column corrects for "
            "the number of comparisons (Benjamini and Hochberg 1995). Complete list: "
            f"[{NAME}-flips.csv]({NAME}-flips.csv).",
            study_tables.flip_counts(found.flips),
            "### Switches",
            study_tables.flip_table(found.study, found.flips, "switch"),
            "### Constants",
            study_tables.flip_table(found.study, found.flips, "constant"),
        ]
    )


def _plausible(study: Study) -> str:
    levels = plausible.only(study.levels, study.match.kept)
    parts = [
        "## Draws that are not ruled out\n\nA history match that never looks at the framework: a "
        "draw is kept where the arms named lie within open bands. A band is no fit.",
        study_tables.bands_table(study),
        "\n".join(
            f"- {band.label}: {band.note} ({', '.join(band.source)})" for band in study.bands
        ),
    ]
    for place in study.batch.places:
        kept, total = len(study.match.kept[place]), study.match.total[place]
        name = study.batch.short_place(place)
        parts.append(f"### {name}: {kept} of {total} draws are kept")
        if study.match.too_few(place):
            parts.append(f"**Too few (fewer than {plausible.FEWEST}) to read shares from.**")
        if kept:
            parts += [
                "Share won on all draws → on the draws that are kept.",
                study_tables.plausible_table(study, levels, place),
            ]
    return "\n\n".join(parts)


def _regions(found: Findings) -> str:
    boxes, overall = study_tables.region_tables(found.study, found.regions)
    return "\n\n".join(
        [
            "## Where it loses\n\nShare of draws in which it is worse, ties in brackets. A share "
            "above one half makes the whole of the priors a losing region.",
            overall,
            "### Numbers that losses go with\n\nSpearman's ρ over all draws, beyond what the "
            "strongest of all would reach by chance once in twenty designs.",
            study_tables.drivers_table(found.study, found.regions),
            f"### Regions\n\n{len(found.regions)} searches: the even draws screen "
            f"{losing.SCREENED} numbers and find a box of at most {losing.MOST_LIMITS} limits, the "
            "odd draws judge it once, corrected for all searches (Holm 1979). Density: share not "
            "better inside; lift: density over the share overall; coverage: part of all losses "
            f"that lie inside; all on the odd draws. All boxes: [{NAME}-regions.csv]"
            f"({NAME}-regions.csv).",
            boxes,
            "What such a search can find, measured on made-up results of the same size with a "
            f"planted region ({found.trials} trials each); the first row is its rate of false "
            "alarms.",
            study_tables.power_table(found.power),
        ]
    )


def _channels(found: Findings) -> str:
    return (
        "## Planted truth\n\nWorlds in which by design only one channel can matter, judged by "
        "three contrasts of arms that differ in one channel alone: cash against nothing, process "
        "without money against nothing, the same projects with and without delivery practices. "
        "Share won [95% interval], median gain in trust in the company. A channel is named when "
        f"its share is sure and its median at least {DOMINANCE:g} times the next; otherwise the "
        f"verdict is unclear.\n\n{study_tables.channel_table(list(found.channels))}"
    )


def _against(study: Study) -> str:
    """What would count against the framework, stated before any run, as far as arms can tell."""
    kept = plausible.only(study.levels, study.match.kept)
    table = study_tables.against_table(study, kept)
    return (
        "## What would count against the framework\n\nStated beforehand: that plain cash or "
        "competent delivery does as well on days lost and on the benefit of the worst-off group "
        "over most of the worlds that are not ruled out; that it never repays its cost. As far as "
        f"the arms can tell (shares won, all draws → draws that are kept):\n\n{table}\n\n"
        "Stated as well, and not asked by this design: whether the advantage goes when announced "
        "and executed levels are equal, whether two or three practices bring nearly all of it, "
        "whether it needs capacity that is there already, whether it turns with spoilers, small "
        "budgets or fast turnover, whether the connected gain most."
    )


def _limits(found: Findings) -> str:
    broken = ", ".join(study_data.broken_parts(found.study))
    lines = [
        *found.words.get("caveats", []),
        f"Left out, because more than one run in ten failed: {broken}." if broken else "",
        "Nothing is calibrated; a share of draws is a share of assumptions, not a probability.",
        "Only one number per outcome and run was kept, so paths over time are not shown here.",
    ]
    return "## Limits\n\n" + "\n".join(f"- {line}" for line in lines if line)
