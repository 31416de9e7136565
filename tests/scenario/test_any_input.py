"""Whatever stands in a file, loading ends in a scenario or in a `ScenarioError`."""

import copy
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley import place as place_module
from parley import practices as practices_module
from parley.errors import ScenarioError
from parley.paths import scenarios_folder
from parley.scenario import load_place, load_practices, load_scenario, make_scenario
from parley.scenario_types import Scenario

SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.integers(-5, 5),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2012-01", "assumption", "colombia", "note", "", "../..", "x.toml"]),
    st.dates(),
    st.datetimes(),
    st.times(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "unit", "source", "safety", "base", "dials", "é", "a.b"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)
KEYS = st.sampled_from(
    [
        *("title", "question", "place", "practices", "start", "months", "population"),
        *("trust_rule", "price_source", "conservation_checks", "parameters", "events", "else"),
        "interventions",
    ]
)


def outcome_of(load):
    """What loading gives: the value, or the texts of the problems."""
    try:
        return load()
    except ScenarioError as error:
        return [str(problem) for problem in error.problems]


@settings(max_examples=30)
@given(changes=st.dictionaries(KEYS, VALUES, max_size=4))
def test_keywords(changes):
    keys = {"place": "colombia", "practices": "hsbp", "months": 12, "population": 100, **changes}
    outcome = outcome_of(lambda: make_scenario(**keys))
    if isinstance(outcome, Scenario):
        assert len(outcome.digest()) == 64
        hash(outcome)
    else:
        assert "make_scenario: " in "\n".join(outcome)


def paths_in(content, path=()):
    """Where something stands in a file: every table, list and value."""
    if path:
        yield path
    if isinstance(content, dict | list):
        pairs = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in pairs:
            yield from paths_in(value, (*path, key))


def changed(content, path, value):
    """A copy of a file's content with another value in one spot; None takes the spot out."""
    content = copy.deepcopy(content)
    spot = content
    for key in path[:-1]:
        spot = spot[key]
    if value is None:
        del spot[path[-1]]
    else:
        spot[path[-1]] = value
    return content


def parsed(folder, name):
    return tomllib.loads((scenarios_folder() / folder / f"{name}.toml").read_text("utf-8"))


PLACE, STACK = parsed("places", "bosnia"), parsed("practices", "hsbp")


@settings(max_examples=50)
@given(path=st.sampled_from(list(paths_in(PLACE))), value=VALUES | st.none())
def test_one_thing_changed_in_a_place(path, value):
    with pytest.MonkeyPatch.context() as patch:
        content = changed(PLACE, path, value)
        patch.setattr(place_module, "read_with_parents", lambda *_: content)
        outcome = outcome_of(lambda: load_place("bosnia"))
    if isinstance(outcome, list):
        assert outcome
        assert all("bosnia.toml: " in text for text in outcome)


@settings(max_examples=50)
@given(path=st.sampled_from(list(paths_in(STACK))), value=VALUES | st.none())
def test_one_thing_changed_in_a_stack(path, value):
    with pytest.MonkeyPatch.context() as patch:
        content = changed(STACK, path, value)
        patch.setattr(practices_module, "read_with_parents", lambda *_: content)
        outcome = outcome_of(lambda: load_practices("hsbp"))
    if isinstance(outcome, list):
        assert all("hsbp.toml: " in text for text in outcome)
    else:
        assert all(0.0 <= level <= 1.0 for level in outcome.nominal)


@settings(max_examples=50)
@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("any") / "x.toml"
    path.write_bytes(raw)
    with pytest.raises(ScenarioError):
        load_scenario(path)


@pytest.mark.parametrize("end", [10**400, float("inf"), float("nan"), "1", None, True])
def test_a_range_of_no_use(end):
    content = changed(PLACE, ("facts", "villages", "range"), [0, end])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place_module, "read_with_parents", lambda *_: content)
        (text,) = outcome_of(lambda: load_place("bosnia"))
    assert "facts.villages.range: is not a range" in text


def test_negative_zero_is_zero():
    plain, negative = (
        make_scenario(
            place="colombia", practices="none", parameters={"price.reversion_per_year": zero}
        )
        for zero in (0.0, -0.0)
    )
    assert negative.digest() == plain.digest()
