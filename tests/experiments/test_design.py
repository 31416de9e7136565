"""Designs read from files: what is understood, and what is refused in words."""

import pytest

from parley.errors import ScenarioError
from parley.registry import load_registry
from parley_experiments.design import available_designs, load_design, read_design

GOOD = {
    "question": "What matters?",
    "places": ["bosnia"],
    "arms": ["hsbp", "none"],
    "months": 24,
    "population": 100,
    "horizons": [12, 24],
    "sample": {
        "method": "sobol",
        "n": 8,
        "names": ["appraisal.weight_voice", "chain.turnover_per_month"],
    },
}


def design(**changes):
    sample = {**GOOD["sample"], **changes.pop("sample", {})}
    content = {**GOOD, **changes, "sample": {k: v for k, v in sample.items() if v is not None}}
    return read_design(content, "test", "test.toml")


def test_a_design_varies_what_it_names_and_a_dummy():
    found = design()
    assert [f.key for f in found.factors] == [
        "chain.turnover_per_month",  # in the order of the registry
        "appraisal.weight_voice",
        "dummy",
    ]
    assert (found.settings.method, found.settings.n, found.horizons) == ("sobol", 8, (12, 24))
    assert found.settings.points(len(found.factors)) == 8 * 5
    assert not found.luck_varies


def test_numbers_are_chosen_by_role_and_block_and_left_out_by_name():
    known = load_registry().parameters.values()
    wanted = {p.key for p in known if p.role == "uncertainty" and p.block == "M12" and p.prior}
    found = design(sample={"names": None, "roles": ["uncertainty"], "blocks": ["M12"]})
    keys = {f.key for f in found.factors} - {"dummy"}
    assert keys == wanted
    assert len(keys) > 3
    out = sorted(keys)[0]
    fewer = design(
        sample={"names": None, "roles": ["uncertainty"], "blocks": ["M12"], "except": [out]}
    )
    assert {f.key for f in fewer.factors} - {"dummy"} == wanted - {out}


def test_a_range_replaces_what_is_believed():
    found = design(sample={"ranges": {"appraisal.weight_voice": {"low": 0.1, "high": 0.3}}})
    voice = found.factors[1]
    assert (voice.prior.kind, voice.value(0.0), voice.value(0.5)) == ("uniform", 0.1, 0.2)


def test_a_range_alone_chooses_its_number():
    ranges = {"appraisal.weight_voice": {"low": 0.1, "high": 0.3}}
    found = design(sample={"names": None, "ranges": ranges})
    assert [f.key for f in found.factors] == ["appraisal.weight_voice", "dummy"]


def test_a_held_number_is_not_varied_by_role():
    everything = design(sample={"names": None, "method": "latin_hypercube"})
    held = design(
        sample={"names": None, "method": "latin_hypercube"},
        parameters={"appraisal.weight_voice": 0.2},
    )
    assert len(everything.factors) == len(held.factors) + 1
    assert held.held == {"appraisal.weight_voice": 0.2}


def test_a_design_is_read_again_from_what_a_results_folder_keeps():
    found = design(sample={"luck": True, "second_order": True})
    again = read_design(found.describe()["given"], "test", "folder")
    assert again == found
    assert found.luck_varies


BAD = [
    ({"arms": []}, ["arms", "is empty"]),
    ({"question": ""}, ["question", "is empty"]),
    ({"horizons": [24, 12]}, ["horizons", "is not a list of horizons", "1 to 24"]),
    ({"horizons": [36]}, ["horizons", "is not a list of horizons"]),
    ({"outcomes": ["trust_compny"]}, ["outcomes", "did you mean 'trust_company'"]),
    ({"outcomes": ["zzz"]}, ["outcomes", "docs/reference/outcomes.md lists them"]),
    ({"keep": "everything"}, ["keep", "levels or paths"]),
    ({"population": 10}, ["population", "50"]),
    ({"replicate": 3}, ["replicate", "unknown key", "did you mean 'replicates'"]),
    ({"sample": {"n": 12}}, ["sample.n", "no power of two", "take 8 or 16"]),
    ({"sample": {"n": None}}, ["sample.n", "is missing"]),
    ({"sample": {"method": "sobel"}}, ["sample.method", "did you mean 'sobol'"]),
    ({"sample": {"names": ["chain.turnover"]}}, ["sample.names", "did you mean 'chain.turnover"]),
    ({"sample": {"names": ["place.state_capacity"]}}, ["sample.names", "there is no"]),
    ({"sample": {"blocks": ["M99"]}}, ["sample.blocks", "M99"]),
    ({"sample": {"roles": ["place"]}}, ["sample.roles", "lever, uncertainty, switch"]),
    ({"sample": {"trajectories": 3}}, ["sample.trajectories", "unknown key"]),
    (
        {"sample": {"ranges": {"chain.turnover_per_month": {"low": 0.4, "high": 0.1}}}},
        ["low", "is not below high"],
    ),
    (
        {"sample": {"ranges": {"chain.turnover_per_month": {"low": 0.0, "high": 7.0}}}},
        ["high", "7.0"],
    ),
    ({"replicates": 4, "sample": {"luck": True}}, ["replicates", "luck varies"]),
    ({"parameters": {"chain.turnover_per_month": 0.1}}, ["parameters", "which the sample varies"]),
    (
        {"sample": {"method": "full_factorial", "n": None, "names": None, "roles": ["switch"]}},
        ["sample.method", "far too many points"],
    ),
]


@pytest.mark.parametrize(
    ("changes", "words"), BAD, ids=lambda x: "" if isinstance(x, dict) else x[-1]
)
def test_what_is_wrong_is_said_with_the_way_out(changes, words):
    with pytest.raises(ScenarioError) as caught:
        design(**changes)
    found = [str(problem) for problem in caught.value.problems]
    assert len([text for text in found if all(word in text for word in words)]) == 1, found
    assert len(found) == 1, found


def test_all_problems_are_said_at_once():
    with pytest.raises(ScenarioError) as caught:
        design(arms=[], keep="all", sample={"n": 12})
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("name", available_designs())
def test_every_design_that_comes_along_reads(name):
    found = load_design(name)
    assert found.name == name
    assert found.question.endswith("?")


def test_a_design_extends_one_that_comes_along_or_lies_beside_it(tmp_path):
    path, other = tmp_path / "mine.toml", tmp_path / "other.toml"
    path.write_text('extends = "workshop-morris"\npopulation = 100\n[sample]\nseed = 5\n')
    other.write_text('extends = "mine.toml"\nmonths = 30\n')
    parent, found = load_design("workshop-morris"), load_design(other)
    assert (found.population, found.settings.seed, found.months) == (100, 5, 30)
    assert found.question == parent.question
    assert [f.key for f in found.factors] == [f.key for f in parent.factors]
    path.write_text('extends = "workshop-moris"\n')
    with pytest.raises(ScenarioError, match=r"unknown design.*did you mean 'workshop-morris'"):
        load_design(path)


def test_an_unknown_design_names_its_neighbours():
    with pytest.raises(ScenarioError, match="did you mean 'workshop-morris'"):
        load_design("workshop-moris")
