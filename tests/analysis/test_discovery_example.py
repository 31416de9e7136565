"""The example in docs/how-to runs as it is printed."""

import re
import warnings
from pathlib import Path

import pandas as pd

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "drive-with-ema-workbench.md"
THIRD_PARTY = (
    ("ipyparallel not installed", UserWarning),
    ("altair based interactive inspection not available", ImportWarning),
    ("The inplace keyword in DataFrame.drop is deprecated", DeprecationWarning),
)


def test_the_workbench_drives_parley_as_the_page_says(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names = {"__name__": "example"}
    with warnings.catch_warnings():
        for message, category in THIRD_PARTY:
            warnings.filterwarnings("ignore", message, category)
        exec(compile(code, str(PAGE), "exec"), names)
    worlds, gain = names["worlds"], pd.Series(names["outcomes"]["gain"])
    assert worlds.shape == (6, 2)
    assert worlds["asymmetry"].between(1.0, 3.0).all()
    assert gain.nunique() == 6
    assert gain.abs().max() < 1.0
    again = names["compare"](**worlds.iloc[0].to_dict())
    assert again["gain"] == gain[0]  # the workbench adds nothing to Parley's own luck
    assert names["small"].sum() == 3
    assert "coverage" in capsys.readouterr().out
