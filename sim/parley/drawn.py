"""People and ties as they were drawn, for whoever builds the same place under the same luck again.

Neither depends on practices, so that models that differ in practices alone can start from one
drawing, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.population_draw import draw_columns
from parley.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from parley.network import Ties
    from parley.scenario_types import Scenario


@dataclass(frozen=True)
class Drawn:
    """People and ties of one place and luck.

    Attributes:
        columns: Columns of people by name, a row per person, as they were drawn; read only.
        ties: Ties between them; nothing changes them during a run.
    """

    columns: Mapping[str, npt.NDArray[Any]]
    ties: Ties

    def fresh(self) -> dict[str, npt.NDArray[Any]]:
        """Copies of the columns, which a run may change."""
        return {name: column.copy() for name, column in self.columns.items()}

    @property
    def nbytes(self) -> int:
        """Size of everything kept (bytes)."""
        return self.ties.nbytes + sum(column.nbytes for column in self.columns.values())


def drawn_people(world: Scenario, root_seed: int, replicate: int) -> Mapping[str, npt.NDArray[Any]]:
    """The columns of people that a model of this world and luck draws; read only.

    Args:
        world: The resolved scenario; its practices do not matter.
        root_seed: Seed of the batch, at least 0.
        replicate: Which draw of luck, at least 0.
    """
    columns = draw_columns(world, Streams(root_seed, replicate))
    for column in columns.values():
        column.setflags(write=False)
    return columns
