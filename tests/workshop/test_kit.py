"""Prepared sessions and role cards: complete, on boards that run, naming what the page has."""

from dataclasses import replace

import pytest

from parley.errors import OptionError, ScenarioError
from parley_workshop.board import Arm, Change
from parley_workshop.kit import (
    FOLDER,
    controls,
    find_plan,
    load_plan,
    load_plans,
    load_roles,
    named,
    plan_of,
)
from parley_workshop.scenarios import scenario_of
from parley_workshop.words import LANGUAGES, Words

PLANS = load_plans()


def texts_of(plan):
    yield from (plan.title, plan.aim, plan.bring, *plan.debrief)
    for step in plan.steps:
        yield from (step.title, step.do, step.say)
        if step.ask:
            yield step.ask


def test_sessions_of_half_an_hour_an_hour_and_two_hours():
    assert [plan.minutes for plan in PLANS] == [30, 60, 120]
    assert [sum(step.minutes for step in plan.steps) for plan in PLANS] == [30, 60, 120]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_a_session_can_be_loaded_and_run(plan):
    for language in LANGUAGES:
        board = plan.board_in(Words(language))
        assert len({arm.label for arm in board.arms}) == len(board.arms) == 2
        for arm in range(len(board.arms)):
            assert scenario_of(board, arm).months == 120


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_a_board_is_known_by_the_session_it_began_as(plan):
    changed = Change(3, decision="price_crash", option="cut")
    arms = tuple(Arm("", arm.preset, (changed,)) for arm in plan.board.arms)
    assert plan_of(replace(plan.board, arms=arms)) == plan
    assert plan_of(replace(plan.board, seed=plan.board.seed + 1)) is None
    assert plan_of(replace(plan.board, arms=arms[:1])) is None


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_a_session_says_the_same_in_every_language(plan):
    for text in texts_of(plan):
        told = [text(language) for language in LANGUAGES]
        assert all(told)
        if len(told[0].split()) > 2:
            assert len(set(told)) == len(told), told[0]
        assert len({tuple(sorted(controls(one))) for one in told}) == 1, told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_controls_are_named_as_the_page_names_them(language):
    words = Words(language)
    found = [key for plan in PLANS for text in texts_of(plan) for key in controls(text("en"))]
    assert {"play.play", "paths.hide", "paths.group", "luck.switch"} <= set(found)
    assert [key for key in found if not words.has(key)] == []
    assert named("A {play.pause} B", words) == f"A [{words('play.pause')}] B"
    with pytest.raises(KeyError):
        named("{play.nothing}", words)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_every_session_predicts_before_it_reveals_and_asks_about_luck(plan):
    steps = [" ".join(controls(step.do("en"))) for step in plan.steps]
    hidden = next(at for at, named_ in enumerate(steps) if "paths.hide" in named_)
    played = next(at for at, named_ in enumerate(steps) if "play.play" in named_)
    shown = max(at for at, named_ in enumerate(steps) if "paths.hide" in named_)
    luck = next(at for at, named_ in enumerate(steps) if "luck.switch" in named_)
    assert hidden < played < shown < luck


def test_seven_roles_each_with_a_secret_in_every_language():
    roles = load_roles()
    assert [role.key for role in roles] == [
        *("company", "mayor", "leader", "displaced", "youth", "facilitator", "investor"),
    ]
    for role in roles:
        for name in ("title", "who", "want", "fear", "know", "secret"):
            told = [getattr(role, name)(language) for language in LANGUAGES]
            assert len(set(told)) == len(told) == 3
            assert all(0 < len(one) <= 160 for one in told), told


def test_an_unknown_session_is_refused_with_those_there_are():
    with pytest.raises(OptionError, match="allowed: 30, 60, 120"):
        find_plan("90")
    assert find_plan("60").board.place == "bosnia"


GOOD = (FOLDER / "sessions" / "30.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minutes = 30", "minutes = 31", r"minutes = 31: is not the sum.*30 minutes"),
        ('place = "colombia"', 'place = "columbia"', "did you mean 'colombia'"),
        ('"hsbp"', '"hspb"', r"board.arms: is not a list of bundled stacks"),
        ('["none", "hsbp"]', '"hsbp"', r"board.arms = 'hsbp': is not a list"),
        ('["none", "hsbp"]', '["none", "hsbp", "csr", "msp"]', r"board.arms = 4"),
        ("population = 1000", "population = 10", r"board.population = 10: is out of range"),
        ("months = 120", "months = 3", r"board.months = 3"),
        ("seed = 1", "sed = 1", r"board.sed = 1: is an unknown key"),
        ('title.es = "Predecir"', "", r"steps\[2\].title.es: is missing"),
        ('say.en = "Draw', 'says.en = "Draw', r"steps\[2\].say"),
    ],
)
def test_what_is_wrong_with_a_session_is_said(tmp_path, old, new, message):
    assert old in GOOD
    path = tmp_path / "30.toml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(ScenarioError, match=message):
        load_plan(path)


def test_a_session_without_questions_or_a_role_without_a_language_is_refused(tmp_path):
    path = tmp_path / "30.toml"
    path.write_text(GOOD.partition("[[debrief]]")[0], "utf-8")
    with pytest.raises(ScenarioError, match="debrief: is missing or empty"):
        load_plan(path)
    roles = (FOLDER / "roles.toml").read_text("utf-8")
    path.write_text(roles.replace('bs = "Direktorica kompanije"\n', ""), "utf-8")
    with pytest.raises(ScenarioError, match=r"company.title.bs: is missing"):
        load_roles(path)
