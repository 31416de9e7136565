"""Who gets through the door of the page, and who is told to vote; without a network."""

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley_workshop.door import KEY_LENGTH, Door, new_key
from parley_workshop.links import LONGEST_LINK
from parley_workshop.said import LONGEST
from parley_workshop.words import LANGUAGES, Words

KEY, OURS, PORT = "BCDF2345", "192.168.1.5", 8080
LAN, LOCAL = f"{OURS}:{PORT}", f"localhost:{PORT}"


class Answered:
    """Everything that was sent for one request."""

    def __init__(self, sent):
        self.through = sent == []
        if not self.through:
            self.event = sent[0]
            self.status = sent[0].get("status")
            self.headers = {n.decode(): v.decode() for n, v in sent[0].get("headers", ())}
            self.body = b"".join(part.get("body", b"") for part in sent[1:]).decode()

    @property
    def cookie(self):
        return self.headers.get("set-cookie", "").partition(";")[0]


class House:
    """A door with a page behind it and a clock that is moved by hand."""

    def __init__(self):
        self.now, self.inside = 0.0, []

        async def page(scope, _receive, _send):
            self.inside.append(scope)

        self.door = Door(page, KEY, clock=lambda: self.now)

    def ask(self, path="/", query="", caller="192.168.1.7", host=LAN, kind="http", **headers):
        scope = {
            "type": kind,
            "method": "GET",
            "path": path,
            "query_string": query.encode("latin-1"),
            "headers": [(b"host", host.encode("latin-1"))]
            + [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in headers.items()],
            "client": (caller, 50_000) if caller else None,
            "server": ("127.0.0.1" if caller.startswith("127.") else OURS, PORT),
        }
        sent = []

        async def send(event):
            sent.append(event)

        asyncio.run(self.door(scope, None, send))
        return Answered(sent)

    def here(self, path="/", host=LOCAL, **more):
        return self.ask(path, caller="127.0.0.1", host=host, **more)


@pytest.fixture
def house():
    return House()


EVERYTHING = ["/", "/es", "/nothing", "/_nicegui/3.18.0/static/vue.js", "/_nicegui_ws/socket.io/",
              "/_nicegui/client/x/upload", "/parley/page.css", "/docs", "/votes", "/voteX",
              "//vote/", "/_nicegui_ws/vote/"]  # fmt: skip


@pytest.mark.parametrize("path", EVERYTHING)
def test_others_see_nothing_but_where_to_vote(house, path):
    told = house.ask(path)
    assert told.status == 403
    assert house.inside == []
    for language in LANGUAGES:
        assert Words(language)("door.closed") in told.body
        assert f'href="/vote/?in={language}"' in told.body
    assert KEY not in told.body + str(told.headers)
    closed = house.ask(path, kind="websocket")
    assert closed.event == {"type": "websocket.close", "code": 1008}


@pytest.mark.parametrize("path", ["/vote", "/vote/", "/vote/BCDFGH", "/vote/BCDFGH/now"])
def test_votes_are_open(house, path):
    assert house.ask(path, origin="null").through


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", [LOCAL, "localhost", "127.0.0.1:8080", "[::1]:8080", "[::1]"])
def test_this_machine_needs_no_key(house, kind, host):
    assert house.here(host=host, kind=kind).through
    assert house.ask(caller=OURS, kind=kind).through  # its own address on the network


@pytest.mark.parametrize(
    "host",
    ["evil.example:8080", "evil.example", "", "localhost.evil.example", "10.0.0.1", "[", ":"],
)
@pytest.mark.parametrize("path", ["/", "/vote/", "/_nicegui_ws/socket.io/"])
def test_a_name_that_was_made_to_mean_this_machine_is_refused(house, host, path):
    told = house.here(path, host=host)
    assert told.status == 403
    assert f"http://localhost:{PORT}/" in told.body
    assert house.inside == []


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_page_of_another_address_may_not_ask(house, kind):
    assert not house.here(kind=kind, origin="http://evil.example").through
    assert not house.here(kind=kind, origin="null").through
    assert not house.here(kind=kind, origin="http://localhost:9999").through
    assert house.here(kind=kind, origin=f"http://{LOCAL}").through


