"""What phones are answered, and what they are refused; without a network and without a browser."""

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop.test_votes import question, text

from parley_workshop.phone_page import policy
from parley_workshop.phones import COOKIE, KEPT_SECONDS, LONGEST_BODY, Phones
from parley_workshop.votes import Answer, Question, Rooms
from parley_workshop.words import LANGUAGES, Words


class Answered:
    """Everything that was sent for one request."""

    def __init__(self, sent):
        start, *bodies = sent
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.body = b"".join(part["body"] for part in bodies).decode()

    @property
    def cookie(self):
        return self.headers.get("set-cookie", "").partition(";")[0]


class Hall:
    """An application with its rooms and a clock that is moved by hand."""

    def __init__(self):
        self.rooms, self.now = Rooms(), 0.0
        self.phones = Phones(self.rooms, clock=lambda: self.now)

    def ask(self, method, path, body=b"", cookie="", caller="10.0.0.7", query="", **more):
        headers = [(b"cookie", cookie.encode())] if cookie else []
        headers += [(k.replace("_", "-").encode(), v.encode()) for k, v in more.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": f"/vote{path}",
            "root_path": "/vote",
            "query_string": query.encode() if isinstance(query, str) else query,
            "headers": headers,
            "client": (caller, 50_000) if caller else None,
        }
        parts = body if isinstance(body, list) else [body]
        coming = [
            {"type": "http.request", "body": part, "more_body": k + 1 < len(parts)}
            for k, part in enumerate(parts)
        ]
        self.left, sent = coming, []

        async def receive():
            return coming.pop(0)

        async def send(event):
            sent.append(event)

        asyncio.run(self.phones(scope, receive, send))
        return Answered(sent)

    def phone(self, room, **more):
        """The cookie of a new phone."""
        return self.ask("GET", f"/{room.code}", **more).cookie

    def vote(self, room, cookie, answer, number=1, **more):
        body = f"question={number}&answer={answer}".encode()
        return self.ask("POST", f"/{room.code}", body, cookie, **more)


@pytest.fixture
def hall():
    return Hall()


@pytest.fixture
def room(hall):
    made = hall.rooms.open()
    made.ask(question())
    return made


# --- what works -----------------------------------------------------------------------------------


def test_a_phone_gets_an_id_votes_and_is_sent_back_to_the_page(hall, room):
    page = hall.ask("GET", f"/{room.code}")
    assert page.status == 200
    assert page.body.count('name="answer"') == 3
    assert 'aria-pressed="true"' not in page.body
    told = hall.vote(room, page.cookie, 1)
    assert (told.status, told.headers["location"]) == (303, f"/vote/{room.code}?in=en")
    assert room.poll.counts() == (0, 1, 0)
    again = hall.ask("GET", f"/{room.code}", cookie=page.cookie)
    assert 'value="1" aria-pressed="true"' in again.body
    assert Words("en")("vote.counted") in again.body


def test_a_phone_that_comes_back_has_the_same_vote(hall, room):
    cookie = hall.phone(room)
    for answer in (0, 2, 1):
        assert hall.vote(room, cookie, answer).status == 303
    page = hall.ask("GET", f"/{room.code}", cookie=cookie)
    assert page.cookie == ""  # keeps the one it has
    assert room.poll.counts() == (0, 1, 0)


def test_the_only_cookie_is_one_id_for_this_room_alone(hall, room):
    given_out = hall.ask("GET", f"/{room.code}").headers["set-cookie"]
    name, _, rest = given_out.partition("=")
    assert name == COOKIE
    parts = rest.split("; ")[1:]
    assert parts == [
        f"Path=/vote/{room.code}",
        f"Max-Age={KEPT_SECONDS}",
        "HttpOnly",
        "SameSite=Strict",
    ]


def test_the_page_is_small_and_asks_for_nothing_else(hall, room):
    page = hall.ask("GET", f"/{room.code}")
    assert len(page.body.encode()) < 9_000
    addresses = re.findall(r"""(?:src|href|action)=["']([^"']*)""", page.body)
    assert {where for where in addresses if not where.startswith("/vote/")} == {"data:,"}
    assert page.headers["content-security-policy"] == policy()
    assert "'unsafe" not in policy()


def test_a_closed_vote_shows_counts_and_an_open_one_does_not(hall, room):
    cookie = hall.phone(room)
    hall.vote(room, cookie, 2)
    assert "<li>" not in hall.ask("GET", f"/{room.code}", cookie=cookie).body
    room.poll.close()
    page = hall.ask("GET", f"/{room.code}", cookie=cookie)
    assert page.body.count("<li>") == 2
    assert page.body.count('<li class="most">') == 1
    room.quiet()
    waiting = hall.ask("GET", f"/{room.code}", cookie=cookie)
    assert Words("en")("vote.waiting") in waiting.body


