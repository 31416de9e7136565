"""Every rule that a registry must satisfy, each shown to refuse what breaks it."""

import pytest

from parley.errors import RegistryError
from parley.registry_rules import read_registry

P, Q, D, R = "parameters.toml", "outcomes.toml", "dials.toml", "references.toml"
SPEED = "trust.speed"
WITHOUT_PRIOR = 'prior = { kind = "uniform", low = 0.0, high = 0.5 }\n'

BAD = [
    # file, what is replaced, by what, where the problem is, what it says
    (P, 'source = "author_2001"\n', "", f"{SPEED}.source", "missing"),
    (P, 'source = "author_2001"', 'source = ""', f"{SPEED}.source", "missing"),
    (P, 'source = "author_2001"', "source = 3", f"{SPEED}.source", "expected text"),
    (P, 'source = "author_2001"', 'source = "author_2002"', f"{SPEED}.source", "no such key"),
    (P, '"author_2001"', '["author_2001", "author_2001"]', f"{SPEED}.source", "named twice"),
    (P, '"author_2001"', '["author_2001", "assumption"]', f"{SPEED}.source", "not both"),
    (P, '"author_2001"', '"assumption"', f"{SPEED}.grade", "cannot be graded as published"),
    (P, 'grade = "measured"\n', "", f"{SPEED}.grade", "missing"),
    (P, '"measured"', '"certain"', f"{SPEED}.grade", "unknown word"),
    (P, 'label = "Speed"\n', "", f"{SPEED}.label", "missing"),
    (P, 'description = "How fast it moves."\n', "", f"{SPEED}.description", "missing"),
    (P, 'unit = "1/month"\n', "", f"{SPEED}.unit", "missing"),
    (P, "default = 0.1\n", "", f"{SPEED}.default", "missing"),
    (P, "default = 0.1", "default = 1.5", f"{SPEED}.default", "outside the bounds"),
    (P, "default = 0.1", "default = nan", f"{SPEED}.default", "expected a finite number"),
    (P, "default = 0.1", "default = inf", f"{SPEED}.default", "expected a finite number"),
    (P, "default = 0.1", "default = true", f"{SPEED}.default", "expected a finite number"),
    (P, "default = 0.1", 'default = "0.1"', f"{SPEED}.default", "expected a finite number"),
    (P, 'unit = "1/month"', 'unit = "1"\ntype = "integer"', f"{SPEED}.default", "outside"),
    (P, "minimum = 0.0", "minimum = 1.0", f"{SPEED}.minimum", "not below the maximum"),
    (P, "minimum = 0.0", "mininum = 0.0", f"{SPEED}.mininum", "unknown key; did you mean"),
    (P, '"switch"', '"lever, uncertainty"', f"{SPEED}.role", "unknown word"),
    (P, '"switch"', '"place"', f"{SPEED}.role", "to no other"),
    (P, "null = 0.0\n", "", f"{SPEED}.null", "missing"),
    (P, "null = 0.0", "null = -1.0", f"{SPEED}.null", "outside the bounds"),
    (P, WITHOUT_PRIOR, "", f"{SPEED}.prior", "missing, but the role is switch"),
    (P, "high = 0.5", "high = 1.5", f"{SPEED}.prior", "outside the bounds"),
    (P, "high = 0.5", "high = 0.0", f"{SPEED}.prior", "expected low < high"),
    (P, ", high = 0.5 ", "", f"{SPEED}.prior.high", "missing"),
    (P, "high = 0.5", "hihg = 0.5", f"{SPEED}.prior.hihg", "unknown key"),
    (P, "high = 0.5", "high = 0.5, mode = 0.2", f"{SPEED}.prior.mode", "unknown key"),
    (P, 'kind = "uniform"', 'kind = "normal"', f"{SPEED}.prior.kind", "unknown word"),
    (P, 'kind = "uniform"', 'kind = "triangular"', f"{SPEED}.prior.mode", "missing"),
    (
        P,
        'kind = "uniform"',
        'kind = "triangular", mode = 0.6',
        f"{SPEED}.prior",
        "with the mode between",
    ),
    (
        P,
        'kind = "uniform"',
        'kind = "zero_inflated_uniform", mass_at_low = 1.0',
        f"{SPEED}.prior",
        "mass_at_low between 0 and 1",
    ),
    (P, WITHOUT_PRIOR, "prior = 0.5\n", f"{SPEED}.prior", "expected a table"),
    (P, "[trust.speed]", "[trust.Speed]", "trust.Speed", "expected a name in lower case"),
    (P, 'block = "M10"', "", "trust.block", "missing"),
    (P, 'block = "M10"', 'block = "M10"\nspeeds = 3', "trust.speeds", "expected a table"),
    (P, "minimum = 1", "minimum = 1\ndefault = 3", "place.villages.default", "every place file"),
    (P, "minimum = 1", 'minimum = 1\ngrade = "expert"', "place.villages.grade", "every place"),
    (P, 'role = "place"', 'role = "lever"', "place.villages.role", "to no other"),
    (P, 'role = "switch"', 'role = "switch"\ntype = "vector6"', f"{SPEED}.type", "only facts"),
    (P, "[place.villages]", "[trust.speed]", "", "not valid TOML"),
    (Q, 'kind = "flow"', 'kind = "rate"', "benefit.kind", "unknown word"),
    (Q, 'aggregate = "mean"', "", "benefit.aggregate", "missing"),
    (Q, 'direction = "higher"', 'direction = "up"', "benefit.direction", "unknown word"),
    (Q, 'level = "group"', 'level = "person"', "benefit.level", "unknown word"),
    (Q, '["sharing", "budget"', '["shearing", "budget"', "benefit.path", "expected a dial"),
    (Q, 'source = "assumption"', 'source = "nobody_1999"', "benefit.source", "no such key"),
    (Q, 'whom = "residents"', 'who = "residents"', "benefit.who", "unknown key"),
    (D, 'skill = "account"', 'skill = "luck"', "sharing.skill", "unknown word"),
    (D, 'skill = "account"', "", "sharing.skill", "missing"),
    (D, 'harm = "Falls"', "", "sharing.harm", "missing"),
    (D, 'source = "author_2001"', 'source = "x"', "sharing.source", "no such key"),
    (D, 'code = "S"', 'code = "S"\nlevel = 1', "sharing.level", "unknown key"),
    (R, 'title = "Title"', "", "author_2001.title", "missing"),
    (R, "year = 2001", "", "author_2001.year", "missing"),
    (R, 'doi = "10.1/x"', "", "author_2001.where", "say who published it"),
    (R, 'doi = "10.1/x"', 'doi = "10.1/x"\npages = 3', "author_2001.pages", "unknown key"),
]


