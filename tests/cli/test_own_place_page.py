"""The page on bringing a place of one's own: its commands are given and its lines are put in."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from parley.event_kinds import EVENT_KINDS
from parley.place import read_place
from parley.place_report import place_report
from parley.reading import GRADES
from parley.scenario import load_scenario

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "bring-your-own-place.md"
TEXT = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r'^([\w.]+) = (?:"""\n.*?"""|[^\n]*)\n', re.MULTILINE | re.DOTALL)


def tables(text):
    """A file as its tables: the line of each in square brackets (none for the first), its text."""
    parts = re.split(r"^(\[\[?[\w.]+\]\]?)\n", text, flags=re.MULTILINE)
    return [
        ["", parts[0]],
        *([head, body] for head, body in zip(parts[1::2], parts[2::2], strict=True)),
    ]


def with_lines(text, block):
    """A file in which entries of the same name are replaced, and what is new is added."""
    found = tables(text)
    for head, body in tables(block):
        at = next((t for t in found if t[0] == head and not head.startswith("[[")), None)
        if at is None:
            found.append([head, body])
            continue
        for entry in ENTRY.finditer(body):
            old = next((e for e in ENTRY.finditer(at[1]) if e[1] == entry[1]), None)
            if old:
                at[1] = at[1][: old.start()] + entry[0] + at[1][old.end() :]
            else:
                at[1] = at[1].rstrip("\n") + "\n" + entry[0] + "\n"
    return "".join(f"{head}\n{body}" if head else body for head, body in found)


def carried_out(cli):
    """Everything on the page, done in order: what each command said, and the names in Python."""
    heard, names, file = [], {}, Path("upper_valley.toml")
    for language, block in BLOCKS:
        if language == "sh":
            for line in block.splitlines():
                program, *words = shlex.split(line)
                assert program == "parley"
                code, out, err = cli(*words)
                assert code == 0, f"{line}\n{err}"
                heard.append((line, out))
                if words[0] == "new-place":
                    file = Path(f"{words[1]}.toml")
        elif language == "toml":
            file.write_text(with_lines(file.read_text("utf-8"), block), "utf-8")
        else:
            exec(compile(block, "page", "exec"), names)
    return heard, names


@pytest.mark.slow
def test_the_page_is_carried_out_as_it_stands(cli):
    heard, names = carried_out(cli)
    validated = [out for line, out in heard if line.startswith("parley validate upper_valley")]
    assert "to do: write the story" in validated[0]
    assert "to do" not in validated[-1]
    assert place_report("upper_valley.toml").to_do == ()
    assert place_report("dry_valley.toml").to_do == ()
    measured = place_report("upper_valley.toml").by_grade["measured"]
    assert f"{measured} measured" in validated[-1]
    assert measured == 8
    assert set(names["assumed"].index) == {"upper_valley", "bosnia"}
    for name in ("comparison/places.csv", "comparison/places.png", "upper_valley.bib"):
        assert Path(name).stat().st_size > 100
    assert "upper_valley_survey_2009" in Path("upper_valley.bib").read_text("utf-8")
    assert Path("results/upper_valley/COMPLETE").exists()
    check_what_was_put_in()


def check_what_was_put_in():
    file = read_place("upper_valley.toml", None, "replay")
    place = file.place
    assert place.facts.trust_company == 0.25
    assert [tag.key for tag in place.tags] == ["woman", "youth"]
    assert [event.month for event in file.history] == [-8, 29, 66]
    assert dict(file.context)["gini"] == 32.3
    assert next(g for g in place.groups if g.key == "roma").marginalised
    dry = load_scenario("dry_valley_run.toml")
    assert dry.place.facts.median_income_usd == 300
    assert dry.place.facts.trust_company == 0.25
    assert len(dry.place.events) == 2


def test_words_of_the_page_are_those_of_the_files():
    for grade in GRADES:
        assert f"| `{grade}` |" in TEXT
    kinds = {e["kind"] for _, b in BLOCKS if "[[events]]" in b for e in tomllib.loads(b)["events"]}
    assert kinds <= set(EVENT_KINDS)
    assert len(kinds) >= 3
    for path in re.findall(r"`((?:tests|scenarios|docs)/[\w./-]+)`", TEXT):
        assert (PAGE.parents[2] / path).exists() or path == "docs/places/"


def test_lines_are_put_where_they_belong():
    file = 'a = 1\nb = """\nx\n"""\n\n[t]\n# said\nc = 2\n\n[u]\nd = 3\n'
    block = 'b = "new"\n\n[t]\nc = 4\ne = 5\n\n[[v]]\nf = 6\n'
    assert tomllib.loads(with_lines(file, block)) == {
        "a": 1, "b": "new", "t": {"c": 4, "e": 5}, "u": {"d": 3}, "v": [{"f": 6}],
    }  # fmt: skip
