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
    assert text.count("All places: differences from No practices") == 1
    assert [text.count(name) for name in ("\n Bosnia", "\n Colombia")] == [1, 1]
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
    assert "All places:" not in text
