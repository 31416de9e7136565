"""Standing of a firm: what an apology, goodwill elsewhere and a published record change."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mechanisms.standing import alignment, erosion_after, expelled, kept_share

shares = st.floats(0.0, 1.0)


def params(**values):
    return SimpleNamespace(**values)


@given(shares, st.floats(-1.0, 4.0))
def test_nothing_heals_otherwise_before_an_apology(erosion, healing):
    assert erosion_after(erosion, False, params(apology_healing=healing)) == erosion


@given(shares, st.booleans())
def test_an_apology_without_strength_changes_no_bit(erosion, apologised):
    assert erosion_after(erosion, apologised, params(apology_healing=0.0)) == erosion


def test_an_apology_works_in_both_directions():
    assert erosion_after(0.1, True, params(apology_healing=1.0)) == pytest.approx(0.2, abs=1e-12)
    assert erosion_after(0.1, True, params(apology_healing=-0.5)) == pytest.approx(0.05, abs=1e-12)
    assert erosion_after(0.1, True, params(apology_healing=-1.0)) == 0.0


@given(shares, shares, st.floats(-1.0, 1.0))
def test_readiness_stays_a_chance_and_moves_with_the_sign(usual, spent, strength):
    moved = alignment(usual, spent, params(goodwill_alignment=strength))
    assert -1e-12 <= moved <= 1.0 + 1e-12
    assert (moved - usual) * strength >= -1e-12


@given(shares, shares)
def test_goodwill_off_or_nothing_spent_changes_no_bit(usual, spent):
    assert alignment(usual, spent, params(goodwill_alignment=0.0)) == usual
    assert alignment(usual, 0.0, params(goodwill_alignment=0.7)) == usual


def test_all_spent_elsewhere_at_full_strength_is_full_readiness_or_none():
    assert alignment(0.4, 1.0, params(goodwill_alignment=1.0)) == pytest.approx(1.0, abs=1e-12)
    assert alignment(0.4, 1.0, params(goodwill_alignment=-1.0)) == pytest.approx(0.0, abs=1e-12)


@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_a_record_is_a_share(kept, broken):
    assert 0.0 <= kept_share(kept, broken) <= 1.0


def test_records_of_many_firms():
    record = kept_share(np.array([3.0, 0.0, 0.0]), np.array([1.0, 2.0, 0.0]))
    assert record.tolist() == [0.75, 0.0, 1.0]
    judged = expelled(record, params(standard_kept_share=0.75))
    assert judged.tolist() == [False, True, False]


@given(shares)
def test_without_a_standard_nobody_is_expelled(record):
    assert not expelled(record, params(standard_kept_share=0.0))