def test_what_a_phone_asks_for_is_what_its_page_was_made_with(hall, room):
    cookie = hall.phone(room)
    for act in (lambda: None, lambda: hall.vote(room, cookie, 1), room.poll.close, room.quiet):
        act()
        now = hall.ask("GET", f"/{room.code}/now", cookie=cookie)
        page = hall.ask("GET", f"/{room.code}", cookie=cookie)
        assert f'data-now="{now.body}"' in page.body
        assert now.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_chooses_its_language(hall, room, language):
    page = hall.ask("GET", f"/{room.code}", query=f"in={language}")
    assert f'<html lang="{language}">' in page.body
    assert room.poll.question.text(language) in page.body
    assert Words(language)("vote.choose") in page.body
    told = hall.vote(room, page.cookie, 0, query=f"in={language}")
    assert told.headers["location"].endswith(f"?in={language}")


@pytest.mark.parametrize(
    ("accepted", "language"), [("es-CO,es;q=0.9", "es"), ("sr-Latn", "bs"), ("", "en"), ("%", "en")]
)
def test_otherwise_it_is_that_of_the_browser(hall, room, accepted, language):
    page = hall.ask("GET", f"/{room.code}", accept_language=accepted)
    assert f'<html lang="{language}">' in page.body


def test_a_code_is_typed_in_any_case(hall, room):
    assert 'name="code"' in hall.ask("GET", "/").body
    told = hall.ask("GET", "/", query=f"in=bs&code={room.code.lower()}")
    assert (told.status, told.headers["location"]) == (303, f"/vote/{room.code}?in=bs")
    assert hall.ask("GET", f"/{room.code.lower()}").status == 200


def test_a_text_of_a_question_is_shown_and_not_obeyed(hall, room):
    wild = text("<script>alert('&')</script>")
    room.ask(Question(wild, (Answer(wild, wild), Answer(wild)), wild))
    page = hall.ask("GET", f"/{room.code}")
    assert "alert('" not in page.body
    assert page.body.count("<script") == 1


# --- what is refused ------------------------------------------------------------------------------


def refused(answered, status, why, language="en"):
    assert answered.status == status
    assert Words(language)(f"vote.refused.{why}") in answered.body


def test_a_phone_without_an_id_of_this_room_cannot_vote(hall, room):
    other = hall.rooms.open()
    other.ask(question())
    foreign = hall.phone(other)
    broken = foreign[:-1] + ("1" if foreign.endswith("0") else "0")
    for cookie in ("", foreign, broken, f"{COOKIE}=made-up", "x" * 9_000):
        refused(hall.vote(room, cookie, 0), 403, "stranger")
    refused(hall.vote(other, broken, 0), 403, "stranger")
    assert (room.poll.voters, other.poll.voters) == (0, 0)
    assert hall.vote(other, foreign, 0).status == 303
    assert (room.poll.voters, other.poll.voters) == (0, 1)


GARBAGE = [
    b"",
    b"answer=0",
    b"question=1&answer=-1",
    b"question=1&answer=0&answer=1",
    b"question=1&answer=0\n",
    b"question=1&answer=1e0",
    b"question=1&answer=100",
    b"question=0000001&answer=0",
    b"question=1&answer=../../x",
    b'{"question": 1, "answer": 0}',
    b"\x00\xff\xfe",
    "question=1&answer=\u0661".encode(),
]


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_is_refused(hall, room, body):
    refused(hall.ask("POST", f"/{room.code}", body, hall.phone(room)), 400, "garbage")
    assert room.poll.voters == 0


def test_an_answer_that_does_not_exist_and_a_question_that_is_over(hall, room):
    cookie = hall.phone(room)
    refused(hall.vote(room, cookie, 3), 400, "no_answer")
    refused(hall.vote(room, cookie, 0, number=2), 409, "over")
    room.poll.close()
    refused(hall.vote(room, cookie, 0), 409, "over")
    room.quiet()
    refused(hall.vote(room, cookie, 0), 409, "nothing")


def test_a_full_vote_says_so(hall, room):
    room.ask(question(), most=1)
    assert hall.vote(room, hall.phone(room), 0, number=2).status == 303
    refused(hall.vote(room, hall.phone(room), 0, number=2), 409, "full")


