"""Versions that a batch notes down are those of the source it ran from."""

import tomllib
from pathlib import Path

import pytest

from parley import provenance

ROOT = Path(__file__).resolve().parents[2]


def test_a_checkout_notes_the_version_of_its_source():
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert provenance.package_versions()["parley-sim"] == own


@pytest.mark.parametrize("commit", ["", "unknown commit", "0" * 40])
def test_no_version_of_an_unknown_commit(commit):
    assert provenance.version_at(commit) is None


def test_the_version_of_a_commit(monkeypatch):
    text = '[project]\nname = "parley-sim"\nversion = "0.0.7"\n'
    monkeypatch.setattr(provenance, "_git", lambda folder, *words: text)
    assert provenance.version_at("abc123") == "0.0.7"
    other = text.replace("parley-sim", "something")
    monkeypatch.setattr(provenance, "_git", lambda folder, *words: other)
    assert provenance.version_at("abc123") is None
