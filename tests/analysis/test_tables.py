"""Tables: the numbers of the summaries, in words a reader can use."""

import io
import json
import math

import pandas as pd
import pytest
from rich.console import Console

from parley.store import Store
from parley_analysis import summarise, tables
from parley_analysis.load import Batch, load

REPLICATES = 8


@pytest.fixture(scope="module")
def batch(fakes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables") / "b"
    specs = fakes.specs(replicates=REPLICATES)
    with Store.create(folder, fakes.manifest(specs)) as store:
        store.append([fakes.fake_run(spec) for spec in specs])
        store.finish()
    return load(folder)


@pytest.fixture(scope="module")
def table(batch):
    return tables.differences(batch, list(batch.outcomes), "none")


def shown(batch, table, width=100):
    screen = Console(width=width, record=True, file=io.StringIO())
    for part in tables.terminal(batch, table, "none", width):
        screen.print(part)
    return screen.export_text()


def test_differences_are_those_of_the_summaries(batch, table):
    own = summarise.paired_differences(batch, "trust_company", "none")
    mine = table[table["outcome"] == "trust_company"].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine[own.columns], own)
    assert set(table["outcome"]) == set(batch.outcomes)
    assert set(table.loc[table["near_tautological"], "outcome"]) == {"inclusion"}
    assert set(table.loc[table["outcome"] == "days_lost", "group"]) == {"all"}


def test_json_holds_the_same_numbers(batch, table):
    content = json.loads(tables.to_json(batch, table, "none"))
    assert len(content["differences"]) == len(table)
    for row, expected in zip(content["differences"], table["difference"], strict=True):
        assert row["difference"] == expected
    assert content["question"] == "Does it work?"
    assert any("All 48 runs finished" in note for note in content["notes"])


def on_the_coast(fakes, folder, replicates):
    """A finished batch of one place."""
    specs = fakes.specs(("coast",), replicates=replicates)
    with Store.create(folder, fakes.manifest(specs)) as store:
        store.append([fakes.fake_run(spec) for spec in specs])
        store.finish()
    return load(folder)


def test_json_of_unknown_intervals_is_null(fakes, tmp_path):
    single = on_the_coast(fakes, tmp_path / "b", 1)
    table = tables.differences(single, ["npv"], "none")
    assert json.loads(tables.to_json(single, table, "none"))["differences"][0]["low"] is None
    assert "±– ·" in shown(single, table)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_terminal_table_fits_and_names_the_losers(batch, table, width):
    text = shown(batch, table, width)
    assert max(map(len, text.splitlines())) <= width
    for fragment in (
        "Trust in the company",
        "Inclusion †",
        "worst-off group",
        "+0.18",
        "Who is worse off than under None",
        "▼ Trust in the company: Marginalised −0.0",
        "would look worse by chance alone",
        "8 replicates, 200 simulated residents, 24 months, seed 5.",
        "Smallest difference worth telling: 0.01 of a share or an index (assumption).",
        "≈ no difference worth telling",
    ):
        assert fragment in " ".join(text.split())
    assert "Fewer than 6 replicates" not in text


def test_few_replicates_get_no_verdict_and_are_told_why(fakes, tmp_path):
    few = on_the_coast(fakes, tmp_path / "b", 5)
    table = tables.differences(few, list(few.outcomes), "none")
    assert set(table["verdict"]) == {"unclear", "neutral"}
    text = shown(few, table)
    assert not {"▲", "▼"} & set(text.split("± half")[0])
    assert "Too few replicates to say." in text
    assert "would look worse" not in text
    assert "Fewer than 6 replicates get no verdict" in text


def test_another_smallest_difference_changes_the_verdict_and_is_told(batch, table):
    # planted: HSBP trust + 0.18, the marginalised less half of it, the transactional + 0.04
    here = table[(table["outcome"] == "trust_company") & (table["arm"] == "hsbp")]
    mean = float(here.loc[here["group"] == "all", "difference"].iloc[0])
    for changes, arm, verdict in (
        ({}, "hsbp", "better"),
        ({"trust_company": 0.5}, "hsbp", "too_small"),
        ({"all": mean}, "hsbp", "unclear"),
        ({"all": 0.0}, "transactional", "better"),
        ({"all": 0.5, "trust_company": 0.0}, "transactional", "better"),
    ):
        mine = Batch(batch.results, batch.outcomes, changes)
        rows = tables.differences(mine, ["trust_company"], "none")
        rows = rows[(rows["group"] == "all") & (rows["arm"] == arm)]
        assert set(rows["verdict"]) == {verdict}, changes
    told = Batch(batch.results, batch.outcomes, {"trust_company": 0.5})
    expected = (
        "worth telling: 0.5 (Trust in the company) (as asked for); "
        "0.01 of a share or an index (assumption)."
    )
    assert expected in " ".join(shown(told, table).split())


def test_arms_that_do_not_fit_go_into_a_further_table(batch, table):
    assert shown(batch, table, 100).count("− None") == 4
    assert shown(batch, table, 60).count("Trust in the company") > shown(batch, table).count(
        "Trust in the company"
    )


@pytest.mark.parametrize(
    ("value", "scale", "signed", "text"),
    [
        (0.5, 0.5, False, "0.500"),
        (12.345, 12.345, False, "12.3"),
        (1234.5, 1234.5, False, "1,234"),
        (-0.0312, 0.312, True, "−0.031"),
        (0.00001, 0.0001, True, "+0.0000"),
        (0.0, 0.0, False, "0"),
        (math.nan, 1.0, True, "–"),
    ],
)
def test_numbers(value, scale, signed, text):
    assert tables.number(value, scale, signed) == text
