"""`parley compare --all-places`: one table and one figure over every place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from parley.commands.options import console, names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley_experiments.batch import BatchReport

TABLE, FIGURE = "all-places.csv", "all-places"


def chosen_places(
    given: Sequence[str] | None, every: bool, default: Sequence[str]
) -> tuple[str, ...]:
    """The places to compare.

    Args:
        given: What `--places` names.
        every: Whether `--all-places` is given.
        default: Places when nothing is given.

    Raises:
        ScenarioError: Both are given.
    """
    from parley.errors import Problem, ScenarioError
    from parley.place import available_places

    if not every:
        return names(given, default)
    if given:
        step = "leave one of the two out"
        problem = "does not go with --all-places"
        raise ScenarioError([Problem("--places", "", ",".join(given), problem, "", step)])
    return available_places()


def answer_all_places(
    report: BatchReport,
    against: str,
    worth: Mapping[str, float],
    *,
    figure: bool,
    as_json: bool,
) -> None:
    """Write and show the table, and draw the figure; leave with 1 when a run failed.

    Args:
        report: What was run.
        against: Arm that the others are held against.
        worth: Other smallest differences worth telling than the registry's.
        figure: Whether to draw.
        as_json: Whether to write JSON instead of a table for readers.
    """
    from parley_analysis import place_table
    from parley_analysis.load import AnalysisError, load
    from parley_analysis.place_figures import all_places_figure
    from parley_analysis.style import save

    batch = load(report.folder, worth=worth)
    try:
        table = place_table.place_table(batch, against)
        picture = all_places_figure(batch, table, against) if figure else None
    except AnalysisError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    table.to_csv(report.folder / TABLE, index=False)
    drawn = None
    if picture is not None:
        (report.folder / "figures").mkdir(exist_ok=True)
        drawn = save(picture, report.folder / "figures" / FIGURE)[0]
    if as_json:
        typer.echo(place_table.to_json(batch, table, against))
    else:
        screen = console()
        for part in place_table.terminal(batch, table, against, screen.width):
            screen.print(part)
        screen.print(f"\nWhole table: {report.folder / TABLE}", soft_wrap=True)
        if drawn is not None:
            screen.print(f"Figure: {drawn}", soft_wrap=True)
    if report.failed:
        raise typer.Exit(1)
