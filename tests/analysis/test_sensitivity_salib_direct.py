"""The pages on sensitivity: their lines run as they stand, thresholds are those of the code."""

import re
from pathlib import Path

import numpy as np
import pytest

from parley_analysis import sensitivity, sensitivity_given

PAGES = Path(__file__).parents[2] / "docs" / "how-to"


def test_the_lines_that_drive_parley_with_salib_run(capsys):
    page = PAGES / "drive-with-salib.md"
    (lines,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)
    names = {}
    exec(compile(lines, str(page), "exec"), names)
    effects, gains = names["effects"], names["gains"]
    assert list(effects.index) == names["FACTORS"]
    assert np.isfinite(effects[["mu", "mu_star", "sigma"]].to_numpy(dtype=float)).all()
    assert len(gains) == 2 * (3 + 1)
    assert np.ptp(gains) > 0
    assert float(effects["mu_star"].max()) > 0
    assert "mu_star" in capsys.readouterr().out
    assert names["gain_in_trust"](names["problem"].samples[0]) == gains[0]


@pytest.mark.parametrize(
    "words",
    [
        f"{sensitivity.NEGLIGIBLE_SHARE:.0%} of the variance",
        f"ends below {sensitivity.WIDE_SHARE:.0%}",
        f"{sensitivity.WIDE_DISTANCE:g} above the floor",
        f"more than {sensitivity.MOST_DROPPED:.0%}",
        f"fewer than {sensitivity.FEWEST_BLOCKS} blocks, {sensitivity.FEWEST_TRAJECTORIES} "
        f"trajectories or {sensitivity.FEWEST_ROWS} rows",
        f"{sensitivity_given.MADE_UP_PAWN} made-up factors for PAWN, "
        f"{sensitivity_given.MADE_UP_DELTA} for delta",
        f"{sensitivity.RESAMPLES} resamples",
        f"off by more than {sensitivity.MOST_SAMPLE_ERROR:g}",
        f"rests on fewer than {sensitivity.FEWEST_CARRYING} runs",
        f"at most {sensitivity_given.MOST_ROWS_DELTA} rows",
    ],
)
def test_the_page_states_the_thresholds_of_the_code(words):
    text = " ".join((PAGES / "sensitivity.md").read_text("utf-8").split())
    assert words in text
