"""What a phone shows: the question, the answers as large buttons, and whether the vote counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nicegui import ui

if TYPE_CHECKING:
    from nicegui.events import GenericEventArguments

    from parley_workshop.votes import Ballot
    from parley_workshop.words import Words

_VOTE = """
(() => {
  let name = '';
  try {
    name = localStorage.parley_voter ||=
      Math.random().toString(36).slice(2) + Date.now().toString(36);
  } catch { name = Math.random().toString(36).slice(2); }
  emitEvent('parley_vote', [name, %s]);
})()
"""
"""A phone names itself at random, so that a second vote replaces the first."""


def build_phone(ballot: Ballot | None, words: Words) -> None:
    """Draw the page of one phone.

    Args:
        ballot: What is asked; None when the address is old.
        words: Texts.
    """
    with ui.element("main").classes("parley-phone"):
        if ballot is None:
            ui.label(words("vote.gone")).classes("parley-title")
            return
        dilemma, language = ballot.dilemma, words.language
        with ui.element("h1").classes("parley-title"):
            ui.label(dilemma.title(language))
        ui.label(dilemma.situation(language)).classes("parley-text")
        ui.label(dilemma.question(language)).classes("parley-subtitle")
        said = ui.label().classes("parley-subtitle")
        said.props["aria-live"] = "polite"
        labels = {option.key: option.label(language) for option in dilemma.options}

        def take(event: GenericEventArguments) -> None:
            given = event.args[0] if len(event.args) == 1 else event.args
            voter, option = (str(part) for part in given)
            counted = ballot.cast(voter, option)
            said.set_text(
                words("vote.counted", option=labels[option]) if counted else words("vote.closed")
            )

        ui.on("parley_vote", take)
        for option in dilemma.options:
            script = _VOTE % json.dumps(option.key)
            press = ui.button(color=None).props("outline no-caps align=left")
            press.classes("parley-option").on("click", js_handler=f"() => {{ {script} }}")
            with press, ui.element("div"):
                ui.label(labels[option.key]).classes("parley-option-name")
                ui.label(option.explains(language)).classes("parley-option-text")
        ui.label(words("vote.secret")).classes("parley-note")
