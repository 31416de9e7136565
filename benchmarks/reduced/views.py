"""W in Mesa with columns, without Parley: NumPy arrays, and agents that are views made on demand.

What a careful programmer writes by hand for this one model: in-place arithmetic, one generator for
all draws, communities as runs of rows. It leaves out what Parley's own parts do besides: named
streams in which every month can be drawn alone, columns checked by name and type, ties that any
mechanism can use.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, Self

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet
from scipy import sparse

from reduced.institutions import Shell
from reduced.rules import (
    ADAPTATION,
    BENEFIT_NOISE,
    COMMUNITIES,
    CONTAGION,
    COST,
    DISAPPOINTMENT,
    FADING,
    MOMENTUM,
    TRUST_GAIN,
    TRUST_LOSS,
    summarise,
)

if TYPE_CHECKING:
    from reduced.rules import Floats, Setting
    from reduced.world import World


class Cell:
    """An attribute of a resident that lives in a column."""

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name of the attribute."""
        self.name = name

    def __get__(self, view: ResidentView, owner: type | None = None) -> float:
        """Read the entry."""
        entry: float = view.residents.cells[self.name][view.row]
        return entry

    def __set__(self, view: ResidentView, value: float) -> None:
        """Write the entry."""
        view.residents.cells[self.name][view.row] = value


class ResidentView(mesa.Agent):
    """A resident seen as a Mesa agent: a row of the columns, never registered."""

    __slots__ = ("residents", "row")

    trust, grievance, income, expectation = Cell(), Cell(), Cell(), Cell()
    pos = None

    def __init__(self, residents: Residents, row: int) -> None:
        """View a row."""
        self.residents = residents
        self.row = row

    @property
    def model(self) -> mesa.Model:
        """The model."""
        return self.residents.model

    @property
    def unique_id(self) -> int:
        """Identifier within the model."""
        return self.residents.first_id + self.row

    def __eq__(self, other: object) -> bool:
        """Views of one row are the same resident."""
        return isinstance(other, ResidentView) and other.unique_id == self.unique_id

    def __hash__(self) -> int:
        """Hash of the identifier."""
        return self.unique_id


class Residents(AbstractAgentSet):
    """All residents: columns, and views of their rows for whoever asks."""

    def __init__(self, model: mesa.Model, columns: dict[str, Floats]) -> None:
        """Take over columns and register with the model."""
        self.model, self.random, self.columns = model, model.random, columns
        self.n = len(columns["trust"])
        self.cells: dict[str, Any] = {name: memoryview(column) for name, column in columns.items()}
        self.first_id: int = model.agent_id_counter
        model.agent_id_counter += self.n
        model.agents_by_type[ResidentView] = self

    def __len__(self) -> int:
        """Number of residents."""
        return self.n

    def __iter__(self) -> Iterator[ResidentView]:
        """View one after another."""
        return map(ResidentView, itertools.repeat(self), range(self.n))

    def __contains__(self, agent: object) -> bool:
        """Whether a view is of these residents."""
        return isinstance(agent, ResidentView) and agent.residents is self

    def map(self, method: str | Callable[..., Any], *args: object, **kwargs: object) -> list[Any]:
        """Call a method or function for everybody."""
        if isinstance(method, str):
            return [getattr(view, method)(*args, **kwargs) for view in self]
        return [method(view, *args, **kwargs) for view in self]

    def do(self, method: str | Callable[..., Any], *args: object, **kwargs: object) -> Self:
        """Call a method or function for everybody and forget the results."""
        self.map(method, *args, **kwargs)
        return self

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise NotImplementedError("the residents of this benchmark are fixed, and in fixed order")

    add = discard = remove = sort = shuffle = shuffle_do = _update = _refuse


class ViewModel(Shell):
    """Columns by hand inside a Mesa model."""

    def __init__(self, world: World, setting: Setting) -> None:
        """Copy the columns of a world."""
        super().__init__(setting.seed, setting.institutions)
        self.given = setting.given
        names = ("trust", "grievance", "income", "expectation")
        self.residents = Residents(self, {name: getattr(world, name).copy() for name in names})
        n = world.n
        degree = np.diff(world.indptr)
        weights = np.repeat(1.0 / np.maximum(degree, 1), degree)
        self.means = sparse.csr_array((weights, world.indices, world.indptr), shape=(n, n))
        self.alone = np.flatnonzero(degree == 0)
        self.starts = np.searchsorted(world.community, np.arange(COMMUNITIES))
        self.sizes = np.diff(self.starts, append=n)
        self.normal, self.uniform, self.room = np.empty(n), np.empty(n), np.empty(n)
        self.good = np.empty(n, dtype=np.bool_)
        self.protest = np.empty(n, dtype=np.bool_)

    def live(self, share_of_income: float) -> None:
        """Let all residents live a month."""
        trust, grievance, income, expectation = self.residents.columns.values()
        gap, u, room = self.normal, self.uniform, self.room
        if self.given is None:
            self.rng.standard_normal(out=gap)
            self.rng.random(out=u)
        else:
            gap[:], u[:] = self.given.normal[self.month], self.given.uniform[self.month]
        heard = self.means @ grievance
        heard[self.alone] = grievance[self.alone]

        gap *= BENEFIT_NOISE
        np.multiply(income, share_of_income, out=room)
        gap += room
        gap -= expectation
        np.greater_equal(gap, 0.0, out=self.good)
        np.multiply(self.good, TRUST_GAIN - TRUST_LOSS, out=room)
        room += TRUST_LOSS
        room *= gap
        trust += room
        np.clip(trust, 0.0, 1.0, out=trust)
        np.multiply(gap, ADAPTATION, out=room)
        expectation += room
        np.minimum(gap, 0.0, out=gap)
        gap *= DISAPPOINTMENT
        heard *= CONTAGION
        heard -= gap
        grievance *= 1.0 - CONTAGION - FADING
        grievance += heard
        np.clip(grievance, 0.0, 1.0, out=grievance)

        np.subtract(1.0, trust, out=room)
        room *= grievance
        room += np.repeat(MOMENTUM * np.asarray(self.shares) - COST, self.sizes)
        np.less(u, room, out=self.protest)
        counts = np.add.reduceat(self.protest, self.starts, dtype=np.int64)
        self.shares = (counts / self.sizes).tolist()
        self.protests.append(counts.tolist())
        self.statistics = summarise(trust, grievance, expectation, int(counts.sum()))

    def state_bytes(self) -> int:
        """Columns, ties and working arrays."""
        arrays: tuple[np.ndarray[Any, Any], ...] = (
            *self.residents.columns.values(),
            *(self.means.data, self.means.indices, self.means.indptr),
            *(self.normal, self.uniform, self.room, self.good, self.protest),
        )
        return sum(array.nbytes for array in arrays)


IMPLEMENTATION = ViewModel
