"""Dilemmas: files hold together, conditions read months as they say, options change inputs."""

import dataclasses
import math
import re
from pathlib import Path

import pytest

from parley.errors import ScenarioError
from parley.model import PartneringModel
from parley.practice_types import DIALS
from parley_workshop.board import Arm, Board, Change
from parley_workshop.conditions import HAPPENINGS, Condition
from parley_workshop.dilemmas import (
    FOLDER,
    WORDS,
    change_of,
    decide,
    due,
    interventions_of,
    load_dilemma,
    load_dilemmas,
    over,
)
from parley_workshop.frames import Frame, Happening
from parley_workshop.observe import look
from parley_workshop.scenarios import scenario_of
from parley_workshop.words import LANGUAGES

ALL = load_dilemmas()
TEXTS = [
    (f"{dilemma.key}.{name}", text)
    for dilemma in ALL
    for name, text in (
        *((name, getattr(dilemma, name)) for name in ("title", "situation", "question")),
        *((f"{o.key}.label", o.label) for o in dilemma.options),
        *((f"{o.key}.explains", o.explains) for o in dilemma.options),
        *((f.name, getattr(dilemma.note, f.name)) for f in dataclasses.fields(dilemma.note)),
    )
]


def frame(month, price=1.0, *, values=None, happenings=(), practices=None):
    blank = dict.fromkeys(DIALS, (0.0, 0.0, 0.0))
    events = tuple(Happening(*one) for one in happenings)
    return Frame(0, month, values or {}, (), events, blank | (practices or {}), {}, price)


def priced(*prices):
    return [frame(month, price) for month, price in enumerate(prices)]


def valued(name, *values):
    return [frame(m, values={name: (value, 0.0)}) for m, value in enumerate(values)]


def happening(kind, *months, last=10, target=""):
    return [
        frame(m, happenings=[(kind, "a", target, math.nan)] * months.count(m))
        for m in range(last + 1)
    ]


def test_there_are_at_least_ten():
    assert len(ALL) >= 10
    assert [d.key for d in ALL] == [d.key for d in sorted(ALL, key=lambda d: (d.order, d.key))]


@pytest.mark.parametrize("dilemma", ALL, ids=lambda dilemma: dilemma.key)
def test_every_option_of_a_file_fits_the_model(dilemma):
    assert len({option.key for option in dilemma.options}) == len(dilemma.options)
    for option in dilemma.options:
        arm = decide(Arm("A", "hsbp"), dilemma, option.key, 12)
        scenario = scenario_of(Board("colombia", (arm,), months=24, population=60), 0)
        before, after = scenario.practices.in_force(11), scenario.practices.in_force(12)
        levels = dict(zip(DIALS, after.nominal, strict=True))
        assert {name: levels[name] for name, _ in option.dials} == dict(option.dials)
        assert {name: getattr(after, name) for name, _ in option.words} == dict(option.words)
        changed = {name for name in DIALS if levels[name] != before.nominal[DIALS.index(name)]}
        assert changed <= {name for name, _ in option.dials}
        assert [one.first for one in scenario.interventions] == [12] * len(option.interventions)


@pytest.mark.parametrize(("where", "text"), TEXTS, ids=[where for where, _ in TEXTS])
def test_every_text_is_there_in_every_language_and_fits_a_card(where, text):
    assert [code for code, _ in text.by_language] == list(LANGUAGES)
    words = [text(code) for code in LANGUAGES]
    assert all(words)
    if len(words[0].split()) > 3:
        assert len(set(words)) == len(words), where
    assert all(len(word) <= 260 for word in words), where


@pytest.mark.parametrize(
    ("condition", "frames", "held"),
    [
        (Condition("price", below=0.7, months=2), priced(0.6, 0.8, 0.6, 0.69, 0.7), [3]),
        (Condition("price", above=1.2, below=1.5), priced(1.2, 1.3, 1.5), [1]),
        (Condition("month", month=2), priced(1, 1, 1, 1), [2, 3]),
        (
            Condition("outcome", "fear", above=0.1, months=2),
            valued("fear", 0.2, 0.2, math.nan, 0.2, 0.1),
            [1],
        ),
        (Condition("outcome", "fear", below=0.1), valued("dignity", 0.0, 0.0), []),
        (Condition("happening", "march"), happening("march", 3), [3]),
        (
            Condition("happening", "march", months=3, times=2),
            happening("march", 2, 4, 8, 8),
            [4, 8, 9, 10],
        ),
        (Condition("happening", "march"), happening("blockade", 3), []),
        (
            Condition("happening", "left", target="partnership"),
            happening("left", 3, target="site"),
            [],
        ),
        (Condition("since", "vote", months=4), happening("vote", 1, 6), [5, 10]),
        (Condition("since", "vote", months=1), happening("march", 1), []),
        (
            Condition("dial", "mapping", level="executed", above=0.5),
            [
                frame(0, practices={"mapping": (1.0, 0.9, 0.5)}),
                frame(1, practices={"mapping": (1.0, 0.0, 0.6)}),
            ],
            [1],
        ),
        (
            Condition("funding", below=0.5),
            [
                frame(0),
                frame(1, practices={"mapping": (0.8, 0.8, 0.0), "digital": (0.8, 0.0, 0.8)}),
                frame(2, practices={"mapping": (0.8, 0.7, 0.0), "digital": (0.8, 0.0, 0.8)}),
            ],
            [2],
        ),
    ],
)
def test_a_condition_holds_in_exactly_these_months(condition, frames, held):
    assert [f.month for f in frames if condition.holds(frames, f.month)] == held


