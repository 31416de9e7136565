"""The live page under a stopwatch: `python benchmarks/live_page.py`, with `--help` for sizes.

First the engine alone, then the page in a headless Chromium with a server of its own. A dial of the
second column is moved from the first month on, so nothing can be taken over from earlier months.
Times stand beside the load, because they share the processors with whatever else runs.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import CDPSession, Page

DIAL, LEVELS = "communication", (0.1, 0.9)
ARMS = ("none", "hsbp")
HOOKS = """() => {
  const box = document.querySelector('.parley-chart');
  const chart = getElement(+box.id.slice(1)).chart;
  window.parleySeen = {drawn: [], moved: 0};
  if (chart.parleyWatched) return;
  chart.parleyWatched = true;
  const set = chart.setOption.bind(chart);
  const months = {line0: 0, line1: 0};
  let waiting = false;
  chart.setOption = (option, ...more) => {
    set(option, ...more);
    for (const one of option.series || []) {
      if (one.id in months && one.data) {
        months[one.id] = one.data.length;
        waiting = true;
      }
    }
  };
  chart.on('rendered', () => {
    if (waiting) parleySeen.drawn.push([performance.now(), months.line0, months.line1]);
    waiting = false;
  });
  const moved = () => parleySeen.moved ||= performance.now();
  document.addEventListener('change', moved, true);
}"""
"""Notes when the first chart is sent months and when it has drawn them."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one session of the page measured.

    Attributes:
        first_picture: Seconds from starting the command to villages drawn in the browser.
        first_month_ms: From a dial let go to its first new month drawn, one entry a move.
        all_months: Seconds from there to the last month of every column drawn, likewise.
        pictures: Charts drawn a second while months that are there are played.
        speed: Months a second asked for meanwhile.
        months_a_second: Months that went by meanwhile.
        picture_ms: Processor time of the page's own thread for each of these pictures.
        server_mb: Memory of the server without a page open.
        session_mb: What each open page adds to it.
        workers_mb: Memory of each process that runs months, at the end.
        outside: Requests to other hosts.
        load: Load a processor before and after dials were moved, this benchmark's own included.
    """

    first_picture: float
    first_month_ms: list[float]
    all_months: list[float]
    pictures: float
    speed: int
    months_a_second: float
    picture_ms: float
    server_mb: float
    session_mb: float
    workers_mb: list[float]
    outside: int
    load: tuple[float, float]


def engine_alone(people: int, months: int, moves: int) -> dict[str, Any]:
    """A session without a page: first month, all months, both columns, after a dial is moved."""
    from parley_workshop.board import Arm, Board
    from parley_workshop.engine import LocalEngine
    from parley_workshop.session import Session

    before = load()
    board = Board("bosnia", tuple(Arm("", preset) for preset in ARMS), months, people)
    engine = LocalEngine()
    try:
        begun = time.perf_counter()
        session = Session(engine, board)
        first, last = _months_of(session, begun, session.ready)
        found: dict[str, Any] = {"start_ms": 1000 * first, "start_all": last, "moves": []}
        for move in range(moves):
            for name, month in (("first_month", 0), ("middle", months // 2 + 5)):
                session.jump(months)
                begun = time.perf_counter()
                for arm in range(len(ARMS)):
                    session.set_dial(arm, DIAL, LEVELS[move % 2] + 0.01 * arm, month)
                first, last = _months_of(session, begun, session.ready, month)
                found["moves"].append({"from": name, "first_ms": 1000 * first, "all": last})
    finally:
        engine.close()
    found["load"] = (before, load())
    return found


def two_trainers(people: int, months: int, times: int) -> dict[str, Any]:
    """How long a second trainer waits while the first one's columns run, and how long without.

    Waited for are the first month of both columns of a new screen of 2000 people, and the first
    new one after a dial is moved there in the middle.
    """
    from parley_workshop.board import Arm, Board
    from parley_workshop.engine import LocalEngine
    from parley_workshop.session import Session

    def until(found: Callable[[], bool], *sessions: Session) -> float:
        begun = time.perf_counter()
        while not found():
            for session in sessions:
                session.pump()
            time.sleep(0.001)
        return 1000 * (time.perf_counter() - begun)

    arms = tuple(Arm("", preset) for preset in ARMS)
    large, small = Board("bosnia", arms, months, people), Board("colombia", arms, 120, 2_000)
    engine = LocalEngine()
    found: dict[str, list[float]] = {}
    try:
        for k in range(2 * times):
            beside = "alone" if k % 2 else "beside"
            one = Session(engine, replace(large, seed=k + 1))
            until(lambda one=one: one.ready() > 20, one)
            if beside == "alone":
                one.close()
            two = Session(engine, replace(small, seed=k + 1))
            start = until(lambda two=two: two.ready() > 0, one, two)
            until(lambda two=two: two.ready() > 60, one, two)
            two.jump(50)
            for arm in range(len(arms)):
                two.set_dial(arm, DIAL, 0.3, 50)
            moved = until(lambda two=two: two.ready() > 50, one, two)
            found.setdefault(f"start_{beside}_ms", []).append(start)
            found.setdefault(f"dial_{beside}_ms", []).append(moved)
            one.close()
            two.close()
    finally:
        engine.close()
    return found


def _months_of(
    session: Any,  # noqa: ANN401  # imported where it is needed
    begun: float,
    ready: Callable[[], int],
    month: int = 0,
) -> tuple[float, float]:
    """Seconds until every column has a month, and until it has all."""
    first = 0.0
    while not session.finished():
        if session.problem():
            raise RuntimeError(session.problem())
        time.sleep(0.002)
        session.pump()
        if not first and ready() > month:
            first = time.perf_counter() - begun
    return first, time.perf_counter() - begun


@contextlib.contextmanager
def served(people: int, months: int) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """A served page, its process, and when it was started."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    command = [sys.executable, "-m", "parley.cli", "workshop", "--no-browser", "--place", "bosnia"]
    command += ["--port", str(port), "--population", str(people), "--months", str(months)]
    begun = time.perf_counter()
    with subprocess.Popen([*command, "--arms", *ARMS], stdout=subprocess.DEVNULL) as server:
        try:
            while True:
                with contextlib.closing(socket.socket()) as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if server.poll() is not None:
                    raise RuntimeError("the server ended")
                time.sleep(0.02)
            yield f"http://localhost:{port}", server, begun
        finally:
            server.terminate()
            server.wait(20)


