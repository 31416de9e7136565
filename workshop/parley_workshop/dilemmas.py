"""Dilemmas: moments in which a room has to choose, as data.

A dilemma comes up when its conditions hold in the months that a column has run. Each of its options
changes announced dials, words of the stack, or adds interventions, from a month on, and nothing
else: what follows is for the model to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_type_hints

from parley.interventions import available_interventions
from parley.practice_types import DIALS, Practices
from parley.practices import LEVEL
from parley.reading import Bounds, Reading, Table, check_number
from parley.toml_files import read_toml
from parley_workshop.board import Change
from parley_workshop.conditions import read_condition
from parley_workshop.texts import Text, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

    from parley_workshop.board import Arm
    from parley_workshop.conditions import Condition
    from parley_workshop.frames import Frame

FOLDER = Path(__file__).resolve().parent / "dilemmas"

WORDS: dict[str, tuple[str, ...]] = {
    name: get_args(hint)
    for name, hint in get_type_hints(Practices).items()
    if name in ("owner", "payer", "admits", "protection", "judge")
}
"""Attributes of a stack that an option may change, and the values they may take."""

_OPTIONS = Bounds(2, 3, "options", integer=True)
_ORDER = Bounds(0, 999, "rank, the lowest first", integer=True)


@dataclass(frozen=True, slots=True)
class Option:
    """One way out.

    Attributes:
        key: Its name, unique in its dilemma.
        label: What it is called.
        explains: What would be done, in a sentence or two.
        dials: Dial and announced level from then on; others stay.
        words: Attribute of `Practices` and its value from then on; others stay.
        interventions: Names of interventions that begin then.
    """

    key: str
    label: Text
    explains: Text
    dials: tuple[tuple[str, float], ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    interventions: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether it leaves the stack as it is."""
        return not (self.dials or self.words or self.interventions)


@dataclass(frozen=True, slots=True)
class Note:
    """What the facilitator should know; never a promise.

    Attributes:
        ask: What to ask the room.
        tells: What the model can say about it.
        silent: What it cannot say.
        backfires: Where the choice that looks good tends to go wrong.
    """

    ask: Text
    tells: Text
    silent: Text
    backfires: Text


@dataclass(frozen=True, slots=True)
class Dilemma:
    """A moment in which a room has to choose.

    Attributes:
        key: Its name.
        order: Which comes first when several come up in the same month; the lowest does.
        when: Conditions.
        any_of: Whether one of them is enough; all must hold otherwise.
        title: A few words.
        situation: What has happened.
        question: What is to be decided.
        options: Two or three.
        note: For the facilitator.
    """

    key: str
    order: int
    when: tuple[Condition, ...]
    any_of: bool
    title: Text
    situation: Text
    question: Text
    options: tuple[Option, ...]
    note: Note

    def holds(self, frames: Sequence[Frame], month: int) -> bool:
        """Whether it comes up in a month of a column; see `Condition.holds`."""
        met = (condition.holds(frames, month) for condition in self.when)
        return any(met) if self.any_of else all(met)

    def option(self, key: str) -> Option:
        """One of its options.

        Raises:
            KeyError: There is no such option.
        """
        return {option.key: option for option in self.options}[key]


def load_dilemmas(folder: Path = FOLDER) -> tuple[Dilemma, ...]:
    """Read all dilemmas, in the order in which they come up.

    Args:
        folder: Where they lie, one file each.

    Raises:
        ScenarioError: A file is wrong; all problems of that file at once.
    """
    found = [load_dilemma(path) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(found, key=lambda dilemma: (dilemma.order, dilemma.key)))


def load_dilemma(path: Path) -> Dilemma:
    """Read one dilemma; its key is the name of its file.

    Raises:
        ScenarioError: The file is wrong; all problems at once.
    """
    reading = Reading(path.name)
    table = Table(reading, read_toml(path))
    when = tuple(map(read_condition, table.list_of_tables("when")))
    if not when:
        table.fail("when", "is missing or empty", "at least one condition [[when]]")
    note = table.table("note")
    dilemma = Dilemma(
        key=path.stem,
        order=int(table.number("order", _ORDER)),
        when=when,
        any_of=table.choice("needs", ("all", "any"), "all") == "any",
        title=read_text(table, "title"),
        situation=read_text(table, "situation"),
        question=read_text(table, "question"),
        options=_options(table),
        note=Note(*(read_text(note, name) for name in Note.__dataclass_fields__)),
    )
    note.close()
    table.close()
    reading.stop_if_wrong()
    return dilemma