def test_practices_are_there_when_one_is_announced_whether_paid_for_or_not():
    frames = [frame(0), frame(1, practices={"digital": (0.1, 0.0, 0.0)}), frame(2)]
    assert [m for m in range(4) if Condition("practices").holds(frames, m)] == [1]


def test_months_that_are_not_there_fulfil_nothing_and_later_ones_are_not_looked_at():
    price = Condition("price", below=0.7)
    assert not price.holds([], 0)
    assert not price.holds(priced(0.5), 1)
    assert not price.holds(priced(1.0, 0.5), 0)


def test_the_kinds_of_events_are_those_that_the_model_notes():
    noted = set()
    for path in sorted((Path(__file__).parents[2] / "sim" / "parley").rglob("*.py")):
        noted |= set(re.findall(r"\.note\(\s*\"(\w+)\"", path.read_text("utf-8")))
    assert noted <= set(HAPPENINGS)
    rungs = {"petition", "march", "blockade", "violence"}
    by_variable = {*rungs, "changed", "adopted", "abandoned", "closed"}
    assert set(HAPPENINGS) - noted == by_variable


def test_a_dilemma_comes_up_once_and_the_first_in_order_first():
    tense = {"values": {"fear": (0.2,)}, "practices": {"mapping": (0.5, 0.5, 0.5)}}
    frames = [frame(m, 0.5, **tense) for m in range(8)]
    first = due(ALL, frames, 7, frozenset())
    assert first is not None
    assert first.key == "leader_threatened"
    second = due(ALL, frames, 7, {"leader_threatened"})
    assert second is not None
    assert second.key == "price_crash"
    assert due(ALL, frames, 7, {"leader_threatened", "price_crash"}) is None
    assert due(ALL, priced(1.0, 1.0), 1, frozenset()) is None


@pytest.mark.parametrize(
    ("kind", "target", "gone"),
    [
        ("ended", "", True),
        ("closed", "site", True),
        ("left", "site", True),
        ("left", "partnership", False),
        ("suspended", "site", False),
    ],
)
def test_nothing_is_asked_where_answers_change_nothing_any_more(kind, target, gone):
    frames = [frame(m, 0.5) for m in range(12)]
    frames[8] = frame(8, 0.5, happenings=[(kind, "company", target, math.nan)])
    assert due(ALL, frames, 7, frozenset()) is not None
    answered = {"members_leave"}
    assert (due(ALL, frames, 8, answered) is None) == gone
    assert (due(ALL, frames, 11, answered) is None) == gone


def test_a_decision_as_a_change_and_as_a_column():
    dilemma = load_dilemma(FOLDER / "force_used.toml")
    assert change_of(dilemma, "bind", 13) == Change(
        13, (("trust_conduct", 1.0), ("protocols", 0.8)), (), "force_used", "bind"
    )
    assert interventions_of(dilemma, "bind", 13) == ()
    start = Arm("A", "hsbp", (Change(20, (("digital", 0.0),)),), ("legal_aid:coverage=0.5",))
    arm = decide(start, dilemma, "protect", 13)
    assert [change.month for change in arm.changes] == [13, 20]
    assert arm.interventions == ("legal_aid:coverage=0.5",)
    assert decide(arm, dilemma, "bind", 13).changes[0].option == "bind"
    assert len(decide(arm, dilemma, "bind", 13).changes) == 2
    with pytest.raises(KeyError):
        change_of(dilemma, "bomb", 13)


def test_an_option_can_only_touch_inputs():
    allowed = {"key", "label", "explains", "dials", "words", "interventions"}
    assert {f.name for f in dataclasses.fields(ALL[0].options[0])} == allowed
    assert set(WORDS) == {"owner", "payer", "admits", "protection", "judge"}


