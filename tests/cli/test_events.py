"""`parley describe events`, and the reference page it draws on."""

import json
import re
import tomllib
from datetime import date

import pytest

from parley import generate_events as generated
from parley.event_kinds import EVENT_KINDS
from parley.place import available_places, read_place
from parley.reading import Reading, Table
from parley.timed_events import read_events

KINDS = tuple(EVENT_KINDS.values())


def test_describe_the_kinds_of_events(cli):
    code, out, err = cli("describe", "events")
    assert (code, err) == (0, "")
    assert "livelihood_shock" in out
    assert "[[events]]" in out
    content = json.loads(cli("describe", "events", "--json")[1])
    assert content["kind"] == "events"
    assert [kind["key"] for kind in content["kinds"]] == [kind.key for kind in KINDS]
    price = content["kinds"][0]
    assert (price["size"], price["joins"]) == ("-3 to 3 (log price)", "added (0: no change)")
    assert all(kind["remark"] and kind["changes"] for kind in content["kinds"])


def test_every_kind_has_an_example_and_a_remark():
    assert generated.EXAMPLES.keys() == generated.REMARKS.keys() == EVENT_KINDS.keys()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_the_example_of_a_kind_reads(kind):
    reading = Reading("example", frozenset())
    tables = Table(reading, tomllib.loads(generated.example(kind))).list_of_tables("events")
    (event,) = read_events(tables, date(2012, 1, 1), 60)
    reading.stop_if_wrong()
    label, magnitude, months = generated.EXAMPLES[kind.key]
    assert (event.kind, event.month, event.label) == (kind.key, 25, label)
    assert (event.magnitude, event.months) == (magnitude, months)
    null = 1.0 if kind.combine == "multiply" else 0.0
    assert magnitude != null or kind.combine in ("flag", "nothing")


def test_the_page_tells_of_every_kind_and_place():
    page = generated.events_page()
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert headings == [f"{kind.label} (`{kind.key}`)" for kind in KINDS]
    for kind in KINDS:
        assert f"](#{generated.anchor(kind)})" in page
        assert kind.changes in page
    for name in available_places():
        file = read_place(name, None, "process")
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}`<br>")]
        replayed = [e for e in file.history if e.month >= 0 and e.kind != "note"]
        assert len(re.findall(r"\d{4}-\d\d", row.split(" | ")[2])) == len(replayed)
        assert row.endswith(f"| {len(file.history) - len(replayed)} |")
        for event in replayed:
            assert f"`{event.kind}`" in row
            assert f"{event.date:%Y-%m}" in row


def test_the_page_says_how_far_the_record_of_prices_goes():
    assert "1990-01 to 2023-05" in generated.events_page()
