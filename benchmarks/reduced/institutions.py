"""Institutions as ordinary Mesa agents, and the shell that a Mesa model puts round the residents.

They do two short things a month, as offices do that only look and note, so that what Mesa itself
costs is part of every time. Nothing they do reaches the residents: with or without them the
residents' numbers are the same.
"""

from __future__ import annotations

from typing import Any

import mesa

from reduced.rules import COMMUNITIES, STATISTICS, Record, tau


class Institution(mesa.Agent):
    """An office that watches one community."""

    def __init__(self, model: mesa.Model, community: int) -> None:
        """Watch a community."""
        super().__init__(model)
        self.community = community
        self.seen = 0.0
        self.alarm = 0.0

    def observe(self) -> None:
        """Note last month's share of protesters."""
        self.seen = self.model.shares[self.community]

    def respond(self) -> None:
        """Let the alarm follow what was seen."""
        self.alarm += 0.5 * (self.seen - self.alarm)


class Shell(mesa.Model):
    """A Mesa model with institutions and a data collector; residents are added by subclasses."""

    def __init__(self, rng: Any, institutions: int) -> None:  # noqa: ANN401  # what Mesa takes
        """Begin before month 0."""
        super().__init__(rng=rng)
        self.offices = [Institution(self, k % COMMUNITIES) for k in range(institutions)]
        self.month = 0
        self.shares: list[float] = [0.0] * COMMUNITIES
        self.protests: list[list[int]] = []
        self.statistics: tuple[float, ...] = (0.0,) * len(STATISTICS)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "mean_trust": lambda m: m.statistics[0],
                "mean_grievance": lambda m: m.statistics[1],
                "sd_grievance": lambda m: m.statistics[2],
                "mean_expectation": lambda m: m.statistics[3],
                "protest_share": lambda m: m.statistics[4],
            }
        )

    def live(self, share_of_income: float) -> None:
        """Let all residents live a month and set `shares`, `protests` and `statistics`."""
        raise NotImplementedError

    def step(self) -> None:
        """One month."""
        for office in self.offices:  # as `agents.do`, without looking each up by weak reference
            office.observe()
        self.live(tau(self.month))
        for office in self.offices:
            office.respond()
        self.month += 1
        self.datacollector.collect(self)

    def advance(self, months: int) -> None:
        """Live some months."""
        for _ in range(months):
            self.step()

    def record(self) -> Record:
        """What was reported so far."""
        kept = self.datacollector.model_vars
        rows = list(zip(*(kept[name] for name in STATISTICS), strict=True))
        return Record(rows, self.protests)
