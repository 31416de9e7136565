"""The page of a phone: one small file of plain HTML with a form, in the phone's language.

Everything in it comes from this program. A page is some four kilobytes with its style and script,
loads nothing else, and works without the script.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from parley_workshop.votes import CODE_LENGTH
from parley_workshop.words import LANGUAGES, Words

if TYPE_CHECKING:
    from parley_workshop.votes import Poll, Room

_STATIC = Path(__file__).resolve().parent / "static"


@functools.cache
def _part(name: str) -> str:
    """Style or script, as it stands in the page."""
    return "\n" + (_STATIC / name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def policy() -> str:
    """What a browser may do with the page: its own style, script and form, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_digest(_part('vote.css'))}'; "
        f"script-src '{_digest(_part('vote.js'))}'; connect-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def room_page(words: Words, room: Room, phone: str) -> str:
    """What a phone sees of its room.

    Args:
        words: Texts in the phone's language.
        room: The room.
        phone: The phone's id.
    """
    poll = room.poll
    if poll is None:
        inside = _told(words("vote.waiting"), words("vote.waiting_note"))
    elif poll.closed:
        inside = _result(words, poll)
    else:
        inside = _form(words, room, poll, phone)
    return _page(words, f"/vote/{room.code}", inside, room.now(phone))


def code_page(words: Words) -> str:
    """Where a code is typed in."""
    language = words.language
    inside = (
        f'<h1>{escape(words("vote.title"))}</h1><form method="get" action="/vote/">'
        f'<input type="hidden" name="in" value="{language}">'
        f'<label for="code">{escape(words("vote.code"))}</label>'
        f'<input type="text" id="code" name="code" maxlength="{CODE_LENGTH}" autocomplete="off" '
        f'autocapitalize="characters" spellcheck="false" required>'
        f"<button><b>{escape(words('vote.enter'))}</b></button></form>"
    )
    return _page(words, "/vote/", inside)


def refusal_page(words: Words, why: str) -> str:
    """Why something was not done, with the way back to typing a code.

    Args:
        words: Texts in the phone's language.
        why: Key of the reason in `vote.refused`.
    """
    inside = _told(words(f"vote.refused.{why}"), "")
    address = f"/vote/?in={words.language}"
    inside += f'<p><a href="{address}">{escape(words("vote.type_code"))}</a></p>'
    return _page(words, "/vote/", inside)


def _told(title: str, note: str) -> str:
    return f"<h1>{escape(title)}</h1>" + (f"<p>{escape(note)}</p>" if note else "")


def _form(words: Words, room: Room, poll: Poll, phone: str) -> str:
    language, chosen = words.language, poll.choice(phone)
    parts = [f"<h1>{escape(poll.question.text(language))}</h1>"]
    if poll.question.about:
        parts.append(f"<p>{escape(poll.question.about(language))}</p>")
    parts.append(f'<form method="post" action="/vote/{room.code}?in={language}">')
    parts.append(f'<input type="hidden" name="question" value="{poll.number}">')
    for index, answer in enumerate(poll.question.answers):
        pressed = "true" if index == chosen else "false"
        more = f" <span>{escape(answer.explains(language))}</span>" if answer.explains else ""
        parts.append(
            f'<button name="answer" value="{index}" aria-pressed="{pressed}">'
            f"<b>{escape(answer.label(language))}</b>{more}</button>"
        )
    told = words("vote.choose") if chosen is None else words("vote.counted")
    parts.append(f'</form><p class="told" role="status">{escape(told)}</p>')
    return "".join(parts)


def _result(words: Words, poll: Poll) -> str:
    language, counts = words.language, poll.counts()
    rows = "".join(
        f"<li{' class="most"' if index in poll.leaders() else ''}>"
        f"<span>{escape(answer.label(language))}</span><span>{counts[index]}</span></li>"
        for index, answer in enumerate(poll.question.answers)
    )
    text = escape(poll.question.text(language))
    note = escape(words("vote.closed", count=poll.voters))
    return f'<h1>{text}</h1><p class="told" role="status">{note}</p><ul>{rows}</ul>'


def _page(words: Words, path: str, inside: str, now: str = "") -> str:
    links = "".join(
        f'<a href="{path}?in={code}" lang="{code}"'
        f"{' aria-current="true"' if code == words.language else ''}>{name}</a>"
        for code, name in LANGUAGES.items()
    )
    lost, unsent = escape(words("vote.lost")), escape(words("vote.unsent"))
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(words('vote.title'))} · Parley</title><link rel='icon' href='data:,'>"
        f"<style>{_part('vote.css')}</style></head><body><header><b>Parley</b>"
        f'<nav aria-label="{escape(words("head.language"))}">{links}</nav></header>'
        f'<p id="lost" role="alert" data-lost="{lost}" data-unsent="{unsent}" hidden></p>'
        f'<main data-now="{now}">{inside}</main>'
        f"<script>{_part('vote.js')}</script></body></html>"
    )
