"""The charts: up to four outcomes, all columns in each, drawn as the months pass."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

from nicegui import ui

from parley_workshop import about, sketches
from parley_workshop.panels.chart_box import ChartBox
from parley_workshop.panels.chart_options import Axes, apart, band_series, options, points
from parley_workshop.panels.luck import LuckPanel
from parley_workshop.panels.outcome import explain_outcome
from parley_workshop.panels.predict import Predicting
from parley_workshop.panels.widgets import button, choice, line, name, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nicegui.elements.echart import EChart

    from parley_workshop.screen import Screen

_SHARES = ("share", "index")


class PathsPanel:
    """The charts and what chooses between them."""

    def __init__(self, screen: Screen, untaken: Callable[[str], list[dict[str, Any]]]) -> None:
        """Nothing is drawn yet.

        Args:
            screen: The page.
            untaken: Series of what was not chosen, for an outcome.
        """
        self._screen, self._untaken = screen, untaken
        self._charts: list[ChartBox] = []
        self._made: object = None
        self._groups: tuple[str, ...] = ()

    def build(self) -> None:
        """Draw the choices, and room for the charts."""
        words, session = self._screen.words, self._screen.session
        with ui.element("div").classes("parley-choices"):
            self._group = choice(
                words("paths.group"), {"all": self._screen.group("all")}, "all", self._see_group
            ).classes("parley-group")
            labels = {key: self._screen.outcome(key) for key in about.OFFERED}
            self._outcomes = choice(
                words("paths.outcomes"), labels, list(session.outcomes), self._see, several=True
            )
            self._outcomes.classes("parley-outcomes")
            self._hide = ui.switch(
                words("paths.hide"), value=session.hidden, on_change=lambda e: self._hidden(e.value)
            )
            self._predicting = Predicting(self._screen, lambda: self._charts)
            self._predicting.build()
            self.luck = LuckPanel(self._screen, self.months)
            self.luck.build()
        self._predicting.build_bar()
        self._grid = ui.element("div").classes("parley-charts")
        self._near = line("parley-near")
        tell(self._near, words("paths.near"))

    # --- choices --------------------------------------------------------------------------------

    def _see_group(self, group: object) -> None:
        self._screen.session.group = str(group)
        self._screen.before.clear()
        self._screen.redraw()

    def _see(self, chosen: object) -> None:
        names = [str(key) for key in chosen] if isinstance(chosen, list) else []
        if not names or len(names) > about.MOST_OUTCOMES:
            self._outcomes.set_value(list(self._screen.session.outcomes))
            ui.notify(self._screen.words("paths.at_most", count=about.MOST_OUTCOMES))
            return
        if tuple(names) != self._screen.session.outcomes:
            self._screen.choose_outcomes(names)
            self._screen.redraw()

    def _hidden(self, hidden: bool) -> None:
        self._screen.session.hidden = hidden
        self._screen.redraw()

    # --- drawing --------------------------------------------------------------------------------

    def board(self) -> None:
        """Make the charts anew if other ones are wanted."""
        session = self._screen.session
        wanted = (session.outcomes, session.board.months, self._arms(), session.board.place)
        anew = wanted != self._made
        if anew:
            self._made = wanted
            self._grid.clear()
            self._charts = []
            with self._grid:
                self._charts += [self._box(outcome) for outcome in session.outcomes]
            near = [about.outcomes()[name].near_tautological for name in session.outcomes]
            self._near.set_visibility(any(near))
        for chart_box in self._charts:
            chart_box.sent.clear()
        self._predicting.board(anew)
        self._offer_groups()

    def _box(self, outcome: str) -> ChartBox:
        """A chart with what is said below it."""
        known = about.outcomes()[outcome]
        top = 1.0 if known.kind in _SHARES and known.level == "group" else None
        with ui.element("div").classes("parley-chart-box") as box:
            chart = self._chart(outcome, top)
            order = line("parley-order")
            off = line("parley-order parley-off")
            self._about(outcome)
        return ChartBox(outcome, top, box, chart, order, off)

    def _arms(self) -> tuple[str, ...]:
        return tuple(self._screen.arm(arm) for arm in range(len(self._screen.session.board.arms)))

    def _chart(self, outcome: str, top: float | None) -> EChart:
        words = self._screen.words
        known = about.outcomes()[outcome]
        title = self._screen.outcome(outcome) + (" †" if known.near_tautological else "")
        axes = Axes(
            title=title,
            unit=self._screen.text(f"outcome.{outcome}.unit", known.unit),
            months=self._screen.session.board.months,
            arms=self._arms(),
            top=top,
            month=words("paths.month"),
            drawing=self._predicting.scale(outcome) if self._predicting.on else None,
        )
        chart = ui.echart(options(axes)).classes("parley-chart")
        chart.props["role"] = "img"
        name(chart, words("paths.chart", outcome=title))
        return chart

    def _about(self, outcome: str) -> None:
        """A button that says what an outcome is."""
        label = self._screen.words("what.about", outcome=self._screen.outcome(outcome))
        explain = functools.partial(explain_outcome, self._screen, outcome)
        button("info", label, explain).props("size=sm").classes("parley-about")

    def _offer_groups(self) -> None:
        """Offer the groups of the place once they are known."""
        opening = self._screen.session.opening(0)
        if opening is None or opening.groups == self._groups:
            return
        self._groups = opening.groups
        if self._screen.session.group not in opening.groups:
            self._screen.session.group = "all"
        names = {key: self._screen.group(key) for key in opening.groups}
        self._group.set_options(names, value=self._screen.session.group)

    def months(self) -> None:
        """Send what has changed, and nothing else."""
        self._offer_groups()
        for chart_box in self._charts:
            series = [one for one in self._series(chart_box.outcome) if self._new(chart_box, one)]
            if series:
                chart_box.chart.run_chart_method(
                    "setOption", {"series": series}, {"lazyUpdate": True}
                )
            tell(chart_box.order, self.luck.sentence(chart_box.outcome))
            tell(chart_box.off, self._predicting.off(chart_box.outcome))

    @staticmethod
    def _new(chart_box: ChartBox, series: dict[str, Any]) -> bool:
        """Whether a series differs from what was sent last; an empty one takes a line away."""
        told = (series["data"], series.get("name"), series.get("endLabel"))
        if chart_box.sent.get(series["id"]) == told:
            return False
        chart_box.sent[series["id"]] = told
        return True

    @staticmethod
    def _name_apart(series: list[dict[str, Any]], outcome: str) -> None:
        """Keep the names at the ends of the lines from covering each other."""
        lines = [one for one in series if one["id"].startswith(("line", "branch"))]
        known = [[v for _, v in one["data"] if v is not None] for one in lines]
        drawn = [v for one in series if one["id"].startswith("sketch") for _, v in one["data"]]
        highest = max((v for values in (*known, drawn) for v in values), default=1.0)
        lowest = min((0.0, *(v for values in (*known, drawn) for v in values)))
        if about.outcomes()[outcome].kind in _SHARES:
            highest = 0.5 if highest <= 0.5 else 1.0
        ends = [values[-1] if values else math.nan for values in known]
        for one, shift in zip(lines, apart(ends, highest - lowest), strict=True):
            one["endLabel"] = {"offset": [0, shift]}

    def _series(self, outcome: str) -> list[dict[str, Any]]:
        """Every series of a chart as it should be now."""
        session = self._screen.session
        months = session.board.months
        sketched = sketches.of_group(session.predictions, session.group)
        found: list[dict[str, Any]] = []
        for arm in range(len(session.board.arms)):
            values: Sequence[float] = () if session.hidden else session.shown(arm, outcome)
            path = sketched.get((arm, outcome), ())
            before = [] if session.hidden else self._screen.before.get((arm, outcome), [])
            found += [
                {"id": f"before{arm}", "data": points(before)},
                {"id": f"line{arm}", "data": points(values)},
                {"id": f"sketch{arm}", "data": [[month + 1, value] for month, value in path]},
                *band_series(arm, None if session.hidden else self.luck.band(arm, outcome)),
            ]
        found += self._untaken(outcome)
        self._name_apart(found, outcome)
        target = self._predicting.target(outcome)
        line = [] if target is None else [[0, target], [months, target]]
        return [*found, {"id": "target", "data": line}]
