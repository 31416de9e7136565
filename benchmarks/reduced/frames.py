"""W in mesa-frames: residents as a Polars data frame, months as expressions over its columns.

The model is a `mesa_frames.ModelDF`, which is no `mesa.Model`; there are no institutions. Draws are
NumPy's. The neighbours' mean is a join and a group-by, as data frames have it.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

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
    Record,
    Setting,
    tau,
)
from reduced.world import World


class Residents(AgentSetPolars):
    """Everybody, a row each."""

    def __init__(self, model: ModelDF, world: World) -> None:
        """Make a data frame of a world."""
        super().__init__(model)
        self.agents: pl.DataFrame
        rows = np.arange(world.n)
        self.add(
            pl.DataFrame(
                {
                    "unique_id": rows,
                    "community": world.community,
                    "trust": world.trust,
                    "grievance": world.grievance,
                    "income": world.income,
                    "expectation": world.expectation,
                }
            )
        )
        degree = np.diff(world.indptr)
        self.ties = pl.DataFrame(
            {"unique_id": np.repeat(rows, degree), "other": world.indices.astype(np.int64)}
        )
        self.shares = pl.DataFrame(
            {
                "community": np.arange(COMMUNITIES, dtype=np.int16),
                "share": np.zeros(COMMUNITIES),
            }
        )

    def step(self) -> None:
        """One month of everybody, as one lazy plan."""
        model, n = self.model, len(self)
        col = pl.col
        heard = (
            self.ties.lazy()
            .join(
                self.agents.lazy().select(other="unique_id", felt="grievance"),
                on="other",
                how="left",
            )
            .group_by("unique_id")
            .agg(heard=col("felt").mean())
        )
        gap, z = col("gap"), pl.Series("z", model.random.standard_normal(n))
        month = (
            self.agents.lazy()
            .with_columns(z=z, u=pl.Series("u", model.random.random(n)))
            .join(heard, on="unique_id", how="left", maintain_order="left")
            .join(self.shares.lazy(), on="community", how="left", maintain_order="left")
            .with_columns(
                gap=tau(model.month) * col("income")
                + BENEFIT_NOISE * col("z")
                - col("expectation"),
                heard=col("heard").fill_null(col("grievance")),
            )
            .with_columns(
                trust=(
                    col("trust") + pl.when(gap >= 0.0).then(TRUST_GAIN).otherwise(TRUST_LOSS) * gap
                ).clip(0.0, 1.0),
                expectation=col("expectation") + ADAPTATION * gap,
                grievance=(
                    col("grievance")
                    + CONTAGION * (col("heard") - col("grievance"))
                    - DISAPPOINTMENT * pl.min_horizontal(gap, pl.lit(0.0))
                    - FADING * col("grievance")
                ).clip(0.0, 1.0),
            )
            .with_columns(
                protest=col("u")
                < col("grievance") * (1.0 - col("trust")) + MOMENTUM * col("share") - COST
            )
            .drop("z", "u", "heard", "share", "gap")
        )
        self.agents = month.collect()


class FrameModel(ModelDF):
    """Residents in a data frame."""

    def __init__(self, world: World, setting: Setting) -> None:
        """Make the agent set."""
        if setting.given is not None:
            raise NotImplementedError("draws from a stream of its own")
        super().__init__(setting.seed)
        self.month = 0
        self.agents += Residents(self, world)
        self.statistics: list[tuple[float, ...]] = []
        self.protests: list[list[int]] = []

    def step(self) -> None:
        """One month and its report."""
        residents = self.get_agents_of_type(Residents)
        residents.step()
        frame, col = residents.agents, pl.col
        self.statistics.append(
            frame.select(
                a=col("trust").mean(),
                b=col("grievance").mean(),
                c=col("grievance").std(ddof=0),
                d=col("expectation").mean(),
                e=col("protest").mean(),
            ).row(0)
        )
        found = (
            frame.group_by("community")
            .agg(count=col("protest").sum(), share=col("protest").mean())
            .sort("community")
        )
        residents.shares = found.select("community", "share")
        self.protests.append(found["count"].to_list())
        self.month += 1

    def advance(self, months: int) -> None:
        """Live some months."""
        for _ in range(months):
            self.step()

    def record(self) -> Record:
        """What was reported so far."""
        return Record(self.statistics, self.protests)

    def state_bytes(self) -> int:
        """Size of the data frames as Polars estimates it."""
        residents = self.get_agents_of_type(Residents)
        return int(residents.agents.estimated_size() + residents.ties.estimated_size())


IMPLEMENTATION = FrameModel
