"""Every way of writing the reduced model simulates the same; it shows when one does not."""

import agreement
import numpy as np
import pytest
from reduced import institutions, parley_numpy, views
from reduced.rules import COMPULSORY_BYTES, Setting, compulsory_bytes

COLUMNS = ["views", "numpy"]
COMPILED = ["numba", "kernel"]


def records(model, months):
    model.advance(months)
    return np.asarray(model.record().statistics)


def test_columns_agree_with_plain_objects_over_ten_years():
    found = agreement.lockstep(COLUMNS, people=300, months=120)
    assert set(found.worst) == set(COLUMNS)
    assert 0.0 < max(found.worst.values()) <= 1e-10
    assert found.protests > 1000


def test_compiled_month_agrees_with_plain_objects():
    pytest.importorskip("numba")
    found = agreement.lockstep(COMPILED, people=1_500, months=40)
    assert max(found.worst.values()) <= 1e-10
    assert found.protests > 1000


@pytest.mark.slow
def test_compiled_month_on_threads_agrees_with_plain_objects():
    pytest.importorskip("numba")
    found = agreement.lockstep(["numba2", "kernel2"], people=3_000, months=60)
    assert max(found.worst.values()) <= 1e-10


@pytest.mark.parametrize("name", ["TRUST_LOSS", "ADAPTATION", "DISAPPOINTMENT", "FADING"])
@pytest.mark.parametrize("module", [views, parley_numpy])
def test_another_rule_is_noticed(monkeypatch, module, name):
    monkeypatch.setattr(module, name, getattr(module, name) + 1e-6)
    label = "views" if module is views else "numpy"
    with pytest.raises(agreement.DisagreementError, match=label):
        agreement.lockstep([label], people=200, months=12)


def test_one_protest_more_is_noticed(world, given):
    wanted = agreement.run_given("objects", world, given)
    found = agreement.run_given("views", world, given)
    found.protests[7][3] += 1
    with pytest.raises(agreement.DisagreementError, match="other people protest"):
        agreement.difference("views", wanted, found)


def test_institutions_change_nothing_for_residents(world):
    without, with_many = (
        records(parley_numpy.IMPLEMENTATION(world, Setting(3, number)), 30) for number in (0, 100)
    )
    assert (without == with_many).all()


def test_same_seed_same_numbers_other_seed_other_numbers(world):
    one, again, other = (
        records(parley_numpy.IMPLEMENTATION(world, Setting(seed)), 12) for seed in (1, 1, 2)
    )
    assert (one == again).all()
    assert (one != other).any(axis=1).all()


def summaries(module, world, runs):
    made = (module.IMPLEMENTATION(world, Setting(seed, 0)) for seed in range(1, runs + 1))
    return [agreement.summary(records(model, 60)) for model in made]


def test_own_draws_give_the_same_distribution_and_another_rule_does_not(world, monkeypatch):
    pytest.importorskip("numba")
    from reduced import parley_numba

    reference = summaries(parley_numpy, world, 32)
    assert agreement.largest_z(summaries(views, world, 16), reference) < agreement.LARGEST_Z
    compiled = summaries(parley_numba, world, 16)
    assert agreement.largest_z(compiled, reference) < agreement.LARGEST_Z
    monkeypatch.setattr(institutions, "tau", lambda _: 0.199)  # hardly less from the start, no cut
    changed = summaries(parley_numba, world, 16)
    assert agreement.largest_z(changed, reference) > 4 * agreement.LARGEST_Z


def test_compulsory_bytes_of_eight_ties():
    assert compulsory_bytes(8.0) == sum(COMPULSORY_BYTES.values()) + 32 == 94.0
