"""What was not chosen: which of it is drawn, under which name, how far, and never when hidden."""

from dataclasses import replace

import pytest
from workshop.conftest import SMALL
from workshop.test_decisions import CRASH, Crashing, stop

from parley_workshop import screen as screens
from parley_workshop.panels import chart_options
from parley_workshop.panels.unchosen import UnchosenPanel, sample
from parley_workshop.screen import Screen
from parley_workshop.session import Session
from parley_workshop.unchosen import MOST_DRAWN, Unchosen, key_of
from parley_workshop.words import Words

THREE = replace(SMALL, arms=(*SMALL.arms, replace(SMALL.arms[0], preset="csr")))


@pytest.fixture
def engine():
    return Crashing()


@pytest.fixture
def screen(engine, monkeypatch):
    """Three columns that have all given the first answer."""
    monkeypatch.setattr(screens, "load_dilemmas", lambda: (CRASH,))
    monkeypatch.setattr(screens.ui, "run_javascript", lambda _code: None)
    found = Screen(Session(engine, THREE), Words("en"), lambda: engine)
    come_in(engine, found)
    found.session.speed = 60.0
    stop(found.session)
    found.decisions.everywhere = True
    found.decisions.decide(CRASH.options[0].key, found.decisions.everywhere)
    come_in(engine, found)
    return found


def come_in(engine, screen, months=None):
    first = getattr(engine, "told", 0)
    for number in range(first, len(engine.orders)):
        engine.run(number, months)
    engine.told = len(engine.orders)
    screen.session.pump()
    screen.decisions.pump()


def test_the_last_ones_are_drawn_and_the_room_chooses_others(screen):
    chosen, branches = Unchosen(screen.decisions), screen.decisions.branches
    others = (len(CRASH.options) - 1) * 3
    assert len(branches) == others > MOST_DRAWN
    assert [chosen.drawn()[place] for place in range(4)] == list(branches[-4:])
    assert not chosen.choose(branches[0], True)
    assert chosen.choose(branches[-2], False)
    assert sorted(chosen.drawn()) == [0, 1, 3]
    assert chosen.choose(branches[0], True)
    assert chosen.drawn()[2] is branches[0]
    assert [chosen.drawn()[place] for place in (0, 1, 3)] == [
        branches[-4],
        branches[-3],
        branches[-1],
    ]
    assert not any(branch.started for branch in branches)


def test_only_what_is_drawn_is_run_and_a_later_tick_at_once(screen, engine):
    chosen, branches = Unchosen(screen.decisions), screen.decisions.branches
    asked = len(engine.orders)
    chosen.show()
    assert len(engine.orders) == asked + MOST_DRAWN
    assert [branch.started for branch in branches[-4:]] == [True] * 4
    assert chosen.to_run() == []
    chosen.choose(branches[-1], False)
    chosen.choose(branches[0], True)
    assert branches[0].started
    assert len(engine.orders) == asked + MOST_DRAWN + 1


def test_answers_that_go_make_room_and_those_that_come_are_drawn(screen):
    chosen = Unchosen(screen.decisions)
    assert len(chosen.drawn()) == MOST_DRAWN
    screen.session.undo()
    assert chosen.drawn() == {}
    screen.session.redo()
    assert len(chosen.drawn()) == MOST_DRAWN


def test_a_line_has_its_number_and_name_and_ends_with_the_month_shown(screen, engine):
    panel, session = UnchosenPanel(screen), screen.session
    month = session.month
    panel.chosen.show()
    come_in(engine, screen)
    session.reach(month + 3)
    first = panel.series("trust_company")[0]
    branch = panel.chosen.drawn()[0]
    assert first["name"] == f"(1) {panel.label(branch)}"
    assert [at for at, _ in first["data"]] == list(range(month + 1, month + 5))
    session.hidden = True
    assert [one["data"] for one in panel.series("trust_company")] == [[]] * MOST_DRAWN
    session.hidden = False
    session.reach(month)
    assert [one["data"] for one in panel.series("trust_company")] == [[]] * MOST_DRAWN


def test_how_far_it_has_been_run_is_told(screen, engine):
    panel = UnchosenPanel(screen)
    branch = panel.chosen.drawn()[0]
    assert panel.how_far(branch) == ""
    panel.chosen.show()
    assert panel.how_far(branch) == f"month {branch.month} of 26 is run"
    come_in(engine, screen)
    assert (branch.done, panel.how_far(branch)) == (True, "")


def light(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def over_white(colour, opacity):
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(p * opacity + 255 * (1 - opacity)):02x}" for p in parts)


def test_lines_stand_out_from_the_ground_and_differ_from_each_other():
    opacity = chart_options._band(0)["areaStyle"]["opacity"]
    grounds = ["#ffffff", *(over_white(colour, opacity) for colour in screens.COLOURS)]
    for ground in grounds:
        assert (light(ground) + 0.05) / (light(chart_options.BRANCH) + 0.05) >= 3.0
    assert 1.05 / (light(chart_options.BRANCH) + 0.05) >= 4.5  # it is the colour of names too
    assert len({sample(place) for place in range(MOST_DRAWN)}) == MOST_DRAWN
    axes = chart_options.Axes("t", "u", 26, ("A", "B", "C"), None, "month")
    drawn = [one for one in chart_options.options(axes)["series"] if one["id"].startswith("branch")]
    assert [tuple(one["lineStyle"]["type"]) for one in drawn] == list(chart_options.BRANCH_DASHES)
    assert all(one["lineStyle"]["width"] >= 3 and one["endLabel"]["show"] for one in drawn)


# --- the same for every column -------------------------------------------------------------------


def test_the_tick_for_every_column_belongs_to_what_is_pending(engine, monkeypatch):
    monkeypatch.setattr(screens, "load_dilemmas", lambda: (CRASH,))
    found = Screen(Session(engine, SMALL), Words("en"), lambda: engine)
    found.decisions.everywhere = True
    assert not found.decisions.everywhere
    come_in(engine, found)
    found.session.speed = 60.0
    stop(found.session)
    found.decisions.everywhere = True
    assert (
        found.to_keep().alike == found.decisions.pending.key == (0, CRASH.key, found.session.month)
    )
    found.decisions.decide(CRASH.options[0].key)
    assert found.to_keep().alike is None
    come_in(engine, found)
    stop(found.session)
    assert found.decisions.pending.arm == 1
    assert not found.decisions.everywhere
    found.decisions.everywhere = True
    found.decisions.pass_over()
    assert found.to_keep().alike is None


def test_answers_are_told_apart_by_column_question_month_and_answer(screen):
    keys = [key_of(branch) for branch in screen.decisions.branches]
    assert len(set(keys)) == len(keys)
