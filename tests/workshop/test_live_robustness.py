"""What goes wrong in a workshop: processes that die or hang, bad links and files, lost networks."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from workshop.browser import (
    CHROMIUM,
    SMALL_PROJECTOR,
    WHY_NOT,
    Screen,
    answers,
    free_port,
    served,
)
from workshop.conftest import SMALL, Heard, until

from parley_workshop.engine import LocalEngine
from parley_workshop.session import Session
from parley_workshop.stream import Order

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds processes in /proc"),
]
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)
MONTHS = 24


def play(sessions, until_month):
    """Let sessions play until all have shown a month."""

    def beat():
        for session in sessions:
            session.pump()
            session.tick(0.05)
        return all(session.month >= until_month for session in sessions)

    until(beat)


# --- the engine ---------------------------------------------------------------------------------


def test_two_sessions_play_on_when_their_process_is_killed():
    boards = [replace(SMALL, months=60), replace(SMALL, months=60, seed=7)]
    engine, calm = LocalEngine(1), LocalEngine(1)
    try:
        sessions = [Session(engine, board) for board in boards]
        for session in sessions:
            session.play()
        play(sessions, 3)
        os.kill(engine.pids()[0], signal.SIGKILL)
        play(sessions, 59)
        undisturbed = Session(calm, boards[1])
        until(lambda: undisturbed.pump() and undisturbed.finished())
    finally:
        engine.close()
        calm.close()
    assert [session.problem() for session in sessions] == ["", ""]
    for arm in (0, 1):
        told, calm_told = sessions[1].frames(arm), undisturbed.frames(arm)
        assert [frame.month for frame in told] == list(range(60))
        assert [frame.villages for frame in told] == [frame.villages for frame in calm_told]


def test_a_process_that_hangs_is_replaced_and_no_month_is_lost():
    engine, heard = LocalEngine(1, patience=8.0), Heard(2)
    try:
        engine.start(Order(replace(SMALL, months=60), (0, 1)), heard.tell)
        assert heard.some.wait(60)
        stopped = engine.pids()[0]
        os.kill(stopped, signal.SIGSTOP)
        assert heard.done.wait(120)
        assert engine.pids()[0] != stopped
    finally:
        engine.close()
    assert [end.problem for end in heard.ends] == ["", ""]
    assert all([frame.month for frame in heard.of(arm)] == list(range(60)) for arm in (0, 1))


def test_a_process_that_hangs_again_and_again_is_told(monkeypatch):
    monkeypatch.setattr("parley_workshop.engine.STARTING_SECONDS", 0.3)  # none is ready so soon
    engine, heard = LocalEngine(1, patience=0.3), Heard(1)
    try:
        engine.start(Order(SMALL, (0,)), heard.tell)
        assert heard.done.wait(60)
    finally:
        engine.close()
    assert heard.frames == []
    assert "gave no sign of life 3 times before it was ready" in heard.ends[0].problem


def test_edits_do_not_wait_for_a_process_that_hangs():
    engine = LocalEngine(1)
    try:
        session = Session(engine, replace(SMALL, months=12))
        until(lambda: session.pump() and session.finished())
        os.kill(engine.pids()[0], signal.SIGSTOP)
        begun = time.monotonic()
        for k in range(400):  # far more than a pipe holds
            session.set_dial(0, "sharing", k / 1000, month=0)
        assert time.monotonic() - begun < 5.0
        os.kill(engine.pids()[0], signal.SIGCONT)
        until(lambda: session.pump() and session.finished())
        assert session.problem() == ""
    finally:
        engine.close()


def test_columns_of_one_process_come_in_side_by_side():
    engine, heard = LocalEngine(1), Heard(2)
    try:
        engine.start(Order(replace(SMALL, months=48), (0, 1)), heard.tell)
        assert heard.done.wait(120)
    finally:
        engine.close()
    first = [frame.arm for frame in heard.frames[:20]]
    assert abs(first.count(0) - first.count(1)) <= 2


# --- the server ---------------------------------------------------------------------------------


def descendants(pid):
    """Processes that a process has started, and those that they have."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text("ascii").split():
            found += [int(child), *descendants(int(child))]
    return found


