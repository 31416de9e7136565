"""Predict, then reveal: the room draws on the charts what it thinks will happen; and a target."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop import sketches
from parley_workshop.board import LETTERS
from parley_workshop.panels.chart_options import to_draw_on, to_read
from parley_workshop.panels.predict_vote import PredictVote
from parley_workshop.panels.sketch_bar import INK, TARGET, SketchBar
from parley_workshop.panels.sketch_keys import SketchKeys
from parley_workshop.panels.sketch_layer import SketchLayer
from parley_workshop.panels.widgets import button
from parley_workshop.screen import COLOURS
from parley_workshop.session import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nicegui.element import Element

    from parley_workshop.panels.chart_box import ChartBox
    from parley_workshop.screen import Screen
    from parley_workshop.sketches import Gap, Path, Point, Scale
    from parley_workshop.words import Words


class Predicting:
    """A pencil; once it is pressed, the charts can be drawn on.

    Attributes:
        on: Whether they can.
        pen: Column whose path is drawn, or `TARGET`.
    """

    def __init__(self, screen: Screen, charts: Callable[[], Sequence[ChartBox]]) -> None:
        """Nothing is drawn yet.

        Args:
            screen: The page.
            charts: The charts shown.
        """
        self._screen, self._charts = screen, charts
        self.on, self.pen = False, 0
        self._tops: dict[str, float] = {}
        self._covers: list[tuple[SketchLayer, Element]] = []
        self._vote = PredictVote(screen)
        self._bar = SketchBar(screen, self, self._vote)
        self._keys = SketchKeys(screen, self)

    def build(self) -> None:
        """Draw the pencil."""
        self._pencil = button("draw", self._screen.words("predict.open"), self.turn)
        self._pencil.props["aria-pressed"] = "false"

    def build_bar(self) -> None:
        """Make room for what is needed while drawing."""
        self._bar.build()
        self._keys.build()
        self._told = ui.label().classes("parley-unseen").props("role=status")

    # --- the mode -------------------------------------------------------------------------------

    def turn(self) -> None:
        """Begin to draw, or leave off."""
        if self.on:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Let the charts be drawn on; months stand still."""
        self.on = True
        self._screen.session.pause()
        self._pencil.props["aria-pressed"] = "true"
        self._tops.clear()
        self.pen = min(self.pen, len(self._screen.session.board.arms) - 1)
        self._bar.draw()
        for chart_box in self._charts():
            self._cover(chart_box)
        self._set_ends()
        self._bar.focus()

    def leave(self) -> None:
        """Let the charts be read again."""
        if not self.on:
            return
        self.on = False
        self._pencil.props["aria-pressed"] = "false"
        self._uncover()
        self._bar.clear()
        self.show_keys(False)
        arms = len(self._screen.session.board.arms)
        for chart_box in self._charts():
            chart_box.chart.run_chart_method(":setOption", to_read(chart_box.top, arms))
        ui.run_javascript(f"getElement({self._pencil.id}).$el.focus()")

    def board(self, anew: bool) -> None:
        """The board, the group or the charts have changed.

        Args:
            anew: Whether the charts were made anew.
        """
        if not self.on:
            return
        self.pen = min(self.pen, len(self._screen.session.board.arms) - 1)
        if anew:
            self._covers.clear()  # they went with their charts
            for chart_box in self._charts():
                self._cover(chart_box)
        self._bar.draw()
        self._keys.draw()
        self._set_ends()

    def show_keys(self, shown: bool) -> None:
        """Show sliders for those who use no pointer, or hide them."""
        self._keys.show(shown)

    @property
    def keys_shown(self) -> bool:
        """Whether these sliders are shown."""
        return self._keys.shown

    def hold(self, pen: int) -> None:
        """Take a column's pen in hand, or the target's."""
        self.pen = pen
        for layer, _ in self._covers:
            self._give(layer)
        self._bar.follow()
        self._keys.draw()

    # --- charts ---------------------------------------------------------------------------------

    def _cover(self, chart_box: ChartBox) -> None:
        """Lay a sheet over a chart, and beside it what clears it."""
        words, name = self._screen.words, self._screen.outcome(chart_box.outcome)
        with chart_box.box:
            layer = SketchLayer(chart_box.chart, self._screen.session.board.months)
            with ui.element("div").classes("parley-sketch-tools") as tools:
                erase = functools.partial(self.clear, chart_box.outcome)
                button("backspace", words("sketch.erase", outcome=name), erase).props("size=sm")
                if not self.scale(chart_box.outcome).fixed:
                    for icon, key, up in (
                        ("zoom_out", "sketch.higher", True),
                        ("zoom_in", "sketch.lower", False),
                    ):
                        move = functools.partial(self._zoom, chart_box.outcome, up)
                        button(icon, words(key, outcome=name), move).props("size=sm")
        self._give(layer)
        layer.when_drawn(functools.partial(self._stroke, chart_box.outcome))
        layer.when_aimed(functools.partial(self.put_target, chart_box.outcome))
        layer.on("leave", self.leave)
        self._covers.append((layer, tools))

    def _uncover(self) -> None:
        for layer, tools in self._covers:
            layer.delete()
            tools.delete()
        self._covers.clear()

    def _give(self, layer: SketchLayer) -> None:
        aim = self.aiming
        layer.hold(self.pen, INK if aim else COLOURS[self.pen], aim=aim)

    def _set_ends(self) -> None:
        session = self._screen.session
        names, arms = not session.hidden and session.month >= 0, len(session.board.arms)
        for chart_box in self._charts():
            change = to_draw_on(self.scale(chart_box.outcome), arms, names=names)
            chart_box.chart.run_chart_method(":setOption", change)

    def _zoom(self, outcome: str, up: bool) -> None:
        self._tops[outcome] = self.scale(outcome).next_top(up)
        self._set_ends()
        self._keys.draw()

    def scale(self, outcome: str) -> Scale:
        """The vertical axis of an outcome while the room draws; what is hidden has no part in it.

        Args:
            outcome: Name of the outcome.
        """
        session = self._screen.session
        arms = range(len(session.board.arms))
        seen = [] if session.hidden else [v for a in arms for v in session.shown(a, outcome)]
        paths = sketches.of_group(session.predictions, session.group)
        seen += [value for (_, name), path in paths.items() for _, value in path if name == outcome]
        target = self.target(outcome)
        seen += [] if target is None else [target]
        return sketches.scale(outcome, seen, self._tops.get(outcome))

    # --- what is drawn --------------------------------------------------------------------------

    @property
    def aiming(self) -> bool:
        """Whether the target is in hand."""
        return self.pen == TARGET

    def pen_name(self) -> str:
        """Name of what is in hand."""
        return self._screen.words("predict.target") if self.aiming else self._screen.arm(self.pen)

    def _whose(self, outcome: str) -> str:
        return sketches.whose(outcome, self._screen.session.group)

    def path(self, outcome: str) -> Path:
        """What was drawn with the pen in hand for the group shown; empty if nothing was."""
        key = (self.pen, outcome, self._whose(outcome))
        return self._screen.session.predictions.get(key, ())

    def target(self, outcome: str) -> float | None:
        """The level to reach, if there is one of this outcome and the group shown."""
        target = self._screen.session.target
        if target is None or (target.outcome, target.group) != (outcome, self._whose(outcome)):
            return None
        return target.value

    def _stroke(self, outcome: str, pen: int, points: Sequence[Point]) -> None:
        """Take what was drawn; it may have been another column's pen than the one in hand now."""
        board = self._screen.session.board
        stroke = sketches.to_ends(sketches.tidy(points, board.months), board.months)
        if not 0 <= pen < len(board.arms) or not stroke:
            return
        if pen != self.pen:
            self.hold(pen)
        ends = self.scale(outcome)
        tolerance = sketches.FINE * (ends.top - ends.low)
        self.put(outcome, sketches.merge(self.path(outcome), stroke, tolerance))

    def put(self, outcome: str, path: Path) -> None:
        """Keep a path of the pen in hand; an empty one takes it away.

        The end of an open scale stays where it is, so that the next stroke fits this one.
        """
        self._hold_scale(outcome)
        self._screen.session.predict(self.pen, outcome, path, self._whose(outcome))
        self._drawn(self._tell(outcome, path))

    def put_target(self, outcome: str, value: float) -> None:
        """Keep a level to reach."""
        self._hold_scale(outcome)
        (_, level), *_ = sketches.tidy([(0, value)], 1)
        self._screen.session.target = Target(outcome, self._whose(outcome), level)
        words, name = self._screen.words, self._screen.outcome(outcome)
        self._drawn(f"{words('predict.target')}, {name}: {words.number(level)}")

    def clear(self, outcome: str) -> None:
        """Take away what the pen in hand drew on one chart."""
        session = self._screen.session
        if not self.aiming:
            session.predict(self.pen, outcome, (), self._whose(outcome))
        elif self.target(outcome) is not None:
            session.target = None
        self._drawn(self._screen.words("sketch.erased", outcome=self._screen.outcome(outcome)))

    def clear_all(self) -> None:
        """Take away everything that was drawn, for every group."""
        self._screen.session.predictions.clear()
        self._screen.session.target = None
        self._drawn(self._screen.words("sketch.all_erased"))

    def off(self, outcome: str) -> str:
        """How far what was drawn lies from what came, as far as the room sees it; may be empty."""
        session, words = self._screen.session, self._screen.words
        if session.hidden:
            return ""
        paths = sketches.of_group(session.predictions, session.group)
        gaps = {
            arm: found
            for arm in range(len(session.board.arms))
            if (path := paths.get((arm, outcome)))
            and (found := sketches.gap(path, session.shown(arm, outcome)))
        }
        months = sorted({one.month for one in gaps.values()})
        return "; ".join(
            f"{words('sketch.off', month=month + 1)}: "
            + " · ".join(_off(words, arm, one) for arm, one in gaps.items() if one.month == month)
            for month in months
        )

    def _hold_scale(self, outcome: str) -> None:
        ends = self.scale(outcome)
        if not ends.fixed:
            self._tops.setdefault(outcome, ends.top)

    def _drawn(self, told: str) -> None:
        self._screen.draw()
        self._screen.remember()
        self._keys.follow()
        self._told.set_text(told)

    def _tell(self, outcome: str, path: Path) -> str:
        """A path in words, for those who do not see it."""
        words = self._screen.words
        name = f"{self.pen_name()}, {self._screen.outcome(outcome)}"
        ends = [path[0], path[-1]] if len(path) > 1 else list(path)
        said = [f"{words('sketch.month', month=m + 1)}: {words.number(v)}" for m, v in ends]
        return "; ".join([name, *said])


def _off(words: Words, arm: int, found: Gap) -> str:
    """One column's gap in words."""
    at_end, average = (float(f"{value:.2g}") for value in (found.at_end, found.average))
    way = "too_high" if at_end > 0 else "too_low" if at_end < 0 else "right"
    gap = words.number(abs(at_end))
    return words(f"sketch.{way}", arm=LETTERS[arm], gap=gap, average=words.number(average))
