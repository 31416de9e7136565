"""`parley compare --all-places`: one table, one figure, every place once."""

import json

import pandas as pd
import pytest

SMALL = ("--months", 6, "--population", 60, "--replicates", 2, "--processes", 1)


@pytest.fixture
def two_places(monkeypatch):
    monkeypatch.setattr("parley.place.available_places", lambda: ("bosnia", "colombia"))


def test_one_table_and_one_figure(cli, two_places, tmp_path):
    out = tmp_path / "r"
    code, text, _ = cli("compare", "--all-places", "--arms", "none,hsbp", *SMALL, "--out", out)
    assert code == 0
    assert text.count("− No practices") == 7  # a table for each outcome
    assert [text.count(name) for name in ("\n Bosnia", "\n Colombia")] == [7, 7]
    assert max(map(len, text.split("\nWhole table: ")[0].split("\n"))) <= 100
    assert "Fewer than 6 replicates get no verdict" in text
    assert not {"▲", "▼"} & set(text.split("± half")[0])
    table = pd.read_csv(out / "all-places.csv")
    assert set(table["place"]) == {"bosnia", "colombia"}
    assert set(table["group"]) == {"all", "marginalised"}
    assert table["outcome"].nunique() == 7
    assert (table["n"] == 2).all()
    pictures = sorted(path.name for path in (out / "figures").iterdir())
    assert pictures == ["all-places.png", "all-places.svg"]
    assert not (out / "differences.csv").exists()


def test_every_place_is_in(cli, tmp_path):
    from parley.place import available_places

    words = ("--months", 1, "--population", 60, "--replicates", 1, "--no-figures", "--json")
    out = tmp_path / "r"
    code, text, _ = cli("compare", "--all-places", "--arms", "none,csr", *words, "--out", out)
    assert code == 0
    content = json.loads(text)
    assert list(dict.fromkeys(row["place"] for row in content["places"])) == list(
        available_places()
    )
    assert content["against"] == "none"
    assert not (out / "figures").exists()


def test_places_and_all_places_do_not_go_together(cli):
    code, _, err = cli("compare", "--all-places", "--places", "bosnia", *SMALL)
    assert code == 2
    assert "--places" in err
    assert "does not go with --all-places" in err


def test_named_places_still_get_their_own_tables(cli, tmp_path):
    out = tmp_path / "r"
    words = ("--places", "bosnia", "--arms", "none,csr", "--no-figures", "--out", out)
    code, text, _ = cli("compare", *words, *SMALL)
    assert code == 0
    assert (out / "differences.csv").exists()
    assert not (out / "all-places.csv").exists()
    assert "Bosnia and Herzegovina: a steel town" in text
    assert "Whole table:" not in text


def test_another_smallest_difference_is_said_and_checked_before_anything_runs(cli, tmp_path):
    words = ("compare", "--places", "bosnia", "--arms", "none,csr", "--no-figures", *SMALL)
    wrong = ("--worth", "trust_companny=0.02", "--worth", "days_lost=-1", "--out", tmp_path / "no")
    code, _, err = cli(*words, *wrong)
    assert (code, err.count("error:")) == (2, 2)
    assert "did you mean 'trust_company'" in err
    assert not (tmp_path / "no").exists()
    given = ("--worth", "trust_company=0.02,days_lost=2", "--out", tmp_path / "r")
    code, text, _ = cli(*words, *given)
    assert code == 0
    told = " ".join(text.split())
    assert "0.02 (Trust in the company) (as asked for)" in told
    assert "2 a year (Days of output lost) (as asked for)" in told
    table = pd.read_csv(tmp_path / "r" / "differences.csv").set_index("outcome")
    assert set(table.loc["trust_company", "worth"]) == {0.02}
    assert table.loc["days_lost", "worth"] == 1.0  # in six months