def page_alone(people: int, months: int, moves: int, speed: int) -> Found:
    """The page in a browser."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise RuntimeError("needs Debian's chromium: apt-get install chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    outside: list[str] = []
    with (
        sync_playwright() as playwright,
        contextlib.closing(
            playwright.chromium.launch(executable_path=chromium, args=arguments)
        ) as browser,
        served(people, months) as (address, server, begun),
    ):
        before = memory(server.pid)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((address, "data:", "blob:"))
                else outside.append(request.url)
            ),
        )
        page.goto(f"{address}/?stops=0")
        page.wait_for_function(
            "[...document.querySelectorAll('.parley-canvas')].filter(c => c.width > 10).length > 1"
        )
        first_picture = time.perf_counter() - begun
        _until_ready(page)
        page.keyboard.press("End")
        page.wait_for_timeout(500)
        load_before = load()
        firsts, lasts = zip(*(_move(page, months, move) for move in range(moves)), strict=True)
        loads = (load_before, load())
        pictures, went_by, each = _play(page, months, speed)
        more = [browser.new_page() for _ in range(3)]
        with_one = memory(server.pid)
        for other in more:
            other.goto(f"{address}/?stops=0")
            _until_ready(other)
        with_all = memory(server.pid)
        workers = [memory(pid) for pid in children(server.pid)]
    return Found(
        first_picture=first_picture,
        first_month_ms=list(firsts),
        all_months=list(lasts),
        pictures=pictures,
        speed=speed,
        months_a_second=went_by,
        picture_ms=each,
        server_mb=before,
        session_mb=(with_all - with_one) / len(more),
        workers_mb=workers,
        outside=len(outside),
        load=loads,
    )


def _until_ready(page: Page) -> None:
    """Until every month has come in."""
    page.wait_for_selector(".parley-month")
    page.wait_for_function(
        "document.querySelector('.parley-ready').innerText === ''", timeout=180_000
    )


def _move(page: Page, months: int, move: int) -> tuple[float, float]:
    """Move a dial; ms to the first new month, seconds to the last month of both columns."""
    page.click(".parley-tabs [role=tab]:has-text('Practices')")
    slider = page.locator(".parley-dial [aria-label='Communication']").first
    slider.focus()
    page.wait_for_timeout(300)
    page.evaluate(HOOKS)
    page.keyboard.press("Home" if move % 2 else "End")
    page.wait_for_function(
        "() => { const d = parleySeen.drawn.filter((one) => one[0] > parleySeen.moved);"
        f" return parleySeen.moved && d.some((one) => one[2] < {months})"
        f" && d.at(-1)[2] === {months}; }}",
        timeout=180_000,
    )
    moved, drawn = page.evaluate("[parleySeen.moved, parleySeen.drawn]")
    new = [one for one in drawn if one[0] > moved and 0 < one[2] < months]
    return new[0][0] - moved, (drawn[-1][0] - moved) / 1000


def _play(page: Page, months: int, speed: int) -> tuple[float, float, float]:
    """Play all months; pictures and months a second, and the page's ms for each picture."""
    page.evaluate("document.activeElement.blur()")
    page.click(".parley-speed")
    page.click(f".q-item:has-text('{speed}') >> nth=-1")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Home")
    page.wait_for_timeout(1000)
    page.evaluate(HOOKS)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _page_seconds(cdp)
    page.keyboard.press(" ")
    page.wait_for_function(
        f"parleySeen.drawn.length > 1 && parleySeen.drawn.at(-1)[1] === {months}", timeout=180_000
    )
    drawn = page.evaluate("parleySeen.drawn")
    took = (drawn[-1][0] - drawn[0][0]) / 1000
    each = (_page_seconds(cdp) - before) / len(drawn)
    return (len(drawn) - 1) / took, (drawn[-1][1] - drawn[0][1]) / took, 1000 * each


