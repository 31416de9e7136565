"""Where a screen stops on its way to a month, and what of it is found again, without a browser."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from workshop.conftest import SMALL
from workshop.test_decisions import CRASH, Crashing
from workshop.test_links import link_of, saved

from parley_workshop import screen as screens
from parley_workshop.decisions import comes_up
from parley_workshop.links import read_link, to_link
from parley_workshop.said import Said, Vote, from_text, to_text
from parley_workshop.screen import Screen
from parley_workshop.session import Session, Target
from parley_workshop.words import Words

pytest.importorskip("nicegui")
ALONE = replace(SMALL, arms=SMALL.arms[:1])
LAST = SMALL.months - 1


@pytest.fixture
def engine():
    return Crashing()


@pytest.fixture
def written(monkeypatch):
    """Addresses that a page would have put into its bar."""
    found = []
    monkeypatch.setattr(screens.ui, "run_javascript", found.append)
    monkeypatch.setattr(screens, "load_dilemmas", lambda: (CRASH,))
    return found


@pytest.fixture
def open_screen(engine, written):
    def opened(board=ALONE, months=None):
        screen = Screen(Session(engine, board), Words("en"), lambda: engine)
        screen.session.outcomes = ("trust_company",)
        come_in(engine, screen, months)
        return screen

    assert written == []
    return opened


def come_in(engine, screen, months=None):
    """All that was ordered and has not come in, or the months up to one."""
    first, session = getattr(engine, "told", 0), screen.session
    for number in range(first, len(engine.orders)):
        engine.run(number, months)
    if months is None:
        engine.told = len(engine.orders)
    screen.beat()
    return session


def again(engine, screen):
    """What a reload opens: another screen with what the address holds."""
    asked = {name: found[0] for name, found in parse_qs(urlsplit(screen.address()).query).items()}
    board, _ = read_link(asked["board"])
    other = Screen(Session(engine, board), Words("es"), lambda: engine)
    other.session.outcomes = ("trust_company",)
    other.stops = asked.get("stops") != "0"
    other.recall(from_text(asked.get("said", ""), board))
    other.come_back(int(asked["month"]))
    come_in(engine, other)
    return other


def crash_month(screen):
    frames = screen.session.frames(0)
    return next(month for month in range(LAST) if comes_up(CRASH, frames, month) == month)


def test_the_end_is_the_first_open_decision(open_screen):
    screen = open_screen()
    screen.go(LAST)
    assert screen.session.month == crash_month(screen)
    assert screen.follow == -1
    screen.decisions.pass_over()
    screen.go(LAST)
    assert screen.session.month == LAST
    screen.go(3)
    screen.go(LAST)
    assert screen.session.month == LAST


def test_so_it_is_while_months_still_come_in(open_screen, engine):
    screen = open_screen(months=3)
    screen.go(LAST)
    assert (screen.session.month, screen.follow) == (2, LAST)
    assert "&month=2&" in screen.address()
    engine.orders[0] = (replace_first(engine.orders[0][0], 3), engine.orders[0][1])
    come_in(engine, screen)
    screen.beat()
    assert screen.session.month == crash_month(screen)
    assert (screen.follow, screen.session.playing) == (-1, False)
    assert screen.decisions.pending is not None


def replace_first(order, month):
    return replace(order, first_month=month)


def test_without_stops_the_end_is_the_end(open_screen):
    screen = open_screen()
    screen.stops = False
    screen.go(LAST)
    assert (screen.session.month, screen.decisions.pending) == (LAST, None)


def test_months_run_anew_by_a_slider_do_not_stop_on_the_way(open_screen, engine):
    screen = open_screen()
    screen.go(LAST)
    screen.decisions.pass_over()
    screen.go(20)
    screen.act(lambda: screen.session.set_dial(0, "sharing", 0.1, month=0))
    assert (screen.session.month, screen.follow) == (-1, 20)
    come_in(engine, screen)
    assert (screen.session.month, screen.decisions.pending) == (20, None)
    screen.session.speed = 60.0
    screen.session.play()
    screen.session.tick(1.0)
    assert screen.session.month == LAST


def test_an_answer_undone_brings_the_room_back_to_where_it_decided(open_screen, engine):
    screen = open_screen()
    screen.go(LAST)
    month = screen.session.month
    screen.act(lambda: screen.decisions.decide(CRASH.options[0].key))
    come_in(engine, screen)
    screen.go(LAST)
    assert screen.session.month == LAST
    screen.act(screen.session.undo)
    come_in(engine, screen)
    assert screen.session.month == month
    assert screen.decisions.pending is not None
    screen.act(screen.session.redo)
    come_in(engine, screen)
    assert (screen.session.month, screen.decisions.pending) == (month, None)


def test_what_was_said_and_decided_is_there_after_a_reload(open_screen, engine):
    screen = open_screen(SMALL)
    session = screen.session
    session.predict(0, "trust_company", [(0, 0.5), (LAST, 0.75)])
    session.predict(1, "trust_company", [(LAST, 0.25)], group="town")
    session.target = Target("trust_company", "all", 0.6)
    session.votes = [Vote("trust_company", (0, 1), "all", LAST, ("hsbp", "none"), (7, 2, 1))]
    session.speed, screen.from_start = 30.0, False
    screen.go(LAST)
    screen.act(lambda: screen.decisions.decide(CRASH.options[1].key))
    come_in(engine, screen)
    screen.go(LAST)
    assert screen.decisions.pending.arm == 1
    screen.decisions.pass_over()
    screen.go(LAST)
    other = again(engine, screen)
    assert other.to_keep() == screen.to_keep()
    assert other.to_keep().passed == ((1, "price_crash", crash_month(screen)),)
    assert other.address().partition("?")[2] == screen.address().partition("?")[2]
    assert (other.session.month, other.decisions.pending) == (LAST, None)
    assert [b.option for b in other.decisions.branches] == [
        b.option for b in screen.decisions.branches
    ]
    assert len(other.decisions.branches) == len(CRASH.options) - 1
    other.go(2)
    other.go(LAST)
    assert other.session.month == LAST


def said_here(screen):
    """A screen on which everything has been said that can be."""
    session = screen.session
    session.predict(0, "trust_company", [(0, 0.5), (LAST, 0.75)])
    session.target = Target("trust_company", "all", 0.6)
    session.votes = [Vote("trust_company", (0, 1), "all", LAST, ("hsbp", "none"), (7, 2, 1))]
    screen.go(LAST)
    screen.decisions.pass_over()
    session.speed = 30.0
    return screen.to_keep()


ELSEWHERE = Said(
    predictions=(((1, "trust_company", "all"), ((3, 0.25),)),),
    target=Target("trust_company", "all", 0.9),
    votes=(Vote("trust_company", (0, 1), "all", 4, ("csr", "none"), (1, 2, 3)),),
    passed=((0, "other_dilemma", 2),),
    speed=12.0,
)


@pytest.mark.parametrize("board", [SMALL, replace(SMALL, seed=7), ALONE, replace(SMALL, months=30)])
@pytest.mark.parametrize("said", [None, ELSEWHERE])
def test_a_link_that_is_opened_is_another_screen_and_undo_brings_this_one_back(
    open_screen, board, said
):
    from parley_workshop.panels.share import SharePanel

    screen = open_screen(SMALL)
    here = said_here(screen)
    there = said.fitting(board) if said else Said(speed=30.0)
    link = f"/en?board={to_link(board)}" + (f"&said={to_text(said, board)}" if said else "")
    panel = SharePanel(screen, None)
    screen.act(lambda: panel._load(link))
    assert (screen.session.board, screen.to_keep()) == (board, there)
    screen.session.predict(0, "benefit", [(1, 9.0)])
    changed = screen.to_keep()
    screen.act(screen.session.undo)
    assert (screen.session.board, screen.to_keep()) == (SMALL, here)
    screen.act(screen.session.redo)
    assert (screen.session.board, screen.to_keep()) == (board, changed)
    screen.act(screen.session.undo)
    assert (screen.session.board, screen.to_keep()) == (SMALL, here)


def test_a_link_that_does_not_read_changes_nothing(open_screen, monkeypatch):
    from parley_workshop.panels.share import SharePanel

    screen, told = open_screen(SMALL), []
    monkeypatch.setattr(screen, "warn", told.append)
    here, panel = said_here(screen), SharePanel(screen, None)
    for link in ("damaged", f"/en?board={to_link(ALONE)}&said=damaged"):
        screen.act(lambda link=link: panel._load(link))
    assert (screen.session.board, screen.to_keep(), len(told)) == (SMALL, here, 2)
    assert not screen.session.can_undo()


def test_an_edit_that_is_undone_after_a_link_leaves_what_was_drawn(open_screen):
    screen = open_screen(SMALL)
    said_here(screen)
    screen.act(lambda: screen.open(replace(SMALL, seed=7)))
    screen.act(lambda: screen.session.set_dial(0, "sharing", 0.1, month=0))
    screen.session.predict(1, "benefit", [(1, 9.0)])
    drawn = dict(screen.session.predictions)
    screen.act(screen.session.undo)
    assert screen.session.predictions == drawn == {(1, "benefit", "all"): ((1, 9.0),)}


def test_what_was_left_goes_with_its_column(open_screen, engine):
    screen = open_screen(SMALL)
    session, decisions = screen.session, screen.decisions
    for _ in session.board.arms:
        screen.go(LAST)
        decisions.pass_over()
    month = dict(decisions.passed)[0, CRASH.key]
    screen.act(lambda: session.remove_arm(0))
    assert dict(decisions.passed) == {(0, CRASH.key): month}
    screen.act(session.undo)
    assert dict(decisions.passed) == {(0, CRASH.key): month, (1, CRASH.key): month}
    screen.act(session.redo)
    assert dict(decisions.passed) == {(0, CRASH.key): month}
    come_in(engine, screen)
    screen.go(0)
    screen.go(LAST)
    assert (session.month, decisions.pending) == (LAST, None)
    screen.act(lambda: session.add_arm("csr"))
    assert dict(decisions.passed) == {(0, CRASH.key): month}
    screen.act(lambda: session.set_fact("spoiler_presence", 0.2))
    assert dict(decisions.passed) == {}


def test_a_reload_asks_what_was_open_in_its_month_and_nothing_before(open_screen, engine):
    screen = open_screen()
    screen.go(LAST)
    pending = screen.decisions.pending
    assert again(engine, screen).decisions.pending == pending
    screen.decisions.everywhere = True
    assert again(engine, screen).decisions.everywhere
    screen.decisions.everywhere = False
    assert not again(engine, screen).decisions.everywhere
    screen.stops = False
    screen.go(LAST)
    screen.stops = True
    other = again(engine, screen)
    assert (other.session.month, other.decisions.pending) == (LAST, None)


def test_the_address_is_written_only_when_it_is_another(open_screen, written):
    screen = open_screen()
    for _ in range(3):
        screen.remember()
    assert len(written) == 1
    screen.session.predict(0, "trust_company", [(3, 0.5)])
    screen.remember()
    screen.remember()
    assert len(written) == 2
    assert "said=" in written[1]
    assert "said=" not in written[0]


OLDER = link_of(saved() | {"model": "1"})


class Browser:
    """A client that has not connected."""

    has_socket_connection = False

    def on_connect(self, told):
        told()


@pytest.mark.parametrize(
    ("asked", "warned"),
    [
        ({}, []),
        ({"board": OLDER}, ["This link was made with another version of the model"]),
        ({"said": "damaged"}, ["What was said before could not be read"]),
        ({"board": "damaged", "said": "damaged"}, ["The link could not be opened"]),
    ],
)
def test_a_part_of_the_address_that_is_damaged_is_told_and_the_rest_opens(engine, asked, warned):
    from parley_workshop.page import Pages
    from parley_workshop.serve import Serving

    board = replace(SMALL, seed=7)
    pages = Pages(engine, Serving(SMALL))
    link = {"board": to_link(board)} | asked
    screen, told = pages._open("en", link, Browser())
    assert [text.partition(" from ")[0].partition(", ")[0] for text in told] == warned
    assert screen.session.board == (SMALL if asked.get("board") else board)
    assert screen.to_keep() == Said()
    assert screen.voting.room is None
