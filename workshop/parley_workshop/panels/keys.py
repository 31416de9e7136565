"""What the browser does by itself: keys, left alone where something else is used; the height."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

if TYPE_CHECKING:
    from nicegui.events import GenericEventArguments

    from parley_workshop.screen import Screen

_LISTEN = """
<script>
document.addEventListener("keydown", (event) => {
  const busy = 'input, select, textarea, button, a, [role=slider], [role=tab], [role=dialog], ' +
    '[role=listbox], [role=combobox], [role=option], summary';
  if (event.ctrlKey && !event.altKey && (event.key === "z" || event.key === "y")) {
    if (event.target.closest("input[type=text], textarea")) return;
    event.preventDefault();
    emitEvent("parley_key", event.key === "z" && !event.shiftKey ? "undo" : "redo");
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(busy)) return;
  const keys = {" ": "play", ArrowRight: "step", ArrowLeft: "back", Home: "start", End: "end"};
  const name = keys[event.key];
  if (!name) return;
  event.preventDefault();
  emitEvent("parley_key", name);
});
// The charts fill what the head and the foot of the page leave, however many lines these take.
const measure = () => {
  for (const [box, name] of [[".q-header", "--head"], [".q-footer", "--foot"]]) {
    const found = document.querySelector(box);
    if (found) document.documentElement.style.setProperty(name, found.offsetHeight + "px");
  }
};
const watching = new ResizeObserver(measure);
const begin = () => {
  const boxes = document.querySelectorAll(".q-header, .q-footer");
  if (boxes.length < 2) return setTimeout(begin, 50);
  boxes.forEach((box) => watching.observe(box));
};
begin();
</script>
"""


def listen(screen: Screen) -> None:
    """Let keys do what the buttons do."""
    session = screen.session

    def toggle() -> None:
        if session.playing:
            session.pause()
        else:
            session.play()

    acts = {
        "play": toggle,
        "step": session.step,
        "back": lambda: screen.go(session.month - 1),
        "start": session.restart,
        "end": lambda: screen.go(session.board.months - 1),
        "undo": session.undo,
        "redo": session.redo,
    }

    def press(event: GenericEventArguments) -> None:
        name = event.args[0] if isinstance(event.args, list) else event.args
        if name in acts:
            screen.follow = -1
            screen.act(acts[name])

    ui.add_body_html(_LISTEN)
    ui.on("parley_key", press)