def _options(table: Table) -> tuple[Option, ...]:
    options = tuple(map(_option, table.list_of_tables("options")))
    check_number(table.reading, "options", len(options), _OPTIONS)
    keys = [option.key for option in options]
    if len(set(keys)) < len(keys):
        table.fail("options", "two options have the same key", "a key of its own for each")
    if sum(option.changes_nothing for option in options) > 1:
        step = "change a dial, a word or add an intervention in all others"
        table.fail("options", "more than one option changes nothing", "one at most", step)
    return options


def _option(table: Table) -> Option:
    dials = table.table("dials")
    levels = tuple((name, dials.number(name, LEVEL)) for name in DIALS if dials.has(name))
    dials.close(DIALS)
    words = table.table("words")
    chosen = tuple((name, words.choice(name, WORDS[name])) for name in WORDS if words.has(name))
    words.close(WORDS)
    option = Option(
        key=table.text("key"),
        label=read_text(table, "label"),
        explains=read_text(table, "explains"),
        dials=levels,
        words=chosen,
        interventions=_interventions(table),
    )
    table.close()
    return option


def _interventions(table: Table) -> tuple[str, ...]:
    """Names of interventions that come with Parley."""
    raw = table.data["interventions"] if table.has("interventions") else []
    known = available_interventions()
    if isinstance(raw, list) and all(isinstance(name, str) and name in known for name in raw):
        return tuple(raw)
    table.fail("interventions", "is not a list of known interventions", ", ".join(known))
    return ()


def due(
    dilemmas: Iterable[Dilemma], frames: Sequence[Frame], month: int, answered: Set[str]
) -> Dilemma | None:
    """The dilemma that comes up for a column in a month, if any.

    None does where answers change nothing any more, see `over`.

    Args:
        dilemmas: In the order in which they come up.
        frames: Months of the column, in order.
        month: The month, from 0.
        answered: Keys of dilemmas that the column has met before; each comes up once.
    """
    for dilemma in dilemmas:
        if dilemma.key not in answered and dilemma.holds(frames, month):
            return None if over(frames, month) else dilemma
    return None


def over(frames: Sequence[Frame], month: int) -> bool:
    """Whether the partnership has ended or the company has gone for good until a month.

    The model then carries out no practice, whatever is announced.

    Args:
        frames: Months of the column, in order.
        month: The month, from 0.
    """
    return any(
        one.kind in ("ended", "closed") or (one.kind, one.target) == ("left", "site")
        for frame in frames
        if frame.month <= month
        for one in frame.happenings
    )


def change_of(dilemma: Dilemma, option: str, month: int) -> Change:
    """What an option changes in a stack, without its interventions.

    Args:
        dilemma: The dilemma.
        option: Key of one of its options.
        month: First month it holds; the one after the month in which the room decides.

    Raises:
        KeyError: There is no such option.
    """
    chosen = dilemma.option(option)
    return Change(month, chosen.dials, chosen.words, decision=dilemma.key, option=chosen.key)


def interventions_of(dilemma: Dilemma, option: str, month: int) -> tuple[str, ...]:
    """The interventions that an option adds, as a column names them.

    >>> interventions_of(load_dilemma(FOLDER / "force_used.toml"), "protect", 13)
    ('legal_aid:first=13',)
    """
    return tuple(f"{name}:first={month}" for name in dilemma.option(option).interventions)


def decide(arm: Arm, dilemma: Dilemma, option: str, month: int) -> Arm:
    """A column after a decision: the change in its place, interventions at the end.

    An intervention that the column has already is not added again, whenever it began. An earlier
    answer to the same dilemma is replaced.
    """
    kept = [change for change in arm.changes if change.decision != dilemma.key]
    changes = sorted((*kept, change_of(dilemma, option, month)), key=lambda change: change.month)
    there = {name.partition(":")[0] for name in arm.interventions}
    new = [
        name
        for name in interventions_of(dilemma, option, month)
        if name.partition(":")[0] not in there
    ]
    return replace(arm, changes=tuple(changes), interventions=(*arm.interventions, *new))
