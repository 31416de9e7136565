"""`parley --help` answers at once: it loads nothing heavy."""

import json
import subprocess
import sys

import pytest

HEAVY = ("mesa", "pandas", "matplotlib", "scipy", "pyarrow", "networkx", "joblib")

PROGRAM = """
import json, sys
import parley.cli
sys.argv = ["parley", *{arguments}]
try:
    parley.cli.main()
except SystemExit as stop:
    if stop.code:
        raise
print("\\n" + json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["compare", "--help"]])
def test_help_loads_nothing_heavy(arguments):
    program = PROGRAM.format(arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    *shown, loaded = done.stdout.splitlines()
    assert "parley" in "".join(shown)
    assert set(json.loads(loaded)) & set(HEAVY) == set()
