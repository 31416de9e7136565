"""A room that asks phones, phones with a screen, and phones without one."""

import contextlib
import http.client
import re
import time
from urllib.parse import urlsplit

from workshop.browser import SMALL_PROJECTOR, Screen

from parley_workshop.words import Words

SMALL = ("--population", "200", "--months", "24", "--arms", "none", "hsbp")
PHONE = {"width": 360, "height": 640}


@contextlib.contextmanager
def voting(browser, address, language="en"):
    """A trainer's page that has stopped at a decision and asks phones; and its code."""
    context = browser.new_context(viewport=SMALL_PROJECTOR)
    room = Screen(context.new_page(), address).open(f"/{language}")
    room.page.keyboard.press(" ")
    room.page.wait_for_selector(".parley-option", timeout=30_000)
    switch_on(room, language)
    yield room, room.page.inner_text(".parley-code")
    assert (room.outside, room.errors) == ([], [])
    context.close()


def switch_on(room, language="en"):
    room.page.click(f".parley-dialog .q-toggle:has-text('{Words(language)('vote.switch')}')")
    room.page.wait_for_selector(".parley-code")


@contextlib.contextmanager
def phone_screen(browser, address, code, language="es"):
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True)
    phone = Screen(context.new_page(), address)
    phone.page.goto(f"{address}/vote/{code}?in={language}", wait_until="load")
    yield phone
    context.close()
    assert phone.outside == []


class Client:
    """A phone without a screen."""

    def __init__(self, address, code):
        self.where = urlsplit(address)
        self.code, self.seconds, self.cookie = code, [], ""
        status, page, cookie = self.ask("GET", f"/vote/{code}")
        assert status == 200
        self.cookie = cookie.partition(";")[0]
        self.question = re.search(r'name="question" value="(\d+)"', page)[1]

    def ask(self, method, path, body=None):
        before = time.perf_counter()
        headers = {"Cookie": self.cookie} if self.cookie else {}
        link = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=30)
        with contextlib.closing(link):
            link.request(method, path, body, headers)
            answer = link.getresponse()
            page = answer.read().decode()
        self.seconds.append(time.perf_counter() - before)
        return answer.status, page, answer.getheader("Set-Cookie") or ""

    def vote(self, answer):
        body = f"question={self.question}&answer={answer}"
        return self.ask("POST", f"/vote/{self.code}", body)[0]

    def look(self):
        return self.ask("GET", f"/vote/{self.code}/now")[:2]
