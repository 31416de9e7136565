"""Tables of the study of refutability in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from parley_analysis import flips, tracing
from parley_analysis.regions import shares_by_third
from parley_analysis.study_data import losing_numbers
from parley_analysis.tables import number
from parley_analysis.win_figure import row_label
from parley_analysis.win_tables import markdown
from parley_analysis.winmatrix import gains, select, win_matrix

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from parley_analysis.channels import ChannelVerdict
    from parley_analysis.study_data import Study

_SHOWN = 25
_FEWEST = 30


def verdict_table(study: Study) -> str:
    """Per place and other arm: on how many distant outcomes it is better, worse, or neither."""
    rows = []
    part = study.matrix[~study.matrix["near_tautological"] & (study.matrix["group"] == "all")]
    for place in study.batch.places:
        for other in study.others:
            here = part[(part["place"] == place) & (part["other"] == other)]
            better, worse = here["low"] > 0.5, here["high"] < 0.5
            names = [study.batch.outcome(o).label for o in here.loc[worse, "outcome"]]
            rows.append(
                [study.batch.short_place(place), study.batch.short_arm(other), str(len(here)),
                 str(int(better.sum())), str(int(worse.sum())),
                 str(int((~better & ~worse).sum())), "; ".join(names) or "none"]
            )  # fmt: skip
    head = ["Place", "against", "distant outcomes", "better", "worse", "neither", "worse on"]
    return markdown(head, rows)


def alarm_table(study: Study, traces: pd.DataFrame) -> str:
    """Every alarm with the things without which it goes."""
    described = cast("list[dict[str, Any]]", study.batch.results.manifest["outcomes"])
    chains = {row["name"]: " → ".join(row.get("path", ())) for row in described}
    known = {tuple(row[:5]): row for row in tracing.paths(traces).to_numpy().tolist()}
    rows = []
    for cell in tracing.alarm_cells(study.matrix):
        place, outcome, group, _, other = cell
        here = _row(study.matrix, place, outcome, group, other)
        found = known.get(cell)
        if found is None:
            needs = "**not traced**"
        else:
            needs = str(found[7]) or "**nothing that was taken out removes it**"
        rows.append(
            [study.batch.short_place(place), row_label(study.batch, outcome, group),
             study.batch.short_arm(other), f"{here['share']:.2f}",
             "–" if found is None else f"{found[6]:.2f} of {found[5]}", needs, chains[outcome]]
        )  # fmt: skip
    head = ["Place", "Outcome", "against", "won", "in the traced draws", "gone without",
            "shortest chain from a practice"]  # fmt: skip
    return markdown(head, rows) if rows else "No distant outcome lies outside the band."


def _row(
    matrix: pd.DataFrame, place: str, outcome: str, group: str, other: str
) -> Mapping[Hashable, Any]:
    """One row of a win matrix."""
    key = ["place", "outcome", "group", "other"]
    return cast(
        "Mapping[Hashable, Any]",
        matrix.set_index(key).loc[[(place, outcome, group, other)]].to_dict(orient="records")[0],
    )


def placebo_table(study: Study, tables: dict[str, pd.DataFrame]) -> str:
    """Outcomes on which paying for nothing looks better than doing nothing."""
    rows = []
    for label, matrix in tables.items():
        for cell in tracing.placebo_cells(matrix):
            here = _row(matrix, cell[0], cell[1], cell[2], cell[4])
            strictly = here["share"] - 0.5 * here["ties"]
            bound = 0.5 + (1.0 / here["n"]) ** 0.5
            rows.append(
                [label, study.batch.short_place(cell[0]),
                 row_label(study.batch, cell[1], cell[2]), str(int(here["n"])),
                 f"{strictly:.2f}", f"{here['ties']:.2f}",
                 f"{1.0 - here['ties'] - strictly:.2f}", "yes" if strictly > bound else "no"]
            )  # fmt: skip
    if not rows:
        return "There is none: in no outcome, with felt deprivation or without."
    head = ["Worlds", "Place", "Outcome", "draws", "better", "tie", "worse", "better > ½ + 2 SE"]
    return markdown(head, rows)


def flip_table(study: Study, table: pd.DataFrame, kind: str) -> str:
    """Sign changes of one kind, those that survive the correction first."""
    part = table[(table["kind"] == kind) & table["sign_changes"]]
    part = part.sort_values(["beyond_chance", "p"], ascending=[False, True], kind="stable")
    rows = []
    for row in part.head(_SHOWN).to_dict(orient="records"):
        ends = []
        for end in ("from", "to"):
            values = [row[f"{name}_{end}"] for name in ("median", "low", "high")]
            scale = max(abs(value) for value in values)
            middle, low, high = (number(value, scale, True) for value in values)
            ends.append(f"{middle} [{low}, {high}]")
        rows.append(
            [f"`{row['parameter']}`", f"{row['from']:.3g} → {row['to']:.3g}",
             study.batch.short_place(row["place"]),
             row_label(study.batch, row["outcome"], row["group"]),
             study.batch.short_arm(row["other"]), *ends, "yes" if row["beyond_chance"] else "no"]
        )  # fmt: skip
    if not rows:
        return "No sign changes."
    head = ["Number", "from → to", "Place", "Outcome", "against", "gain", "gain", "beyond chance"]
    left = len(part) - len(rows)
    return markdown(head, rows) + (f"\n\nAnd {left} more in the table of numbers." if left else "")


def flip_counts(table: pd.DataFrame) -> str:
    """How many signs were looked at, change, would change by chance, and survive."""
    rows = []
    for kind, part in table.groupby("kind", sort=False):
        rows.append(
            [str(kind), str(part["parameter"].nunique()), str(len(part)),
             str(int(part["sign_changes"].sum())),
             f"at most {flips.expected_by_chance(part):.0f}",
             str(int(part["beyond_chance"].sum()))]
        )  # fmt: skip
    head = ["Kind", "numbers", "comparisons", "signs change", "by chance", "beyond chance"]
    return markdown(head, rows) if rows else "Nothing was compared."


def bands_table(study: Study) -> str:
    """The bands, and how many draws lie within each."""
    about = {band.key: band for band in study.bands}
    rows = []
    for row in study.match.table.to_dict(orient="records"):
        band = about[row["band"]]
        mark = " †" if study.batch.outcome(band.outcome).near_tautological else ""
        rows.append(
            [study.batch.short_place(row["place"]), study.batch.short_arm(row["arm"]),
             band.label + mark,
             f"{band.low:g} to {band.high:g}", band.unit, f"{row['median']:.3g}",
             f"{row['inside']:.2f}"]
        )  # fmt: skip
    head = ["Place", "arm", "Band", "allowed", "unit", "median", "share of draws within"]
    return markdown(head, rows)


def plausible_table(study: Study, levels: pd.DataFrame, place: str) -> str:
    """Shares on all draws and on those that are not ruled out, side by side."""
    here = levels[levels.index.get_level_values("place") == place]
    matrix = win_matrix(study.batch, here, study.arm)
    key = ["place", "outcome", "group", "other"]
    joined = study.matrix.merge(matrix, on=key, suffixes=("", "_kept"))
    joined = joined[(joined["group"] == "all") & ~joined["near_tautological"]]
    rows = []
    for outcome, part in joined.groupby("outcome", sort=False):
        cells = {r["other"]: f"{r['share']:.2f} → {r['share_kept']:.2f}"
                 for r in part.to_dict(orient="records")}  # fmt: skip
        name = row_label(study.batch, str(outcome), "all")
        rows.append([name, *(cells.get(other, "–") for other in study.others)])
    return markdown(["Outcome", *map(study.batch.short_arm, study.others)], rows)


def region_tables(study: Study, table: pd.DataFrame) -> tuple[str, str]:
    """Established regions, and how much is lost overall on every distant outcome."""
    found = table[table["established"]].sort_values("p", kind="stable")
    rows = [
        [study.batch.short_place(row["place"]),
         row_label(study.batch, row["outcome"], row["group"]), study.batch.short_arm(row["other"]),
         f"`{row['limits']}`", f"{row['density']:.2f}", f"{row['overall']:.2f}",
         f"{row['lift']:.2f}", f"{row['coverage']:.2f}", f"{row['inside']:.0f}",
         f"{row['p_corrected']:.1g}"]
        for row in found.head(_SHOWN).to_dict(orient="records")
    ]  # fmt: skip
    head = ["Place", "Outcome", "against", "where", "density", "overall", "lift", "coverage",
            "draws", "p, corrected"]  # fmt: skip
    boxes = markdown(head, rows) if rows else "**No region is established.**"
    lines = []
    for (place, outcome), part in table[table["group"] == "all"].groupby(
        ["place", "outcome"], sort=False
    ):
        cells = {row["other"]: f"{row['worse']:.2f} ({row['ties']:.2f})"
                 for row in part.to_dict(orient="records")}  # fmt: skip
        name = row_label(study.batch, str(outcome), "all")
        lines.append([study.batch.short_place(str(place)), name,
                      *(cells.get(other, "–") for other in study.others)])  # fmt: skip
    return boxes, markdown(["Place", "Outcome", *map(study.batch.short_arm, study.others)], lines)


def drivers_table(study: Study, regions_found: pd.DataFrame) -> str:
    """Drawn numbers that losses go with beyond chance, over all draws, the strongest first."""
    if len(study.worlds) < _FEWEST:
        return f"Fewer than {_FEWEST} draws: too few to rank numbers by."
    rows = []
    for row in regions_found[regions_found["group"] == "all"].to_dict(orient="records"):
        place, outcome, other = row["place"], row["outcome"], row["other"]
        gain = gains(
            select(study.levels, place, outcome, "all"), study.arm, other,
            study.batch.outcome(outcome).sign,
        )  # fmt: skip
        for driver in losing_numbers(study, place, outcome, other).to_dict(orient="records"):
            thirds = shares_by_third(gain, study.worlds[driver["parameter"]])
            won = ", ".join("–" if share != share else f"{share:.2f}" for share in thirds)  # noqa: PLR0124
            rows.append(
                (abs(driver["rho"]),
                 [f"`{driver['parameter']}`", "rises" if driver["rho"] < 0 else "falls",
                  number(driver["rho"], 1.0, True), won, study.batch.short_place(place),
                  row_label(study.batch, outcome, "all"), study.batch.short_arm(other)])
            )  # fmt: skip
    rows.sort(key=lambda pair: -pair[0])
    if not rows:
        return "None beyond chance."
    head = ["Loses more as", "it", "ρ of gain", "won by thirds", "Place", "Outcome", "against"]
    left = len(rows) - _SHOWN
    tail = f"\n\nAnd {left} more." if left > 0 else ""
    return markdown(head, [row for _, row in rows[:_SHOWN]]) + tail


def power_table(table: pd.DataFrame) -> str:
    """How often planted regions are found at this size."""
    rows = [
        [row["planted"], f"{row['found']:.2f}", f"{row['true_limits']:.2f}", f"{row['alone']:.2f}"]
        for row in table.to_dict(orient="records")
    ]
    return markdown(["Planted", "established", "with true limits only", "as the only search"], rows)


def channel_table(verdicts: list[ChannelVerdict]) -> str:
    """What was planted, what the contrasts say, and the contrasts."""
    rows = []
    for verdict in verdicts:
        cells = [
            f"{row['share']:.2f} [{row['low']:.2f}, {row['high']:.2f}], {row['median']:+.2g}"
            for row in verdict.table.to_dict(orient="records")
        ]
        rows.append([verdict.truth, f"**{verdict.said}**", *cells])
    channels = [str(name) for name in verdicts[0].table["channel"]] if verdicts else []
    return markdown(["Planted", "said", *channels], rows) if rows else "Not run."


def against_table(study: Study, kept: pd.DataFrame) -> str:
    """Shares won on what was named beforehand, on all draws and on those that are kept."""
    named = [("days_lost", "all"), ("benefit", "worst"), ("npv", "all")]
    rows = []
    for place in study.batch.places:
        both = [
            win_matrix(
                study.batch, table[table.index.get_level_values("place") == place], study.arm
            )
            if (table.index.get_level_values("place") == place).any()
            else None
            for table in (study.levels, kept)
        ]
        for outcome, group in named:
            if outcome not in study.batch.outcomes:
                continue
            cells = []
            for other in study.others:
                texts = ["–" if m is None else _share(m, outcome, group, other) for m in both]
                cells.append(" → ".join(texts))
            name = row_label(study.batch, outcome, group)
            rows.append([study.batch.short_place(place), name, *cells])
    return markdown(["Place", "Outcome", *map(study.batch.short_arm, study.others)], rows)


def _share(matrix: pd.DataFrame, outcome: str, group: str, other: str) -> str:
    here = matrix[
        (matrix["outcome"] == outcome) & (matrix["group"] == group) & (matrix["other"] == other)
    ]
    return f"{here['share'].iloc[0]:.2f}" if len(here) else "–"
