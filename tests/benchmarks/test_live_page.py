"""The stopwatch of the page measures what it says; numbers are not judged."""

from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_engine_alone_is_timed_from_the_start_and_from_the_middle():
    import live_page

    found = live_page.engine_alone(people=60, months=24, moves=1)
    assert [move["from"] for move in found["moves"]] == ["first_month", "middle"]
    for move in found["moves"]:
        assert 0.0 < move["first_ms"] / 1000 <= move["all"] < 60.0


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells")
def test_memory_of_a_process_is_told():
    import os

    import live_page

    assert live_page.memory(os.getpid()) > 10.0
    assert live_page.memory(-1) == 0.0
