"""Names and order carry no meaning: presets, places, groups, villages, absent practices."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
import worlds
from world.helpers import ARMS, differing, finished, mean_of, same_bits, small

from parley.practice_types import DIALS
from parley.results import RunSpec
from parley.steps import benefits

# --- what a stack or a place is called ----------------------------------------------------------


@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_a_renamed_preset_is_the_same_run_to_the_bit(place, preset):
    world = small(place, preset, 12, 100)
    disguise = replace(world.practices, key="abc", label="Something else", note="")
    renamed = replace(world, practices=disguise, title="Other", question="Why?")
    assert RunSpec(world, 0, 1).identity == RunSpec(renamed, 0, 1).identity
    assert differing(finished(world, 1), finished(renamed, 1)) == []


def test_stacks_of_equal_content_are_one_whatever_file_they_come_from():
    """The framework on paper differs from the framework by one attribute and by nothing else."""
    whole, paper = (small("colombia", name, 12, 100) for name in ("hsbp", "hsbp_nominal"))
    hired = replace(paper.practices, hires_staff=True)
    assert differing(finished(whole), finished(paper.with_practices(hired))) == []
    assert differing(finished(whole), finished(paper))


def test_a_renamed_place_is_the_same_run_to_the_bit():
    world = small("colombia", "hsbp", 12, 100)
    other = replace(world.place, key="x", title="X", country="X", story="Once upon a time.")
    assert differing(finished(world), finished(replace(world, place=other))) == []


# --- groups and villages ------------------------------------------------------------------------


def twins(first="one", second="two", **changes):
    """A place with two groups alike in everything but their names."""
    half = replace(worlds.GROUPS[0], share=0.5, **changes)
    groups = (replace(half, key=first, label=first), replace(half, key=second, label=second))
    return replace(worlds.place(), groups=groups)


def by_group(model):
    return {
        key: {name: values[:, at] for name, values in model.recorder.series.items()}
        for at, key in enumerate(model.people.reporting_groups)
    }


def test_two_equal_groups_swapped_swap_their_outputs_to_the_bit():
    """Both groups draw by row, so the name moves and the rows stay: exact, not statistical."""
    one = by_group(finished(worlds.world(at=twins("one", "two"), months=24)))
    two = by_group(finished(worlds.world(at=twins("two", "one"), months=24)))
    for group, other in (("one", "two"), ("two", "one"), ("all", "all"), ("woman", "woman")):
        for name, values in one[group].items():
            assert same_bits(values, two[other][name]), (group, name)


def test_the_swap_would_be_seen_if_a_rule_knew_a_name():
    """The same comparison fails once one of the twins is given a little more standing."""
    favoured = twins()
    favoured = replace(
        favoured, groups=(replace(favoured.groups[0], status=0.9), favoured.groups[1])
    )
    model = by_group(finished(worlds.world(at=favoured, months=12)))
    assert not same_bits(model["one"]["benefit"], model["two"]["benefit"])


COMPARED = ("trust_company", "benefit", "grievance_at_company", "freedom_from_want", "inclusion")
REPLICATES = 12


def differences(place, count=REPLICATES):
    """Mean of one group less that of the other, per replicate and outcome."""
    world = worlds.world(at=place, months=12, population=200)
    runs = [finished(world, 17, replicate) for replicate in range(count)]
    return {
        name: np.array([mean_of(run, name, 1) - mean_of(run, name, 2) for run in runs])
        for name in COMPARED
    }


def standard_errors(values):
    """How many standard errors a mean lies from 0; 0 where all values are 0."""
    spread = values.std(ddof=1) / np.sqrt(values.size)
    return float(values.mean() / spread) if spread > 0.0 else 0.0


def test_of_two_equal_groups_neither_is_favoured_by_its_position():
    """Two-sided, over many draws of luck: being listed first brings nothing.

    Five outcomes at 4 standard errors on 11 degrees of freedom: a false alarm in about one of 100
    seeds.
    """
    far = {name: standard_errors(d) for name, d in differences(twins()).items()}
    assert max(abs(z) for z in far.values()) < 4.0, far


def test_a_favoured_position_would_be_found():
    """One percent more private money for the first group, and the test above fails."""
    honest = benefits.private_per_head

    def tilted(model):
        return honest(model) * np.where(model.people.block_group == 0, 1.01, 0.99)

    with patch.object(benefits, "private_per_head", tilted):
        far = {name: standard_errors(d) for name, d in differences(twins()).items()}
    assert far["benefit"] > 4.0, far


def test_no_village_is_favoured_by_its_number():
    """Villages differ by luck alone: over many draws the first fares like the last, two-sided."""
    world = worlds.world(at=twins(), months=12, population=200)
    gaps = {name: [] for name in ("trust_company", "benefit", "grievance_operational", "stake")}
    for replicate in range(REPLICATES):
        people = finished(world, 23, replicate).people
        for name, found in gaps.items():
            of_village = people.village_mean(people[name])
            found.append(of_village[0] - of_village[-1])
    far = {name: standard_errors(np.array(found)) for name, found in gaps.items()}
    assert max(abs(z) for z in far.values()) < 4.0, far


def test_the_order_in_which_different_groups_are_listed_is_luck_alone():
    """Majority and minority listed the other way round: other people, the same distribution."""
    place = worlds.place()
    other = replace(
        place,
        groups=place.groups[::-1],
        tags=tuple(replace(tag, shares=tag.shares[::-1]) for tag in place.tags),
    )
    ours, theirs = differences(place), differences(other)
    far = {name: standard_errors(ours[name] + theirs[name][::-1]) for name in COMPARED}
    assert max(abs(z) for z in far.values()) < 4.0, far
    assert abs(standard_errors(ours["freedom_from_want"])) > 4.0, "the groups do differ"


# --- absent practices ---------------------------------------------------------------------------


@pytest.mark.parametrize("dial", DIALS)
def test_a_dial_at_zero_and_free_is_not_there(dial):
    """Its hours, skill and place in the price list do not matter, to the bit."""
    modelled = True
    stack = worlds.practices(0.5, price_multiplier=0.0, **({dial: 0.0} if modelled else {}))
    world = worlds.world(stack, months=8, population=100)
    other = {f"dial_cost.{dial}": 7.0, f"dial_hours.{dial}": 300.0, f"dial_skill.{dial}": 1.0}
    assert differing(finished(world), finished(world.with_parameters(**other))) == []


def test_without_any_practice_prices_hours_and_hooks_do_not_matter():
    """An empty stack costs nothing at any price, and has no hooks to disconnect."""
    empty = worlds.practices(0.0)
    plain = finished(worlds.world(empty, months=18))
    for other in (
        replace(empty, price_multiplier=0.0),
        replace(empty, price_multiplier=5.0),
        replace(empty, hires_staff=False),
    ):
        assert differing(plain, finished(worlds.world(other, months=18))) == []
    assert plain.ledger.balance("process") == 0


def test_an_unmodelled_dial_changes_nothing_even_at_full_level_and_free():
    """Scenario files refuse such a level; a stack built by hand could carry it.

    Its tasks still exercise skills and count as carried out or not, as anything does.
    """
    unlearned = {"skills.use_gain_per_month": 0.0}
    plain = worlds.practices(0.5, price_multiplier=0.0)
    for dial in ():
        other = worlds.practices(0.5, price_multiplier=0.0, **{dial: 1.0})
        runs = [
            finished(worlds.world(stack, months=12).with_parameters(**unlearned))
            for stack in (plain, other)
        ]
        assert differing(*runs) == ["implementation_fidelity"]
