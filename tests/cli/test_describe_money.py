"""`parley describe` shows what the company's money means at a place."""

import json


def test_of_a_place(cli):
    code, text, _ = cli("describe", "bosnia")
    assert code == 0
    words = " ".join(text.split())
    # 4.2e8 x 0.36 / 25,000 / 12 = 504; x 0.75% = 3.78
    assert "The money. At the reference price the site earns US$151 million a year" in words
    assert "0.75% of revenue is US$3.8 per resident and month" in words


def test_of_a_scenario_with_a_community_budget_of_its_own(cli, tmp_path):
    path = tmp_path / "rich.toml"
    path.write_text(
        'place = "bosnia"\npractices = "none"\n[parameters]\n"budget.social_budget_share" = 0.02\n'
    )
    code, text, _ = cli("describe", path, "--json")
    assert code == 0
    # 504 x 2% = 10.08
    assert "2% of revenue is US$10 per resident and month" in json.loads(text)["place"]["money"]


def test_as_json(cli):
    code, text, _ = cli("describe", "colombia", "--json")
    assert code == 0
    assert json.loads(text)["money"].startswith("At the reference price the site earns US$126 mi")