def alive(pid):
    """Whether a process still runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def server(*options, before="", **how):
    """A server in a group of its own, with something done in it before it starts."""
    port = free_port()
    code = f"{before}\nfrom parley.cli import main\nif __name__ == '__main__':\n    main()"
    command = [sys.executable, "-c", code, "workshop", "--no-browser", "--port", str(port)]
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTEST", "NICEGUI", "COV"))
    }
    sizes = ["--population", "200", "--months", str(MONTHS), *options]
    started = subprocess.Popen(
        [*command, *sizes],
        env=environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **how,
    )
    until(lambda: answers(port) or started.poll() is not None)
    return started, f"http://localhost:{port}"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_server_and_it_tells_nothing_of_browsers_that_leave(how):
    started, address = server()
    for _ in range(12):
        with contextlib.closing(socket.socket()) as browser:
            browser.connect(("localhost", int(address.rpartition(":")[2])))
            browser.sendall(f"GET / HTTP/1.1\r\nHost: {address[7:]}\r\n\r\n".encode())
    children = descendants(started.pid)
    assert len(children) >= 2
    if how == signal.SIGINT:
        os.killpg(started.pid, how)  # as Ctrl-C in a terminal does
    else:
        started.send_signal(how)
    said = started.communicate(timeout=30)[0].decode()
    until(lambda: not any(alive(child) for child in children), 20)
    assert "Traceback" not in said
    assert len(said.splitlines()) == 3


def test_a_port_that_is_taken_is_told_and_nothing_is_left_running():
    with served("--population", "200", "--months", "24") as address:
        port = address.rpartition(":")[2]
        command = [sys.executable, "-m", "parley.cli", "workshop", "--no-browser", "--port", port]
        refused = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert f"{port} is taken by another program" in refused.stderr.decode()


# --- the page -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address():
    with served("--population", "200", "--months", str(MONTHS), "--arms", "none", "hsbp") as found:
        yield found


def link_with(**changes):
    """A link to the small board with something else in it, made as `to_link` makes one."""
    import base64
    import json
    import zlib
    from dataclasses import asdict

    from parley.results import MODEL_VERSION

    data = {"format": 1, "model": MODEL_VERSION, "board": asdict(SMALL) | changes}
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip("=")


@needs_browser
@pytest.mark.parametrize(
    "link",
    [
        link_with(place="../../../etc/passwd"),
        link_with(place="atlantis"),
        link_with(population=10**12),
        link_with(months=float("nan")),
        link_with(facts=[["price", 1e308]] * 300),
        link_with(arms=[]),
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "A" * 7_000,
    ],
    ids=["path", "unknown", "huge", "nan", "many", "empty", "script", "long"],
)
def test_a_bad_link_is_told_and_the_first_board_is_shown(new_screen, link):
    screen = new_screen(f"/en?stops=0&board={link}")
    screen.page.wait_for_selector(".q-notification")
    screen.page.keyboard.press("End")
    screen.wait_for_month(f"Month {MONTHS} of {MONTHS}")


@needs_browser
def test_nonsense_beside_the_board_is_passed_over(new_screen):
    rest = "month=seven&group=%3Cb%3E&outcomes=a,b,%00&hidden=x&stops=0"
    screen = new_screen(f"/en?{rest}")
    screen.until_ready()
    screen.page.keyboard.press("ArrowRight")
    screen.wait_for_month(f"Month 1 of {MONTHS}")


@needs_browser
@pytest.mark.parametrize(
    "content",
    [
        b"place = '../../etc/passwd'\npractices = 'hsbp'\n",
        bytes(range(256)) * 40,
        b"a" * 5_000_000,
        b"[" * 50_000,
        b"",
    ],
    ids=["path", "garbage", "huge", "nested", "empty"],
)
def test_a_file_that_is_none_of_ours_is_told(new_screen, tmp_path, content):
    file = tmp_path / "session.toml"
    file.write_bytes(content)
    screen = new_screen("/en?stops=0")
    screen.page.click("[aria-label='Share or open a link']")
    screen.page.set_input_files(".parley-opener input", file)
    screen.page.wait_for_selector(".q-notification")
    screen.page.keyboard.press("Escape")
    screen.tab("What changed")
    assert screen.page.locator(".parley-changed li").count() == 0


@needs_browser
def test_a_reload_keeps_board_month_and_language(new_screen):
    screen = new_screen("/es?stops=0")
    screen.until_ready()
    screen.page.click("[aria-label='Añadir una columna']")
    screen.page.wait_for_function("document.querySelectorAll('.parley-canvas').length === 3")
    screen.until_ready()
    for _ in range(5):
        screen.page.keyboard.press("ArrowRight")
    screen.page.wait_for_function("location.search.includes('month=4')")
    shown = screen.month()
    screen.page.reload(wait_until="load")
    screen.page.wait_for_function("document.querySelectorAll('.parley-canvas').length === 3")
    screen.wait_for_month(shown)
    assert screen.page.get_attribute("html", "lang").startswith("es")


@needs_browser
def test_twelve_seconds_without_a_network_lose_nothing(new_screen):
    screen = new_screen("/en?stops=0")
    screen.until_ready()
    screen.page.keyboard.press("ArrowRight")
    screen.wait_for_month(f"Month 1 of {MONTHS}")
    identity = screen.page.evaluate("window.clientId || window.client_id || document.title")
    screen.page.context.set_offline(True)
    screen.page.wait_for_timeout(12_000)
    screen.page.context.set_offline(False)
    screen.page.wait_for_function("window.socket.connected")
    screen.page.keyboard.press("End")
    screen.wait_for_month(f"Month {MONTHS} of {MONTHS}")
    assert len(screen.wait_for_path(MONTHS)) == MONTHS
    assert screen.page.evaluate("window.clientId || window.client_id || document.title") == identity
    screen.errors.clear()  # the browser complains of the network that was taken away


FULL_DISK = """
import errno, tempfile
def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")
tempfile.TemporaryDirectory = tempfile.mkdtemp = tempfile.NamedTemporaryFile = full
"""


@needs_browser
def test_a_full_disk_and_an_unwritable_folder_are_told_and_nothing_is_lost(new_screen):
    started, address = server(before=FULL_DISK, cwd="/proc")  # where nobody can write a file
    try:
        screen = new_screen("/en?stops=0", address)
        screen.until_ready()
        screen.page.keyboard.press("End")
        before = screen.wait_for_path(MONTHS)
        screen.page.click("[aria-label='Prepared sessions and sheets to print']")
        screen.page.click("text=Debrief of this session")
        screen.page.wait_for_selector(".q-notification:has-text('No space left on device')")
        screen.page.keyboard.press("Escape")
        assert screen.path() == before
        screen.page.close()  # or else it complains of the server that ends
    finally:
        started.terminate()
        started.communicate(timeout=20)


@needs_browser
def test_one_browser_gone_leaves_the_other_alone(new_screen, browser, address):
    other = browser.new_context(viewport=SMALL_PROJECTOR)
    gone = Screen(other.new_page(), address).open("/en?stops=0")
    stays = new_screen("/en?stops=0")
    gone.page.keyboard.press(" ")
    other.close()
    stays.page.keyboard.press(" ")
    stays.wait_for_month(f"Month {MONTHS} of {MONTHS}")
    assert len(stays.wait_for_path(MONTHS)) == MONTHS
