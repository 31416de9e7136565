"""A sweep whose outcomes are planted functions of its sample."""

import dataclasses
import math

import numpy as np
import pandas as pd

from parley_analysis.load import AnalysisError

KEYS = ("trust.one", "trust.two", "fear.three", "luck", "dummy")


@dataclasses.dataclass(frozen=True)
class Swept:
    """A sweep made of functions of its units."""

    design: dict
    factors: pd.DataFrame
    units: pd.DataFrame
    broken: tuple = ()
    made = "All runs were made up."

    def answers(self, outcome, place, group="all", horizon=None):
        u = self.units
        if outcome == "value" and horizon != 24:
            raise AnalysisError("value is known for the whole site at the end of a run only")
        if outcome == "deaths":
            table = pd.DataFrame({"hsbp": 0.0 * u["luck"], "none": 0.0})
        elif outcome == "days_lost":
            table = pd.DataFrame({"hsbp": u["fear.three"] * horizon, "none": u["fear.three"]})
        else:
            both = 3 * u["trust.one"] + u["luck"]
            table = pd.DataFrame({"hsbp": both + u["trust.two"], "none": both - u["trust.two"]})
        table.loc[list(self.broken)] = np.nan
        return table

    def noise(self, outcome, place, group="all", horizon=None):
        value = 0.01 if self.design["replicates"] > 1 else math.nan
        return pd.DataFrame(value, index=self.units.index, columns=["hsbp", "none"])

    def runs(self, outcome, place, group="all", horizon=None):
        """Runs around the answers; the second arm is lucky where the first is not."""
        count = self.design["replicates"]
        luck = np.arange(count) - (count - 1) / 2
        luck = 0.1 * luck / (luck.std(ddof=1) if count > 1 else 1.0)
        long = self.answers(outcome, place, group, horizon).rename_axis("point").reset_index()
        long = long.melt(id_vars="point", var_name="arm", value_name="value")
        both = long.merge(pd.DataFrame({"replicate": range(count), "luck": luck}), how="cross")
        both["value"] += both["luck"] * both["arm"].map({"hsbp": 1.0, "none": -1.0})
        return both[["point", "arm", "replicate", "value"]]


def swept(drawn, method, broken=(), replicates=1, **settings):
    units, sampling = drawn
    factors = pd.DataFrame(
        {
            "key": list(units.columns),
            "label": ["Trust one", "Trust two", "Fear | three", "Luck", "Dummy"],
            "unit": "share",
            "role": ["uncertainty", "lever", "uncertainty", None, None],
            "block": ["M7", "M7", "M9", None, None],
            "kind": ["parameter"] * 3 + ["luck", "dummy"],
            "prior": "uniform",
            "low": 0.0,
            "high": 1.0,
        }
    ).set_index("key")
    design = {
        "kind": "sweep", "name": "planted", "question": "Does it find what was planted?",
        "method": method, "arms": ["hsbp", "none"], "places": ["bosnia"],
        "replicates": replicates, "outcomes": ["trust_company", "days_lost", "deaths"],
        "horizons": [12, 24], "months": 24, "population": 100, "root_seed": 1,
        "settings": {"seed": sampling.seed, "second_order": sampling.second_order} | settings,
    }  # fmt: skip
    return Swept(design, factors, units, broken)