@pytest.mark.parametrize("name", ["x_forwarded_for", "forwarded", "x_real_ip", "x_client_ip"])
def test_what_a_request_says_of_its_sender_counts_for_nothing(house, name):
    assert house.ask(**{name: "127.0.0.1"}).status == 403
    assert house.ask(host=LOCAL, **{name: "for=127.0.0.1"}).status == 403
    assert house.ask(caller="", host=LOCAL).status == 403


def test_the_key_opens_and_is_then_a_cookie(house):
    told = house.ask("/es", f"board=x%26y&key={KEY}&month=3")
    assert told.status == 200
    address = re.search(r'content="0;url=([^"]*)"', told.body)[1].replace("&amp;", "&")
    assert address == "/es?board=x%26y&month=3"
    assert KEY not in told.body + str(told.headers)
    given = told.headers["set-cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Strict" in given
    assert "Path=/;" in given
    for kind in ("http", "websocket"):
        assert house.ask("/es", cookie=f"a=b; {told.cookie}", kind=kind).through
    assert house.ask("/es", f"key={KEY}", cookie=told.cookie).status == 200  # off the address
    assert House().ask("/es", cookie=told.cookie).status == 403  # of an earlier start
    assert house.ask(query=f"key=%20{KEY.lower()}").cookie == told.cookie  # typed


def test_the_address_goes_on_to_this_machine_only(house):
    for path in ("//evil.example/", "/\\evil.example", "/\r\nx: y", '/"><script>'):
        told = house.ask(path, f"key={KEY}")
        address = re.search(r'content="0;url=([^"]*)"', told.body)[1]
        assert re.match(r"/[^/\\]", address)
        assert "<script" not in told.body
        assert set(told.headers) == set(house.ask("/", f"key={KEY}").headers)


def test_whoever_types_the_key_keeps_the_address(house):
    told = house.ask("/bs", "board=eN%3Cq&month=7")
    assert '<form method="get" action="/bs">' in told.body
    assert '<input type="hidden" name="board" value="eN&lt;q">' in told.body


def test_the_longest_address_of_the_page_stays_whole_before_the_key(house):
    rest = "month=119&group=marginalised&outcomes=trust_company,benefit&hidden=1&stops=0"
    address = f"board={'b' * LONGEST_LINK}&{rest}&said={'s' * LONGEST}"
    assert f'value="{"s" * LONGEST}"' in house.ask("/es", address).body
    told = house.ask("/es", f"{address}&key={KEY}")  # a form puts what is typed last
    assert told.status == 200
    assert f"said={'s' * LONGEST}" in told.body


@pytest.mark.parametrize("key", ["", "BCDF2346", KEY + "2", KEY[:-1], "\u00e9", "%00", "B" * 5_000])
def test_a_wrong_key_opens_nothing(house, key):
    told = house.ask("/", f"key={key}".encode().decode("latin-1"))
    assert (told.status, told.cookie, house.inside) == (403, "", [])
    assert Words("es")("door.wrong") in told.body


def test_who_tries_keys_is_stopped_and_others_are_not(house):
    cookie = house.ask(query=f"key={KEY}").cookie
    statuses = [house.ask(query="key=guess").status for _ in range(30)]
    assert statuses == [403] * 20 + [429] * 10
    assert house.ask(query=f"key={KEY}").status == 429  # even the right one
    assert house.ask(cookie=cookie).through
    assert house.ask(query=f"key={KEY}", caller="192.168.1.8").status == 200
    house.now = 30.0
    assert house.ask(query=f"key={KEY}").status == 200


@given(
    st.text(st.characters(codec="latin-1"), max_size=30),
    st.text(st.characters(codec="latin-1"), max_size=60),
    st.text(st.characters(codec="latin-1"), max_size=40),
    st.text(st.characters(codec="latin-1"), max_size=60),
)
def test_whatever_comes_from_others_stays_outside(path, query, host, cookie):
    house = House()
    told = house.ask(f"/_{path}", query, host=host, cookie=cookie, origin=host)
    assert told.status == 403
    assert house.inside == []


def test_keys_differ_and_are_long_enough():
    assert len({new_key() for _ in range(50)}) == 50
    assert len(new_key()) == KEY_LENGTH


def test_what_starts_and_ends_the_page_passes(house):
    asyncio.run(house.door({"type": "lifespan"}, None, None))
    assert house.inside == [{"type": "lifespan"}]
