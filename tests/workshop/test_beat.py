"""When the page draws: at once what is played, now and then what only comes in."""

from types import SimpleNamespace

import pytest

from parley_workshop import screen as screens
from parley_workshop.screen import RUSHING_SECONDS, Screen
from parley_workshop.words import Words

pytest.importorskip("nicegui")


class Coming:
    """A session of 24 months that come in one a beat, after some other news."""

    def __init__(self, playing=False, news=0):
        self.month, self.playing, self.came, self.news = -1, playing, 0, news
        self.board = SimpleNamespace(months=24)

    def pump(self):
        self.news -= 1
        if self.news >= 0:
            return True
        self.came = min(self.came + 1, 24)
        return self.came < 24

    def ready(self):
        return self.came

    def reach(self, month):
        self.month = min(month, self.came - 1)

    def tick(self, _seconds):
        self.month += self.playing and self.month < self.came - 1
        return self.playing

    def problem(self):
        return ""


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(screens.time, "monotonic", lambda: now.seconds)
    return now


def drawn(session, clock, beats, follow=-1):
    """Months shown by each picture, one beat every 50 ms."""
    found = []
    screen = Screen(session, Words("en"), lambda: None)
    screen.panels = [SimpleNamespace(months=lambda: found.append(session.month))]
    screen.follow = follow
    for _ in range(beats):
        screen.beat()
        clock.seconds += 0.05
    return found


def test_months_run_anew_are_drawn_first_last_and_now_and_then(clock):
    found = drawn(Coming(), clock, 40, follow=23)
    assert found[0] == 0
    assert found[-1] == 23
    assert len(found) == pytest.approx(24 * 0.05 / RUSHING_SECONDS, abs=2)


def test_every_month_that_is_played_is_drawn(clock):
    assert drawn(Coming(playing=True), clock, 24) == list(range(24))


def test_what_only_comes_in_is_drawn_now_and_then(clock):
    assert 4 <= len(drawn(Coming(), clock, 24)) <= 6


def test_news_without_months_does_not_hold_up_the_first_of_them(clock):
    """What is known beforehand comes first: three beats without a month, the fourth brings one."""
    assert drawn(Coming(news=3), clock, 4, follow=23) == [-1, -1, -1, 0]
