"""The page in a real browser: a server of its own, no network, every complaint heard."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WHY_NOT = "needs Debian's chromium: apt-get install chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SMALL_PROJECTOR = {"width": 1366, "height": 768}


def free_port():
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


def answers(port):
    with contextlib.closing(socket.socket()) as tried:
        tried.settimeout(0.5)
        return tried.connect_ex(("127.0.0.1", port)) == 0


class Address(str):
    """Where a page is served, and by which process."""

    __slots__ = ("pid",)

    def __new__(cls, address, pid):
        made = super().__new__(cls, address)
        made.pid = pid
        return made

    def children(self):
        """Process numbers of what the server has started."""
        text = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii")
        return [int(number) for number in text.split()]


@contextlib.contextmanager
def served(*options):
    """The address of a page served by `parley workshop`, in a process that is ended afterwards."""
    port = free_port()
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTEST", "NICEGUI", "COV"))
    }
    command = [sys.executable, "-m", "parley.cli", "workshop", "--no-browser", "--port", str(port)]
    with subprocess.Popen(
        [*command, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            deadline = time.monotonic() + 60
            while not answers(port):
                assert server.poll() is None, server.stdout.read().decode()
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield Address(f"http://localhost:{port}", server.pid)
        finally:
            server.terminate()
            server.wait(20)


@dataclass
class Screen:
    """One open page, and what it did that it should not."""

    page: object
    address: str
    outside: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    def __post_init__(self):
        self.page.on("request", self._hear_request)
        self.page.on("console", self._hear_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/*", self._let_through)

    def _local(self, url):
        return url.startswith((self.address, "data:", "blob:", self.address.replace("http", "ws")))

    def _hear_request(self, request):
        if not self._local(request.url):
            self.outside.append(request.url)

    def _hear_console(self, message):
        if message.type == "error":
            self.errors.append(message.text)

    def _let_through(self, route):
        if self._local(route.request.url):
            route.continue_()
        else:
            route.abort()

    def open(self, path="/?stops=0"):
        self.page.goto(self.address + path, wait_until="load")
        self.page.wait_for_selector(".parley-month:has-text('0')")
        return self

    def month(self):
        return self.page.inner_text(".parley-month")

    def wait_for_month(self, text, seconds=60):
        self.page.wait_for_selector(f".parley-month:text-is('{text}')", timeout=seconds * 1000)

    def until_ready(self):
        """Until the model has run every month."""
        self.page.wait_for_function(
            "document.querySelector('.parley-ready').innerText === ''", timeout=60_000
        )

    def path(self, chart=0, series="line0"):
        """Values that a chart has been sent for one series."""
        return self.page.evaluate(
            """([chart, id]) => {
              const box = document.querySelectorAll('.parley-chart')[chart];
              const found = getElement(+box.id.slice(1)).chart.getOption().series;
              return found.find((one) => one.id === id).data.map((point) => point[1]);
            }""",
            [chart, series],
        )

    def wait_for_path(self, count, chart=0, series="line0", seconds=30):
        deadline = time.monotonic() + seconds
        while len(found := self.path(chart, series)) != count:
            assert time.monotonic() < deadline, f"{len(found)} months, not {count}"
            time.sleep(0.05)
        return found

    def tab(self, name):
        self.page.click(f".parley-tabs [role=tab]:has-text('{name}')")
        self.page.wait_for_timeout(300)

    def told(self):
        """Every text of the page, shown or told to those who do not see it."""
        return self.page.evaluate(
            """() => document.body.innerText + [...document.querySelectorAll('body *')].flatMap(
              (one) => [one.ariaLabel, one.ariaValueText, one.title]).filter(Boolean).join('; ')"""
        )

    def violations(self):
        """What axe finds against levels A and AA."""
        from axe_playwright_python.sync_playwright import Axe

        # What still moves or fades has other colours for a moment.
        self.page.wait_for_function(
            "document.getAnimations().every((one) => one.playState !== 'running' ||"
            " one.effect.getComputedTiming().endTime === Infinity)"
        )
        levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
        found = Axe().run(self.page, options={"runOnly": levels}).response["violations"]
        return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
