"""Generated files are fresh, and the command that writes them says what it did."""

import pytest

from parley import generate
from parley.registry import load_registry


@pytest.fixture(scope="module")
def files():
    return generate.generated_files(load_registry())


def test_generated_files_are_fresh(files):
    assert len(files) > 40
    stale = [path.name for path, text in files.items() if path.read_text("utf-8") != text]
    assert stale == [], "run `python -m parley.generate`"


def test_generation_is_deterministic(files):
    assert generate.generated_files(load_registry()) == files


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """The generator pointed at an empty checkout, with two small files to write."""
    files = {tmp_path / "a.md": "A\n", tmp_path / "deep/b.md": "B\n"}
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(generate, "CHECKOUT", tmp_path)
    monkeypatch.setattr(generate, "generated_files", lambda registry: files)
    return tmp_path


def test_check_names_stale_files_and_writes_nothing(checkout, capsys):
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == ["stale a.md", "stale deep/b.md"]
    assert [file.name for file in checkout.iterdir()] == ["pyproject.toml"]


def test_writing_makes_the_check_pass(checkout, capsys):
    assert generate.main([]) == 0
    assert capsys.readouterr().out.splitlines() == ["wrote a.md", "wrote deep/b.md"]
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    (checkout / "a.md").write_text("changed")
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == ["stale a.md"]


def test_classes_hold_one_field_for_each_number():
    source = generate.parameter_classes(load_registry())
    numbers = [p for p in load_registry().parameters.values() if p.role != "place"]
    assert sum(f"    {p.name}: " in source for p in numbers) == len(numbers)
    assert "class DialCostParams:" in source
    assert "PlaceParams" not in source
    assert max(map(len, source.splitlines())) <= 100


def test_outside_a_checkout_nothing_is_written(checkout, capsys):
    (checkout / "pyproject.toml").unlink()
    with pytest.raises(SystemExit) as caught:
        generate.main([])
    assert caught.value.code == 2
    assert "is no checkout" in capsys.readouterr().err
    assert list(checkout.iterdir()) == []
