"""The stacks that come with Parley, row by row, and stacks made from them."""

import dataclasses

import pytest

from parley.errors import ScenarioError
from parley.practice_types import DIALS
from parley.practices import available_practices, change_dials, load_practices
from parley.registry import load_registry
from parley.scenario import load_scenario

COLUMNS = "L I F T S MAP FAC COM PROT ME GRV METH CHK ICT TRN DOC MET REM"
TABLE = {
    "none": "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "transactional": "0 0 0 0 0 0 0 .2 .3 .1 0 0 .2 0 0 .3 0 0",
    "csr": "0 .1 .3 0 .2 0 0 .6 .3 .2 .1 0 .4 .3 .1 .3 .2 0",
    "hrdd": "0 .3 .2 .3 0 .7 0 .4 .7 .4 .8 .1 .6 .2 .3 .7 0 .3",
    "csbp": ".3 .5 .4 .4 .1 .8 .3 .5 .5 .5 .5 .4 .5 .2 .4 .5 .3 .2",
    "msp": ".3 .5 .5 .3 .3 .5 .6 .5 .3 .3 .1 .4 .2 .3 .2 .4 .3 0",
    "hsbp": ".8 .8 .7 .7 .6 .8 .8 .7 .6 .7 .8 .7 .5 .5 .6 .6 .6 .5",
    "cash_equivalent": "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "transactional_plus": "0 0 0 0 0 0 0 .2 .6 .7 0 0 .5 0 0 .3 0 0",
}
TABLE |= dict.fromkeys(("hsbp_nominal", "placebo"), TABLE["hsbp"])
"""What each stack announces."""

ROWS = {name: tuple(map(float, row.split())) for name, row in TABLE.items()}
HSBP = ROWS["hsbp"]
COMPANY = ("company", "company", "organisations")
JOINT = ("joint", "pooled", "individuals")
# owner, payer, admits; spends, delivers, hires_staff, hooks_connected; transfer_share
ATTRIBUTES = {
    "none": (COMPANY, (False, True, False, True), 0.0),
    "transactional": (COMPANY, (True, True, True, True), 0.5),
    "csr": (COMPANY, (True, True, True, True), 0.0),
    "hrdd": (("company", "company", "individuals"), (True, True, True, True), 0.0),
    "csbp": (("company", "company", "individuals"), (True, True, True, True), 0.0),
    "msp": (("joint", "pooled", "organisations"), (True, True, True, True), 0.0),
    "hsbp": (JOINT, (True, True, True, True), 0.0),
    "hsbp_nominal": (JOINT, (True, True, False, True), 0.0),
    "placebo": (JOINT, (True, False, True, False), 0.0),
    "cash_equivalent": (
        ("company", "company", "individuals"),
        (True, True, False, True),
        1.0,
    ),
    "transactional_plus": (COMPANY, (True, True, True, True), 0.5),
}


def test_the_rows_are_complete():
    assert [dial.code for dial in load_registry().dials] == COLUMNS.split()
    assert set(available_practices()) == set(ROWS) == set(ATTRIBUTES)


@pytest.mark.parametrize("name", ROWS)
def test_a_row(name):
    practices = load_practices(name)
    who, switches, transfer = ATTRIBUTES[name]
    assert practices.key == name
    assert practices.nominal == ROWS[name]
    assert (practices.owner, practices.payer, practices.admits) == who
    assert (
        practices.spends,
        practices.delivers,
        practices.hires_staff,
        practices.hooks_connected,
    ) == switches
    assert practices.transfer_share == transfer
    assert practices.price_multiplier == 1.0
    rules = ("joint", 1.0) if who == JOINT else ("company", 1.0)
    assert (practices.judge, practices.forum_separation) == rules
    assert practices.protection == "none"
    assert practices.label
    assert practices.note


def test_dials_are_in_the_registry_s_order():
    assert tuple(dial.key for dial in load_registry().dials) == DIALS


def test_controls_differ_from_their_models_in_what_they_control_only():
    hsbp = load_practices("hsbp")
    labels = {"key": "", "label": "", "note": ""}
    for name, change in (
        ("hsbp_nominal", {"hires_staff": True}),
        ("placebo", {"delivers": True, "hooks_connected": True}),
    ):
        control = dataclasses.replace(load_practices(name), **labels, **change)
        assert control == dataclasses.replace(hsbp, **labels)
    plus, plain = load_practices("transactional_plus"), load_practices("transactional")
    changed = {d for d, a, b in zip(DIALS, plus.nominal, plain.nominal, strict=True) if a != b}
    assert changed == {"checklist", "protocols", "monitoring"}
    for dial in changed:
        assert plus.nominal[DIALS.index(dial)] == hsbp.nominal[DIALS.index(dial)]


def test_a_scenario_may_change_part_of_a_stack():
    practices = load_scenario("colombia_light_partnership").practices
    hsbp = load_practices("hsbp")
    changed = {
        d: b for d, a, b in zip(DIALS, hsbp.nominal, practices.nominal, strict=True) if a != b
    }
    assert changed == {"facilitation": 0.3, "digital": 0.0, "sharing": 0.2}
    assert (practices.key, practices.owner, practices.payer) == (
        "light_partnership",
        "joint",
        "company",
    )


def test_a_dial_may_be_set_to_zero(tmp_path):
    path = tmp_path / "zero.toml"
    path.write_text('place = "colombia"\n[practices]\nbase = "none"\ndials.remedy_forum = 0\n')
    practices = load_scenario(path).practices
    assert practices.nominal == ROWS["none"]
    assert practices.key == "none_changed"


def test_protection_judge_and_separation_may_be_left_out_or_changed(tmp_path):
    path = tmp_path / "shielded.toml"
    head = 'place = "colombia"\n[practices]\nbase = "transactional"\n'
    path.write_text(head)
    plain = load_scenario(path).practices
    assert (plain.protection, plain.judge, plain.forum_separation) == ("none", "company", 1.0)
    path.write_text(head + 'protection = "proxy"\njudge = "outside"\nforum_separation = 0.25\n')
    changed = load_scenario(path).practices
    assert (changed.protection, changed.judge, changed.forum_separation) == (
        "proxy",
        "outside",
        0.25,
    )


@pytest.mark.parametrize("dial", DIALS)
def test_one_practice_taken_out(dial):
    hsbp = load_practices("hsbp")
    without = change_dials(hsbp, {dial: 0.0}, key=f"hsbp_minus_{dial}")
    expected = [0.0 if d == dial else level for d, level in zip(DIALS, HSBP, strict=True)]
    assert without.nominal == tuple(expected)
    assert dataclasses.replace(without, key="hsbp", label=hsbp.label, nominal=HSBP) == hsbp


def test_changed_dials_are_checked():
    levels = {"sharing": 1.5, "remedy_forum": -0.5, "shring": 0.1}
    with pytest.raises(ScenarioError) as caught:
        change_dials(load_practices("none"), levels, key="wrong")
    texts = "\n".join(map(str, caught.value.problems))
    assert len(caught.value.problems) == 3
    assert "wrong: dials.sharing = 1.5: is out of range" in texts
    assert "wrong: dials.remedy_forum = -0.5: is out of range" in texts
    assert "did you mean 'sharing'?" in texts
