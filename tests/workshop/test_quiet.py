"""Browsers that leave are no fault; what is one is still told."""

import asyncio
import logging

import pytest

from parley_workshop.quiet import Leaving, is_worth_telling


def call(error, *messages):
    """Ask an application that hears these messages and then fails."""

    async def app(_scope, receive, _send):
        for _ in messages:
            await receive()
        raise error

    coming = [{"type": message} for message in messages]

    async def receive():
        return coming.pop(0)

    asyncio.run(Leaving(app)({"type": "http"}, receive, None))


def test_who_leaves_before_the_answer_is_no_fault():
    call(RuntimeError("No response returned."), "http.request", "http.disconnect")


@pytest.mark.parametrize(
    ("error", "heard"),
    [
        (RuntimeError("No response returned."), "http.request"),
        (RuntimeError("other"), "http.disconnect"),
        (ValueError("No response returned."), "http.disconnect"),
    ],
)
def test_other_faults_go_on(error, heard):
    with pytest.raises(type(error)):
        call(error, heard)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http://localhost:8080/apple-touch-icon.png not found", False),
        ("file not found", True),
        ("http://localhost:8080/ is slow", True),
    ],
)
def test_what_browsers_ask_for_by_themselves_is_not_told(text, told):
    record = logging.LogRecord("nicegui", logging.WARNING, "", 0, text, None, None)
    assert is_worth_telling(record) is told
