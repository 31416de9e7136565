"""The one family of errors that Parley raises on purpose.

Whoever catches `ParleyError` catches everything a user can cause or mend: a scenario that does not
read, a registry that contradicts itself, a run that cannot go on, a results folder that is damaged,
a ledger that does not balance. Anything else that escapes is a defect of the program.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class ParleyError(Exception):
    """Base of all errors raised on purpose."""


class RegistryError(ParleyError):
    """The registry of parameters, outcomes, dials or references contradicts itself."""


class RunError(ParleyError):
    """A run cannot start or cannot go on."""


class OptionError(RunError):
    """An option of a batch is not one of those there are."""


class StoreError(ParleyError):
    """A results folder is missing, incomplete, damaged or of another version."""


class MissingExtraError(ParleyError):
    """A library that only some commands need is not installed."""

    def __init__(self, library: str, extra: str) -> None:
        """Name the library and the extra that brings it."""
        super().__init__(library, extra)
        self.library, self.extra = library, extra

    def __str__(self) -> str:
        """Say what is missing and how to get it."""
        return (
            f'{self.library} is not installed; get it with: pip install "parley-sim[{self.extra}]"'
        )


class ConservationError(ParleyError):
    """Money, people or promises were created or lost."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input, and what to do about it.

    Attributes:
        file: The file (or other source, such as `--set`) that holds the value.
        key: Dotted key inside the file, such as `place.groups[2].share`; empty for the whole file.
        value: The value as given; None when it is missing.
        message: What is wrong, in one clause without a full stop.
        allowed: What is allowed, with its unit; empty when the message says it.
        next_step: What the reader can do now; empty when that is plain.
    """

    file: str
    key: str
    value: object
    message: str
    allowed: str = ""
    next_step: str = ""

    def __str__(self) -> str:
        """Render the problem on one line."""
        place = ": ".join(part for part in (self.file, self.key) if part)
        given = "" if self.value is None else f" = {self.value!r}"
        ends = (f"allowed: {self.allowed}" if self.allowed else "", self.next_step)
        clauses = "; ".join(part for part in (self.message, *ends) if part)
        return " ".join(f"{place}{given}: {clauses}".split())


class ScenarioError(ParleyError):
    """A scenario, place, stack of practices or intervention does not validate.

    Carries every problem found, not only the first.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Collect the problems; their rendering, one per line, is the error's message."""
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[tuple[Problem, ...]]]:
        """Rebuild from the problems, so that the error survives a process border."""
        return type(self), (self.problems,)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the known words closest to a mistyped one.

    Args:
        word: The word as given.
        known: The words that would have been accepted.

    Returns:
        A question such as `did you mean 'sharing'?`, or an empty string when nothing is close.

    >>> did_you_mean("sharng", ["sharing", "mapping"])
    "did you mean 'sharing'?"
    >>> did_you_mean("xyz", ["sharing", "mapping"])
    ''
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(word.casefold(), folded, n=2, cutoff=0.6)
    if not close:
        return ""
    return f"did you mean {' or '.join(repr(folded[match]) for match in close)}?"
