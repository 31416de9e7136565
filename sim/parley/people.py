"""Sets of people that Mesa can work with: row numbers over the population's columns.

Mesa's words (`select`, `groupby`, `agg`, `get`, `set`, `do`, `map`, `shuffle`, `sort`) mean here
what they mean for any of its agent sets, and run on whole columns where they can. Square brackets
are the fast way in: `people["income"]` is an array, `people[3]` a person.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import numpy as np
import numpy.typing as npt
from mesa.agentset import AbstractAgentSet, GroupBy

from parley.arrays import Bools, Ints
from parley.errors import did_you_mean
from parley.person import Person

if TYPE_CHECKING:
    from random import Random

    from parley.population import Population

_WHOLE_ARRAY: dict[Callable[..., Any], Callable[..., Any]] = {
    sum: np.sum,
    min: np.min,
    max: np.max,
}


class People(AbstractAgentSet):
    """An ordered set of people: all of them, or a selection.

    Attributes:
        population: The population whose rows these are.
        random: Mesa's source of chance, used by `shuffle` and `shuffle_do` only.
    """

    population: Population
    random: Random

    def __init__(self, population: Population, rows: Iterable[int] | npt.NDArray[Any]) -> None:
        """Select rows.

        Args:
            population: The population.
            rows: Row numbers, each at most once, in the wanted order.

        Raises:
            IndexError: A row does not exist.
        """
        self.population = population
        self.random = population.random
        chosen = np.array(rows if isinstance(rows, np.ndarray) else list(rows), dtype=np.int64)
        if chosen.size and not 0 <= chosen.min() <= chosen.max() < population.n:
            raise IndexError(f"rows run from 0 to {population.n - 1}")
        self._rows: Ints = chosen

    @property
    def rows(self) -> Ints:
        """Row numbers, shape (len(self),)."""
        return self._rows

    def __len__(self) -> int:
        """Number of people."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Person]:
        """View one person after another."""
        population = self.population
        return map(population.person_type, itertools.repeat(population), self.rows.tolist())

    def __contains__(self, agent: object) -> bool:
        """Whether a person is in the set."""
        return (
            isinstance(agent, Person)
            and agent.population is self.population
            and bool((self._rows == agent.row).any())
        )

    @overload
    def __getitem__(self, key: str) -> npt.NDArray[Any]: ...
    @overload
    def __getitem__(self, key: int) -> Person: ...
    @overload
    def __getitem__(self, key: slice | npt.NDArray[Any]) -> People: ...
    def __getitem__(self, key: str | int | slice | npt.NDArray[Any]) -> Any:
        """A column's values by name, a person by position, a selection by positions or mask.

        Raises:
            KeyError: There is no such column.
            IndexError: There is no such position.
        """
        if isinstance(key, str):
            return self._values(key)
        if isinstance(key, slice | np.ndarray):
            return People(self.population, self.rows[key])
        return self.population.person_type(self.population, int(self.rows[key]))

    def __setitem__(self, name: str, values: npt.ArrayLike) -> None:
        """Write a column's entries for these people.

        Args:
            name: Name of the column.
            values: One value for all, or one row per person in the order of this set.

        Raises:
            KeyError: There is no such column.
            AttributeError: People are sorted by it.
        """
        column = self._column(name)
        self.population.check_writable(name)
        column[self._rows] = values

    def _values(self, name: str) -> npt.NDArray[Any]:
        return self._column(name)[self._rows]

    def _column(self, name: str) -> npt.NDArray[Any]:
        try:
            return self.population.columns[name]
        except KeyError:
            hint = did_you_mean(name, self.population.columns)
            raise KeyError(f"no column {name!r}" + (f"; {hint}" if hint else "")) from None

    def __and__(self, other: Iterable[Any]) -> People:
        """People in both sets, in the order of this one."""
        return People(self.population, self.rows[np.isin(self.rows, self._rows_of(other))])

    def __or__(self, other: Iterable[Any]) -> People:
        """People in either set: those of this one, then the rest of the other."""
        more = self._rows_of(other)
        return People(self.population, np.concatenate((self.rows, more[~np.isin(more, self.rows)])))

    def __sub__(self, other: Iterable[Any]) -> People:
        """People of this set who are not in the other."""
        return People(self.population, self.rows[~np.isin(self.rows, self._rows_of(other))])

    def __xor__(self, other: Iterable[Any]) -> People:
        """People in exactly one of the two sets."""
        others = People(self.population, self._rows_of(other))
        return (self - others) | (others - self)

    def __copy__(self) -> People:
        """The same people as a selection of its own."""
        return People(self.population, self.rows)

    def __repr__(self) -> str:
        """Say how many."""
        return f"<{type(self).__name__} of {len(self)}>"

    def to_list(self) -> list[Person]:
        """Views of all of them, in order."""
        return list(self)

    def select(
        self,
        filter_func: Callable[[Person], bool] | Bools | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
        *,
        where: Bools | Callable[[People], Bools] | None = None,
    ) -> People:
        """Choose some of the people.

        Args:
            filter_func: A test of one person; or a mask, shape (len(self),).
            at_most: Most people to keep: a count, or, when a float up to 1.0, a share of this set
                rounded down. The first ones are kept.
            inplace: Shrink this set instead of making a new one.
            agent_type: Keep people only if they are of this class.
            where: A mask, shape (len(self),), or a function of this set that returns one. Fast:
                `people.select(where=people["income"] < 0.5)`.

        Returns:
            The selection, or this set.

        Raises:
            ValueError: A mask has the wrong shape or is not yes-no.
        """
        rows = self.rows
        keep = np.ones(len(rows), dtype=np.bool_)
        if agent_type is not None and not issubclass(self.population.person_type, agent_type):
            keep[:] = False
        for mask in (where(self) if callable(where) else where, filter_func):
            if mask is not None and not callable(mask):
                keep &= _mask(mask, len(rows))
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(rows) * at_most)
        limit = None if at_most == math.inf else int(at_most)
        rows = rows[keep]
        if callable(filter_func):
            views = People(self.population, rows)
            passing = (person.row for person in views if filter_func(person))
            rows = np.fromiter(itertools.islice(passing, limit), dtype=np.int64)
        return self._replaced(rows[:limit], inplace)

    def shuffle(self, inplace: bool = False) -> People:
        """Put the people into a random order, drawn from Mesa's `random`."""
        generator = np.random.Generator(np.random.PCG64(self.random.getrandbits(128)))
        return self._replaced(generator.permutation(self.rows), inplace)

    def sort(
        self,
        key: Callable[[Person], Any] | str,
        ascending: bool = False,
        inplace: bool = False,
    ) -> People:
        """Order the people by an attribute or a function; highest first unless `ascending`.

        People who tie keep their order.
        """
        if isinstance(key, str) and key in self.population.columns:
            values = self[key].astype(np.float64)
            order = np.argsort(values if ascending else -values, kind="stable")
            return self._replaced(self.rows[order], inplace)
        by = operator.attrgetter(key) if isinstance(key, str) else key
        views = sorted(self, key=by, reverse=not ascending)
        return self._replaced(self._rows_of(views), inplace)

    def groupby(
        self,
        by: Callable[[Person], Any] | str,
        result_type: Literal["agentset", "list"] = "agentset",
    ) -> GroupBy:
        """Split the people by an attribute or a function.

        Args:
            by: Name of an attribute, or a function of one person.
            result_type: "agentset" for sets of people, "list" for lists of views.

        Returns:
            Mesa's `GroupBy`; its keys come in order of first appearance.
        """
        keys = self.get(by) if isinstance(by, str) else self.map(by)
        codes: dict[Any, int] = {}
        code = np.fromiter((codes.setdefault(k, len(codes)) for k in keys), dtype=np.int64)
        order = np.argsort(code, kind="stable")
        cuts = np.searchsorted(code[order], np.arange(1, len(codes)))
        parts = (People(self.population, r) for r in np.split(self.rows[order], cuts))
        groups = zip(codes, parts, strict=False)
        return GroupBy({k: p if result_type == "agentset" else list(p) for k, p in groups})

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: object = None,
    ) -> list[Any]:
        """Attributes of each person, as Python values.

        Args:
            attr_names: One name, or several.
            handle_missing: What to do about a name people do not have: "error" or "default".
            default_value: Stands in for a missing attribute.

        Returns:
            One value per person; for several names one list of values per person.

        Raises:
            AttributeError: An attribute is missing.
            ValueError: `handle_missing` is neither word.
        """
        if handle_missing not in {"error", "default"}:
            raise ValueError(f"handle_missing = {handle_missing!r}: must be 'error' or 'default'")
        if not isinstance(attr_names, str):
            parts = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(values) for values in zip(*parts, strict=True)]
        column = self.population.columns.get(attr_names)
        if column is not None:
            values = self[attr_names]
            return values.tolist() if values.ndim == 1 else list(values)
        if handle_missing == "default":
            return [getattr(person, attr_names, default_value) for person in self]
        return [getattr(person, attr_names) for person in self]

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:  # noqa: ANN401  # whatever the functions return
        """Apply one function, or each of several, to the values of an attribute.

        Returns:
            The result, or a list of results; NumPy scalars come back as Python numbers.
        """
        column = self.population.columns.get(attribute)
        values = self.get(attribute) if column is None else self[attribute]
        if callable(func):
            result = (_WHOLE_ARRAY.get(func, func) if column is not None else func)(values)
            return result.item() if isinstance(result, np.generic) else result
        return [self.agg(attribute, one) for one in func]

    def set(self, attr_name: str, value: npt.ArrayLike) -> Self:
        """Write an attribute: one value for all, or one per person in the order of this set.

        Raises:
            AttributeError: There is no such column, or people are sorted by it.
        """
        if attr_name in self.population.columns:
            self[attr_name] = value
        else:
            for person in self:
                setattr(person, attr_name, value)
        return self

    def do(self, method: str | Callable[..., Any], *args: object, **kwargs: object) -> Self:
        """Let everybody act.

        Args:
            method: A function of one person; or the name of a method. When the class of persons
                has a class method `<name>_all`, that one is called once with this set instead.
            *args: Passed on.
            **kwargs: Passed on.
        """
        if isinstance(method, str):
            kernel = getattr(self.population.person_type, f"{method}_all", None)
            if kernel is not None:
                kernel(self, *args, **kwargs)
                return self
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: object, **kwargs: object) -> Self:
        """Let everybody act one after another, in a random order."""
        self.shuffle().map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: object, **kwargs: object) -> list[Any]:
        """Call a method, or a function, for each person; the results in order."""
        if isinstance(method, str):
            return [getattr(person, method)(*args, **kwargs) for person in self]
        return [method(person, *args, **kwargs) for person in self]

    def add(self, agent: Person) -> None:
        """Add a person of the same population to the selection."""
        if agent not in self:
            self._update((*self, agent))

    def discard(self, agent: Person) -> None:
        """Drop a person from the selection, if there."""
        if agent in self:
            self._replaced(self.rows[self.rows != agent.row], inplace=True)

    def remove(self, agent: Person) -> None:
        """Drop a person from the selection.

        Raises:
            KeyError: The person is not there.
        """
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _update(self, agents: Iterable[Person]) -> People:
        return self._replaced(self._rows_of(agents), inplace=True)

    def _replaced(self, rows: Ints, inplace: bool) -> People:
        """This set with other rows when `inplace`, else a new selection."""
        if not inplace:
            return People(self.population, rows)
        self._rows = rows
        return self

    def _rows_of(self, people: Iterable[Any]) -> Ints:
        """Rows of people of this population."""
        if isinstance(people, People) and people.population is self.population:
            return people.rows
        views = list(people)
        if any(getattr(view, "population", None) is not self.population for view in views):
            raise ValueError("people of another population cannot be mixed in")
        return np.fromiter((view.row for view in views), dtype=np.int64, count=len(views))


def _mask(values: npt.ArrayLike, n: int) -> Bools:
    """The values as a mask over n people."""
    mask = np.asarray(values)
    if mask.dtype != np.bool_ or mask.shape != (n,):
        raise ValueError(f"a mask must be {n} yes-no values, got {mask.dtype} {mask.shape}")
    return mask