GOOD = (FOLDER / "windfall.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("order = 60", "order = 60.5", r"order = 60.5: is out of range"),
        ('what = "price"', 'what = "prize"', r"when\[0\].what = 'prize'.*did you mean 'price'"),
        ("above = 1.3", "", r"when\[0\].above: is missing"),
        ("above = 1.3", "above = 1.3\nbelow = 1.0", r"below.*above 1.3"),
        ("months = 4", "months = 0", r"when\[0\].months = 0: is out of range"),
        ("months = 4", "years = 4", r"when\[0\].years = 4: is an unknown key"),
        ("sharing = 0.9", "sharing = 1.9", r"options\[0\].dials.sharing = 1.9: is out of range"),
        ("sharing = 0.9", "sharng = 0.9", r"options\[0\].dials.sharng.*did you mean 'sharing'"),
        ('key = "share"', 'key = "keep"', "two options have the same key"),
        ('es = "Bonanza"', "", r"title.es: is missing"),
        ('es = "Bonanza"', 'es = " "', r"title.es.*is empty"),
        ('es = "Bonanza"', 'de = "x"\nes = "B"', r"title.de = 'x': is an unknown key"),
        ("[note.silent]", "[note.quiet]", r"note.silent: is missing"),
        (
            'key = "keep"\n',
            'key = "keep"\nwords = { payer = "nobody" }\n',
            r"options\[2\].words.payer = 'nobody'",
        ),
        (
            'key = "keep"\n',
            'key = "keep"\noutcomes = { trust_company = 1.0 }\n',
            r"options\[2\].outcomes: is an unknown key",
        ),
        (
            'key = "keep"\n',
            'key = "keep"\ninterventions = ["bribe"]\n',
            r"options\[2\].interventions: is not a list of known interventions",
        ),
        ('[[when]]\nwhat = "month"\nmonth = 12', "", ""),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, old, new, message):
    assert old in GOOD
    path = tmp_path / "windfall.toml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    if not message:
        assert len(load_dilemma(path).when) == 1
        return
    with pytest.raises(ScenarioError, match=message):
        load_dilemma(path)


def test_several_mistakes_are_told_together(tmp_path):
    path = tmp_path / "windfall.toml"
    wrong = GOOD.replace("sharing = 0.9", "sharing = 2").replace("order = 60", "order = -1")
    path.write_text(wrong, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_dilemma(path)
    assert {p.key for p in caught.value.problems} == {"order", "options[0].dials.sharing"}


@pytest.mark.slow
@pytest.mark.parametrize("place", ["colombia", "bosnia"])
def test_a_played_decade_meets_many_dilemmas_and_each_answer_changes_only_what_follows(place):
    """The first option is always taken; earlier months stay, bit for bit."""
    arm = Arm("HSBP", "hsbp")
    played, answered = [], []
    for _ in range(20):
        board = Board(place, (arm,), months=120, population=300)
        frames = run(board)
        assert played == [] or frames[: len(played)] == played
        found = next(
            (
                (month, one)
                for month in range(max(len(played) - 1, 0), 119)
                if (one := due(ALL, frames, month, set(answered)))
            ),
            None,
        )
        if found is None:
            break
        month, dilemma = found
        answered.append(dilemma.key)
        played = frames[: month + 1]
        arm = decide(arm, dilemma, dilemma.options[0].key, month + 1)
    assert len(answered) >= 4
    assert len(set(answered)) == len(answered)


@pytest.mark.slow
def test_after_the_end_of_a_partnership_no_dial_changes_a_thing():
    """Why `over` keeps silent: the same months follow whatever is announced then."""
    arm = Arm("HSBP", "hsbp")
    frames = run(Board("bosnia", (arm,), months=84, population=300))
    end = next(f.month for f in frames if any(h.kind == "ended" for h in f.happenings))
    assert over(frames, end)
    assert not over(frames, end - 1)
    late = decide(arm, next(d for d in ALL if d.key == "practices_unfunded"), "cut_all", end + 2)
    other = run(Board("bosnia", (late,), months=84, population=300))
    for ours, theirs in zip(frames, other, strict=True):
        assert ours.values == theirs.values


@pytest.mark.slow
def test_every_dilemma_comes_up_somewhere():
    met = set()
    for place in ("colombia", "bosnia", "colombia_pilot"):
        frames = run(Board(place, (Arm("HSBP", "hsbp"),), months=120, population=300))
        met |= {d.key for d in ALL if any(d.holds(frames, month) for month in range(120))}
    assert met == {d.key for d in ALL}


def run(board):
    model = PartneringModel(scenario_of(board, 0), board.seed, board.replicate)
    frames = []
    for _ in range(board.months):
        model.step()
        frames.append(strip_nan(look(model, 0)))
    return frames


def strip_nan(one):
    """Values that compare equal to themselves, so that months can be compared."""
    values = {
        name: tuple(None if math.isnan(v) else v for v in row) for name, row in one.values.items()
    }
    events = tuple(
        dataclasses.replace(h, amount=-1.0 if math.isnan(h.amount) else h.amount)
        for h in one.happenings
    )
    return dataclasses.replace(one, values=NanRows(values), happenings=events)


class NanRows(dict):
    """A mapping whose missing values read as NaN."""

    def get(self, name, default=None):
        row = super().get(name, default)
        return tuple(math.nan if v is None else v for v in row)
