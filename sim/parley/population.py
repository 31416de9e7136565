"""The people of a place, as columns, seen by Mesa as a set of agents.

The month's steps read and write whole columns (`people["trust_company"][:] = ...`); whoever wants
one person asks for a view (`parley.person.Person`). Columns are made once and never replaced, so
that views and arrays taken from them stay good for the whole run.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt

from parley.arrays import Ints
from parley.blocks import Blocks
from parley.errors import ConservationError, RunError
from parley.people import People
from parley.person import Person, columns_of
from parley.population_draw import draw_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    import mesa

    from parley.drawn import Drawn
    from parley.scenario_types import Group, Scenario, Tag
    from parley.streams import Streams


class Population(Blocks, People):
    """Everybody who lives in the place; a Mesa agent set without stored agents.

    Registers itself as `model.agents_by_type[person_type]`. `model.agents` keeps the institutions.
    Attributes and sums over blocks, villages and reporting groups: see `Blocks`; Mesa's words and
    square brackets: see `People`.

    Attributes:
        model: The model the people live in.
        person_type: Class of the views.
        first_id: Identifier of row 0 within the model; row r has `first_id + r`.
        cells: Single entries by column name, for views; use `columns` for anything else.
    """

    def __init__(
        self,
        model: mesa.Model,
        columns: Mapping[str, npt.NDArray[Any]],
        groups: Sequence[Group],
        tags: Sequence[Tag],
        person_type: type[Person] = Person,
    ) -> None:
        """Take over columns and register with the model.

        Args:
            model: The model the people live in.
            columns: Arrays with a row per person, sorted by village, group and tag combination:
                `village`, `group` and `tag_<key>` for every tag must be there; of the others that
                `person_type` declares, those left out start at zero. They are copied only where
                their type differs.
            groups: The groups, in the order of the codes in `group`.
            tags: The tags, most significant first in the sorting.
            person_type: Class of the views, `Person` or a subclass.

        Raises:
            RunError: A column has the wrong length or shape or is unknown, or people are not
                sorted, or a village is empty.
        """
        carried = [np.asarray(columns[f"tag_{t.key}"], dtype=np.bool_) for t in tags]
        n = len(columns["village"])
        stacked = np.stack(carried, axis=1) if carried else np.zeros((n, 0), dtype=np.bool_)
        Blocks.__init__(self, columns["village"], columns["group"], stacked, groups, tags)
        self.model = model
        self.random = model.random
        self.person_type = person_type
        own = dict(zip((f"tag_{t.key}" for t in tags), carried, strict=True))
        self._columns = own | self._declared(columns, own)
        self._columns["block"] = np.repeat(
            np.arange(self.n_blocks, dtype=np.int32), self.block_sizes
        )
        self._fixed = frozenset(own) | {c.name for c in columns_of(person_type) if c.fixed}
        for name in self._fixed:
            self._columns[name].setflags(write=False)
        self._make_cells()

        self.first_id: int = model.agent_id_counter
        model.agent_id_counter += self.n
        # Mesa touches this entry only when an agent registers or leaves, which views never do.
        model.agents_by_type[person_type] = self

    def _declared(
        self, columns: Mapping[str, npt.NDArray[Any]], tags: Mapping[str, object]
    ) -> dict[str, npt.NDArray[Any]]:
        """Every column the class of persons declares, given or zero."""
        kinds = {column.name: column for column in columns_of(self.person_type)}
        if unknown := columns.keys() - kinds.keys() - tags.keys():
            raise RunError(f"unknown columns of people: {', '.join(sorted(unknown))}")
        made = {}
        for name, kind in kinds.items():
            shape = (self.n, kind.width) if kind.width else (self.n,)
            given = columns.get(name)
            if given is None:
                made[name] = kind.zeros(self.n)
            elif np.shape(given) == shape:
                made[name] = np.require(given, dtype=kind.dtype, requirements=["C", "W"])
            else:
                raise RunError(f"column {name!r} has shape {np.shape(given)}, expected {shape}")
        return made

    def _make_cells(self) -> None:
        """Single entries: memory views of plain columns, which give Python numbers quickly."""
        self.cells: dict[str, Any] = {
            name: memoryview(column) if column.ndim == 1 else column
            for name, column in self._columns.items()
        }

    @property
    def population(self) -> Population:  # type: ignore[override]
        """Itself: the whole is the population of its own selections."""
        return self

    @property
    def columns(self) -> Mapping[str, npt.NDArray[Any]]:
        """The arrays by name, each with a row per person; write into them, never replace them."""
        return MappingProxyType(self._columns)

    @cached_property
    def rows(self) -> Ints:
        """All row numbers, shape (n,)."""
        rows = np.arange(self.n)
        rows.setflags(write=False)
        return rows

    @property
    def nbytes(self) -> int:
        """Size of all columns (bytes)."""
        return sum(column.nbytes for column in self._columns.values())

    def add_column(self, name: str, default: float | bool) -> npt.NDArray[Any]:
        """Give every person one more attribute, for rules of one's own.

        Args:
            name: Name of the attribute, free so far.
            default: Value everybody starts with; its type decides the column's.

        Returns:
            The column, shape (n,): yes-no for a bool, int64 for an int, else float64.

        Raises:
            ValueError: The name is taken or cannot be an attribute.
        """
        if not name.isidentifier() or name.startswith("_"):
            raise ValueError(f"{name!r} cannot be the name of an attribute")
        if name in self._columns or hasattr(self.person_type, name):
            raise ValueError(f"people have {name!r} already")
        column: npt.NDArray[Any] = np.full(self.n, default)
        self._columns[name] = column
        self.cells[name] = memoryview(column)
        return column

    def check_writable(self, name: str) -> None:
        """Refuse to change a column that people are sorted by.

        Raises:
            AttributeError: The column is one of them.
        """
        if name in self._fixed:
            raise AttributeError(
                f"{name!r} cannot be changed: people are sorted by village, group and tags"
            )

    # --- as a container: quicker than for a selection -------------------------------------------

    def __len__(self) -> int:
        """Number of people."""
        return self.n

    def __iter__(self) -> Iterator[Person]:
        """View one person after another."""
        return map(self.person_type, itertools.repeat(self), range(self.n))

    def __contains__(self, agent: object) -> bool:
        """Whether a person is one of these people."""
        return isinstance(agent, Person) and agent.population is self

    def _values(self, name: str) -> npt.NDArray[Any]:
        column = self._columns.get(name)
        return self._column(name) if column is None else column

    def __setitem__(self, name: str, values: npt.ArrayLike) -> None:
        """Write a whole column: one value for all, or one row per person."""
        column = self._column(name)
        self.check_writable(name)
        if values is not column:  # as after `people["income"] += 1`
            column[...] = values

    # --- people are conserved -------------------------------------------------------------------

    def add(self, agent: Person) -> None:
        """Refuse, unless the person is here already.

        Raises:
            ConservationError: The person is of another population.
        """
        if agent not in self:
            _refuse("nobody can be added")

    def discard(self, agent: Person) -> None:
        """Refuse, unless the person is not here anyway.

        Raises:
            ConservationError: The person is of this population.
        """
        if agent in self:
            _refuse("nobody can be removed")

    def _replaced(self, rows: Ints, inplace: bool) -> People:
        if inplace:
            _refuse("the whole population keeps its order; leave out inplace to get a selection")
        return People(self, rows)

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the memory views, which cannot be pickled."""
        return {k: v for k, v in self.__dict__.items() if k != "cells"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore, with new memory views."""
        self.__dict__.update(state)
        for name in self._fixed:
            self._columns[name].setflags(write=False)
        self._make_cells()


def build_population(
    scenario: Scenario,
    streams: Streams,
    model: mesa.Model,
    person_type: type[Person] = Person,
    drawn: Drawn | None = None,
) -> Population:
    """Draw the people of a scenario and register them with a model.

    Args:
        scenario: The resolved scenario.
        streams: The run's random streams; those named `population.*` are drawn at step 0.
        model: The model the people live in.
        person_type: Class of the views, `Person` or a subclass.
        drawn: The same people, where they have been drawn before; they are copied.

    Raises:
        RunError: There are fewer people than villages.
    """
    columns = drawn.fresh() if drawn else draw_columns(scenario, streams)
    return Population(model, columns, scenario.place.groups, scenario.place.tags, person_type)


def _refuse(what: str) -> NoReturn:
    raise ConservationError(f"people are conserved during a run: {what}")