def test_of_a_huge_body_hardly_more_is_read_than_a_vote_has(hall, room):
    parts = [b"x" * 50] * 1_000
    told = hall.ask("POST", f"/{room.code}", parts, hall.phone(room))
    refused(told, 413, "large")
    assert told.headers["connection"] == "close"
    assert len(hall.left) == 1_000 - (LONGEST_BODY // 50 + 1)


def test_a_body_that_does_not_come_is_not_waited_for(hall, room, monkeypatch):
    monkeypatch.setattr("parley_workshop.phones.SLOWEST_BODY", 0.01)
    cookie, sent = hall.phone(room), []

    async def never():
        await asyncio.sleep(60)

    async def send(event):
        sent.append(event)

    scope = {"type": "http", "method": "POST", "path": f"/{room.code}"}
    asyncio.run(hall.phones(scope | {"headers": [(b"cookie", cookie.encode())]}, never, send))
    refused(Answered(sent), 408, "slow")


PATHS = [
    "/../../etc/passwd",
    "/%2e%2e%2f",
    "//",
    "/BCDFGH/../now",
    "/BCDFGH/now/",
    "/BCDFG",
    "/BCDFGHJ",
    "/BCDFG\u00cb",
    "/\x00\x00\x00\x00\x00\x00",
    "/" + "B" * 5_000,
]


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_there_are_no_other_pages(hall, room, path, method):
    refused(hall.ask(method, path, b"question=1&answer=0"), 404, "no_page")


@pytest.mark.parametrize("code", ["BCDFGH", "OOOOOO", "000000", "aeiouy"])
def test_a_wrong_code_finds_no_room(hall, code):
    refused(hall.ask("GET", f"/{code}"), 404, "no_room")
    refused(hall.ask("GET", f"/{code}/now"), 404, "no_room")
    refused(hall.ask("GET", "/", query="code=" + code + "x"), 404, "no_room")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X" * 99])
def test_other_methods_are_refused(hall, room, method):
    refused(hall.ask(method, f"/{room.code}"), 405, "method")


def test_nothing_that_a_phone_sends_comes_back(hall, room):
    mark = "zzqqzz"
    answered = [
        hall.ask("GET", f"/{mark}"),
        hall.ask("GET", f"/{room.code}", query=f"in={mark}&code={mark}&x={mark}"),
        hall.ask("GET", "/", query=f"code={mark}{mark}"),
        hall.ask("POST", f"/{room.code}", mark.encode(), hall.phone(room)),
        hall.ask("GET", f"/{room.code}", cookie=f"{COOKIE}={mark}", accept_language=mark),
    ]
    for told in answered:
        assert mark not in told.body + str(told.headers)


def test_a_room_that_is_closed_is_gone(hall, room):
    cookie = hall.phone(room)
    hall.rooms.close(room)
    refused(hall.ask("GET", f"/{room.code}", cookie=cookie), 404, "no_room")
    refused(hall.vote(room, cookie, 0), 404, "no_room")


def test_who_tries_codes_is_stopped_and_phones_that_are_in_go_on(hall, room):
    cookie = hall.phone(room)
    statuses = [hall.ask("GET", f"/{'BCDFGHJKM'[k % 9] * 6}").status for k in range(40)]
    assert statuses.count(404) == 20
    assert statuses[-1] == 429
    refused(hall.ask("GET", f"/{room.code}"), 429, "often")  # even the right one
    assert hall.vote(room, cookie, 0).status == 303
    assert hall.ask("GET", f"/{room.code}", caller="10.0.0.8").status == 200
    hall.now = 60.0
    assert hall.ask("GET", f"/{room.code}").status == 200


def test_a_phone_that_hammers_is_slowed_down_and_others_are_not(hall, room):
    one, two = hall.phone(room), hall.phone(room)
    statuses = [hall.vote(room, one, k % 3).status for k in range(20)]
    assert statuses == [303] * 10 + [429] * 10
    assert hall.vote(room, two, 0).status == 303
    assert room.poll.voters == 2


def test_a_caller_that_asks_all_the_time_is_slowed_down(hall, room):
    statuses = [hall.ask("GET", f"/{room.code}/now").status for _ in range(400)]
    assert statuses == [200] * 300 + [429] * 100
    assert hall.ask("GET", f"/{room.code}", caller="10.0.0.8").status == 200


def test_a_socket_is_closed(hall):
    sent = []

    async def send(event):
        sent.append(event)

    asyncio.run(hall.phones({"type": "websocket"}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1000}]


@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT"]),
    st.text(max_size=30),
    st.binary(max_size=100),
    st.binary(max_size=60),
    st.text(st.characters(codec="latin-1"), max_size=60),
)
def test_whatever_comes_is_answered_and_counts_nothing(method, path, body, query, cookie):
    hall = Hall()
    room = hall.rooms.open()
    poll = room.ask(question())
    for where in (f"/{path}", f"/{room.code}"):
        told = hall.ask(method, where, body, cookie, query=query, caller="")
        assert told.status in (200, 303, 400, 403, 404, 405, 413)
    assert poll.voters == 0