def test_a_good_registry_loads(texts):
    registry = read_registry(texts)
    assert list(registry.parameters) == ["trust.speed", "place.villages"]
    assert registry.outcomes[0].rule_steps == 3
    assert registry.dials[0].hooks == ("M1", "M9")
    assert registry.references["author_2001"].address == "https://doi.org/10.1/x"


@pytest.mark.parametrize(("file", "old", "new", "key", "message"), BAD)
def test_a_broken_rule_is_named_with_file_and_key(problems_of, file, old, new, key, message):
    named = [line for line in problems_of(file, old, new) if message in line]
    assert named
    assert named[0].startswith(f"{file}: {key}")


def test_a_repeated_doi_is_refused(problems_of):
    again = '[b_2002]\nauthors = "B."\nyear = 2002\ntitle = "T"\ndoi = "10.1/X"\n[author_2001]'
    lines = problems_of(R, "[author_2001]", again)
    assert len(lines) == 1
    assert "already used by b_2002" in lines[0]


def test_a_repeated_code_of_a_dial_is_refused(texts, problems_of):
    again = texts[D] + texts[D].replace("[sharing]", "[caring]")
    assert any("already used by sharing" in line for line in problems_of(D, texts[D], again))


def test_all_problems_are_listed_at_once(texts):
    texts[P] = texts[P].replace("default = 0.1", "default = 7").replace('"measured"', '"sure"')
    texts[R] = texts[R].replace('title = "Title"', "")
    with pytest.raises(RegistryError) as caught:
        read_registry(texts)
    assert len(str(caught.value).splitlines()) == 3


def test_one_unreadable_file_does_not_hide_the_problems_of_another(texts):
    texts[Q] = "[benefit"
    texts[P] = texts[P].replace("default = 0.1", "default = 7")
    with pytest.raises(RegistryError, match=r"outcomes.toml: not valid TOML[\s\S]*default = 7"):
        read_registry(texts)


def test_digest_follows_numbers_and_not_words(texts):
    digest = read_registry(texts).digest
    words = {
        **texts,
        P: texts[P].replace('"Speed"', '"Pace"'),
        R: texts[R].replace("2001\n", "3\n"),
    }
    assert read_registry(words).digest == digest
    for old, new in (("0.1", "0.2"), ("high = 0.5", "high = 0.4"), ('"1/month"', '"1/year"')):
        assert read_registry({**texts, P: texts[P].replace(old, new, 1)}).digest != digest
