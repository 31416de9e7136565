"""Boards, an engine that tells what it was told, and pages in a browser."""

import threading
import time
from dataclasses import dataclass, field

import pytest
from workshop.browser import ARGUMENTS, CHROMIUM, SMALL_PROJECTOR, Screen

from parley_workshop.board import Arm, Board
from parley_workshop.engine import LocalEngine
from parley_workshop.frames import Ended, Frame, Opening
from parley_workshop.stream import Order

SMALL = Board("colombia", (Arm("HSBP", "hsbp"), Arm("None", "none")), months=26, population=200)


@dataclass
class Heard:
    """Everything that an order told."""

    arms: int
    openings: list[Opening] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    ends: list[Ended] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    some: threading.Event = field(default_factory=threading.Event)

    def tell(self, told):
        if isinstance(told, Frame):
            self.frames.append(told)
            self.some.set()
        elif isinstance(told, Opening):
            self.openings.append(told)
        else:
            self.ends.append(told)
            if len(self.ends) == self.arms:
                self.done.set()

    def of(self, arm):
        return [frame for frame in self.frames if frame.arm == arm]


def until(found, seconds=90, pause=0.02):
    """Wait for something to be true."""
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline
        time.sleep(pause)


@pytest.fixture
def unprepared(monkeypatch):
    """Sheets are printed without running boards to see what comes up on them."""
    monkeypatch.setattr("parley_workshop.print_kit.coming_up", lambda _board: ())


@pytest.fixture(scope="module")
def engine():
    running = LocalEngine(2)
    yield running
    running.close()


@pytest.fixture
def hear(engine):
    """Run an order to its end and return what it told."""

    def run(board=SMALL, arms=None, first=0):
        arms = tuple(range(len(board.arms))) if arms is None else arms
        heard = Heard(len(arms))
        engine.start(Order(board, arms, first), heard.tell)
        assert heard.done.wait(120)
        return heard

    return run


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def new_screen(browser, address):
    """Opens pages, each in a context of its own; none may ask outside or complain."""
    opened = []

    def open_one(path="/?stops=0", at=None):
        context = browser.new_context(viewport=SMALL_PROJECTOR)
        screen = Screen(context.new_page(), at or address)
        opened.append((context, screen))
        return screen.open(path)

    yield open_one
    for context, screen in opened:
        context.close()
        assert (screen.outside, screen.errors) == ([], [])
