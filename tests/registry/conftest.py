"""A registry small enough to read, in four strings, from which each bad one differs by a line."""

import pytest

from parley.errors import RegistryError
from parley.registry_rules import read_registry

PARAMETERS = """
[trust]
title = "Trust"
block = "M10"

[trust.speed]
label = "Speed"
description = "How fast it moves."
unit = "1/month"
minimum = 0.0
maximum = 1.0
default = 0.1
prior = { kind = "uniform", low = 0.0, high = 0.5 }
role = "switch"
null = 0.0
source = "author_2001"
grade = "measured"

[place]
title = "Facts"
block = "M0"

[place.villages]
label = "Villages"
description = "How many there are."
unit = "count"
type = "integer"
minimum = 1
role = "place"
"""

OUTCOMES = """
[benefit]
label = "Benefit"
definition = "What arrives."
unit = "incomes"
kind = "flow"
aggregate = "mean"
direction = "higher"
level = "group"
path = ["sharing", "budget", "payment", "benefit"]
whom = "residents"
source = "assumption"
"""

DIALS = """
[sharing]
code = "S"
label = "Sharing"
changes = "How the budget moves"
hooks = ["M1", "M9"]
needs = "Nothing"
skill = "account"
help = "Fair"
harm = "Falls"
pillar = "tools"
lines = "12"
tests = ["tests/test_it.py::test_it"]
source = "author_2001"
"""

REFERENCES = """
[author_2001]
authors = "Author, A."
year = 2001
title = "Title"
doi = "10.1/x"
"""


@pytest.fixture
def texts():
    return {
        "parameters.toml": PARAMETERS,
        "outcomes.toml": OUTCOMES,
        "dials.toml": DIALS,
        "references.toml": REFERENCES,
    }


@pytest.fixture
def problems_of(texts):
    """Lines of the error that a registry with `old` replaced by `new` in one file gives."""

    def problems(file, old, new):
        assert old in texts[file]
        with pytest.raises(RegistryError) as caught:
            read_registry({**texts, file: texts[file].replace(old, new, 1)})
        return str(caught.value).splitlines()

    return problems