def _page_seconds(cdp: CDPSession) -> float:
    """Processor seconds that the page's own thread has used."""
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def load() -> float:
    """Processes a processor that ran or waited in the last minute; 0 where nothing tells."""
    return os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 0.0


def memory(pid: int) -> float:
    """What a process holds for itself (MB); 0 where nothing tells."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    own = [int(line.split()[1]) for line in lines if line.startswith("Private_")]
    return sum(own) / 1024


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(word) for word in task.read_text(encoding="ascii").split()]
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=240)
    parser.add_argument("--moves", type=int, default=3, help="how often a dial is moved")
    parser.add_argument("--speed", type=int, default=30, help="months a second while playing")
    parser.add_argument("--no-browser", action="store_true", help="the engine alone")
    options = parser.parse_args()
    found: dict[str, Any] = {
        "people": options.people,
        "months": options.months,
        "engine": engine_alone(options.people, options.months, options.moves),
    }
    moves = found["engine"]["moves"]
    for name in ("first_month", "middle"):
        mine = [move for move in moves if move["from"] == name]
        print(
            f"engine, dial moved from {name}: first month {median(m['first_ms'] for m in mine):.0f}"
            f" ms, all months {median(m['all'] for m in mine):.1f} s"
        )
    both = found["two_trainers"] = two_trainers(options.people, options.months, options.moves)
    for name, what in (("start", "a new screen"), ("dial", "a dial moved")):
        beside, alone = (median(both[f"{name}_{how}_ms"]) for how in ("beside", "alone"))
        print(
            f"two trainers, {what} of the second: first month {beside:.0f} ms beside the first "
            f"one's columns, {alone:.0f} ms alone, ratio {beside / alone:.1f}"
        )
    if not options.no_browser:
        page = page_alone(options.people, options.months, options.moves, options.speed)
        found["page"] = asdict(page)
        print(
            f"page: first picture {page.first_picture:.1f} s; dial to first month "
            f"{median(page.first_month_ms):.0f} ms, to all {median(page.all_months):.1f} s; "
            f"{page.pictures:.0f} pictures a second, {page.picture_ms:.0f} ms each; "
            f"{page.session_mb:.0f} MB a session; {page.outside} requests outside"
        )
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
