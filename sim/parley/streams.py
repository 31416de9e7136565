"""Random numbers: one named, counter-based stream for every decision of the model.

A stream is a Philox generator (Salmon et al. 2011) whose key is a hash of (root seed, replicate,
name) and whose counter starts at the step. So:

* drawing from one stream, or adding a stream, changes nothing in any other;
* two arms with the same root seed and replicate share their luck, whatever each does with it;
* a draw needs no history: step 37 can be drawn first.

Rows are drawn in order, each row whole. Person i's numbers therefore stay what they are when people
are added after them: the first n rows of a longer draw are the shorter draw.
"""

from __future__ import annotations

import hashlib
import operator
from typing import Any

import numpy as np

from parley.arrays import Floats
from parley.errors import RunError

type Size = int | tuple[int, ...]

_STEPS = 2**63


class Streams:
    """The random streams of one run.

    Attributes:
        root_seed: Seed of the whole batch, 0 or more.
        replicate: Which draw of luck, 0 or more.
    """

    def __init__(self, root_seed: int, replicate: int) -> None:
        """Fix the luck of a run.

        Args:
            root_seed: Seed of the whole batch, any integer from 0 up; 0 is as good as any.
            replicate: Which draw of luck, any integer from 0 up.

        Raises:
            RunError: A number is negative or no integer.
        """
        self.root_seed = _natural(root_seed, "root_seed")
        self.replicate = _natural(replicate, "replicate")
        self._kept: dict[str, tuple[np.random.Generator, dict[str, Any]]] = {}

    def uniform(self, name: str, step: int, size: Size) -> Floats:
        """Draw from the uniform distribution on [0, 1).

        Args:
            name: Name of the stream, such as `mobilisation.redecide`.
            step: Month, or any other counter from 0 up.
            size: Number of rows n, or the shape (n, k, ...).

        Returns:
            Array of that shape, in [0, 1). Row i is the same for every n > i.

        Raises:
            RunError: The step is negative or no integer.
        """
        return self._at(name, step).random(size)

    def normal(self, name: str, step: int, size: Size) -> Floats:
        """Draw from the standard normal distribution; arguments and rows as in `uniform`."""
        return self._at(name, step).standard_normal(size)

    def close(self) -> None:
        """Put away what works in the background, which here is nothing."""

    def generator(self, name: str, step: int) -> np.random.Generator:
        """A generator of one's own at the start of a stream, for other distributions.

        Args:
            name: Name of the stream.
            step: Month, or any other counter from 0 up.

        Raises:
            RunError: The step is negative or no integer.
        """
        generator = np.random.Generator(np.random.Philox(key=self._key(name)))
        _rewind(generator, _fresh_state(generator), _natural(step, "step"))
        return generator

    def _at(self, name: str, step: int) -> np.random.Generator:
        """The kept generator of a stream, set to the step (a new one costs thrice the time)."""
        kept = self._kept.get(name)
        if kept is None:
            generator = np.random.Generator(np.random.Philox(key=self._key(name)))
            kept = self._kept[name] = generator, _fresh_state(generator)
        _rewind(*kept, _natural(step, "step"))
        return kept[0]

    def _key(self, name: str) -> int:
        """128 bits from the hash of root seed, replicate and name."""
        text = f"{self.root_seed}:{self.replicate}:{name}"
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")

    def __repr__(self) -> str:
        """Show what fixes the luck."""
        return f"Streams(root_seed={self.root_seed}, replicate={self.replicate})"


def _fresh_state(generator: np.random.Generator) -> dict[str, Any]:
    """State of a generator at the start of its stream, without buffered numbers.

    It is made of Python's own numbers, which are set in half the time of NumPy's.
    """
    state: dict[str, Any] = dict(generator.bit_generator.state)
    words = {name: array.tolist() for name, array in state["state"].items()}
    no_buffer = {"buffer": [0] * 4, "buffer_pos": 4, "has_uint32": 0, "uinteger": 0}
    return state | {"state": words} | no_buffer


def _rewind(generator: np.random.Generator, fresh: dict[str, Any], step: int) -> None:
    """Put the step into the highest of the counter's four words and drop buffered numbers.

    Drawing counts up the lowest word, so the draws of two steps can never overlap. The generator
    keeps a copy of the state, so the other words of the fresh one stay zero.
    """
    fresh["state"]["counter"][3] = step
    generator.bit_generator.state = fresh


def _natural(value: int, name: str) -> int:
    """The value as a plain integer from 0 up."""
    try:
        number = operator.index(value)
    except TypeError:
        raise RunError(f"{name} = {value!r}: must be a whole number, 0 or more") from None
    if not 0 <= number < _STEPS:
        raise RunError(f"{name} = {number}: must lie between 0 and 2**63 - 1")
    return number
