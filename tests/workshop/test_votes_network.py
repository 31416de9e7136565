"""What the network may send to a page that others can open, and who gets through its door."""

import contextlib
import http.client
import re
import socket
from urllib.parse import urlsplit

import pytest
from workshop.browser import CHROMIUM, SMALL_PROJECTOR, WHY_NOT, Screen, served
from workshop.voters import SMALL, Client, voting

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)]


@pytest.fixture(scope="module")
def address():
    with served(*SMALL, "--lan") as found:
        yield found


def raw(address, sent):
    """What comes back for bytes that no browser would send."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=10) as link:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            link.sendall(sent)
        found = b""
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while part := link.recv(65_536):
                found += part
                if b"</html>" in found:
                    break
        return found


def request(path, body=b"", method="POST", length=None):
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
    return (
        head.encode() + str(len(body) if length is None else length).encode() + b"\r\n\r\n" + body
    )


def test_garbage_from_the_network_harms_nobody(browser, address):
    with voting(browser, address) as (room, code):
        phone = Client(address, code)
        assert phone.vote(0) == 303
        large = b"x" * 5_000_000
        told = [
            raw(address, request(f"/vote/{code}", large)),
            raw(address, request(f"/vote/{code}", b"x", length=10**12)),
            raw(address, request("/vote/../../../../etc/passwd", method="GET")),
            raw(address, request("/vote/..%2f..%2fpyproject.toml", method="GET")),
            raw(address, request("/vote/%00%ff", method="GET")),
            raw(address, request("/vote/" + "A" * 20_000, method="GET")),
            raw(address, request(f"/vote/{code}", b"x")),
            raw(address, request(f"/vote/{code}", method="DELETE")),
            raw(address, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100),
            raw(address, b"GET /vote/" + code.encode() + b" HTTP/9.9\r\n\r\n"),
        ]
        assert [int(answer[9:12]) for answer in told[2:8]] == [404, 404, 404, 404, 403, 405]
        for answer in told:
            status = answer[:12]
            assert answer == b"" or re.match(rb"HTTP/1.1 4\d\d", status), status
            assert b"root:" not in answer
            assert b"[project]" not in answer
        assert phone.vote(1) == 303
        room.page.wait_for_selector(".parley-counts:has-text(': 1')")


def test_phones_have_no_pages_unless_the_network_was_let_in(browser):
    with served(*SMALL) as address:
        room = Screen(browser.new_page(viewport=SMALL_PROJECTOR), address).open("/en")
        for path in ("/vote", "/vote/", "/vote/BCDFGH"):
            assert room.page.request.get(address + path).status == 404
        room.page.keyboard.press(" ")
        room.page.wait_for_selector(".parley-option", timeout=30_000)
        room.page.click(".parley-dialog .q-toggle:has-text('Vote by phone')")
        room.page.wait_for_selector("text=parley workshop --lan")
        assert room.page.locator(".parley-code").count() == 0
        room.page.close()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"Host": "evil.example"}, 403),
        ("/vote/", {"Host": "evil.example"}, 403),
        ("/parley/page.css", {"Host": "evil.example"}, 403),
        ("/_nicegui_ws/socket.io/?EIO=4&transport=polling", {}, 200),
        ("/_nicegui_ws/socket.io/?EIO=4&transport=polling", {"Host": "evil.example"}, 403),
        ("/_nicegui_ws/socket.io/?EIO=4&transport=polling", {"Origin": "http://evil.example"}, 403),
        ("/vote/", {"Origin": "null", "X-Forwarded-For": "10.0.0.1"}, 200),
        ("/en", {"X-Forwarded-For": "10.0.0.1"}, 200),  # who asks is not what it says
    ],
)
def test_the_door_stands_before_everything_that_is_served(address, path, headers, status):
    parts = urlsplit(address)
    with contextlib.closing(http.client.HTTPConnection(parts.hostname, parts.port, 30)) as asked:
        asked.request("GET", path, headers=headers)
        assert asked.getresponse().status == status
