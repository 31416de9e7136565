"""No rule of the model reads the name of a regime.

A regime is a row of data over the dials. Were its name to occur where the rules are, even in a
comment, someone would be tempted to branch on it, and the comparison would prove nothing.
"""

import ast
import re
import tomllib

import pytest

KNOWN = {"transactional", "csr", "hrdd", "csbp", "msp", "hsbp", "none"}
ENGLISH = {"none"}
"""Names that are also plain English: refused as identifier or string, allowed in prose."""


def pattern(name):
    """The name as a whole word or as part of a snake_case or CamelCase identifier."""
    spelled = r"[\s_-]?".join(map(re.escape, re.split(r"[_-]", name)))
    return re.compile(rf"(?<![A-Za-z]){spelled}(?![A-Za-z])", re.IGNORECASE)


@pytest.fixture(scope="module")
def names(root):
    """Keys of every bundled stack of practices, beside the well-known regimes."""
    folder = root / "scenarios" / "practices"
    keys = set()
    for path in folder.rglob("*.toml"):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        keys |= {path.stem, str(content.get("key", path.stem))}
    return KNOWN | keys


def identifiers(tree):
    """Every name a module defines or uses."""
    fields = ("id", "attr", "arg", "name", "module", "asname")
    for node in ast.walk(tree):
        for field in fields:
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield node, value


def strings(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value


def test_no_regime_is_named_anywhere_in_the_rules(rules, names):
    named = [
        f"{source.name}:{number} {name}"
        for source in rules
        for number, line in enumerate(source.text.splitlines(), 1)
        for name in sorted(names - ENGLISH)
        if pattern(name).search(line)
    ]
    assert named == []


def test_no_rule_tests_for_a_regime_called_by_an_english_word(rules):
    named = [
        f"{source.name}:{getattr(node, 'lineno', 0)} {word}"
        for source in rules
        for node, word in (*identifiers(source.tree), *strings(source.tree))
        if word.casefold() in ENGLISH
    ]
    assert named == []


@pytest.mark.parametrize("text", ["hsbp", "is_hsbp", "HSBP rules", "hsbp_nominal", "an HSBP-like"])
def test_pattern_finds(text):
    assert pattern("hsbp").search(text)


@pytest.mark.parametrize("text", ["ocsray", "csrs"])
def test_pattern_leaves_other_words(text):
    assert not pattern("csr").search(text)


def test_pattern_finds_compound_names():
    found = pattern("cash-equivalent")
    assert all(map(found.search, ["cash_equivalent", "cash equivalent", "CashEquivalent"]))
