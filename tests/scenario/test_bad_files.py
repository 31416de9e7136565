"""The gallery of bad files: each says what must be reported, and nothing else may be.

The first lines of a file in `bad/` read `# expect: part | part | ...`, one line for each problem;
all parts must occur in one reported problem. `bad/places`, `bad/practices`, `bad/interventions`
and `bad/tail_events` are used by them.
"""

import os
import pickle
from pathlib import Path

import pytest

from parley.errors import ScenarioError
from parley.scenario import load_scenario

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.toml"))


def expected(path):
    """The parts of each problem that the file announces."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        line.removeprefix("# expect: ").split(" | ")
        for line in lines
        if line.startswith("# expect: ")
    ]


def problems(path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return caught.value.problems


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_is_reported_and_no_other(path, capsys):
    found = [str(problem) for problem in problems(path)]
    for parts in expected(path):
        matching = [text for text in found if all(part in text for part in parts)]
        assert len(matching) == 1, f"{parts} in\n" + "\n".join(found)
        found.remove(matching[0])
    assert found == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_names_its_file_and_the_way_out(path):
    for problem in problems(path):
        assert problem.file.startswith(str(BAD))
        assert problem.allowed or problem.next_step, str(problem)
        assert len(str(problem)) < 1200
        assert "\n" not in str(problem)


def test_the_gallery_is_large_and_says_what_it_expects():
    assert len(FILES) >= 40
    assert [path.name for path in FILES if not expected(path)] == []


def test_every_part_of_the_gallery_is_used():
    texts = " ".join(path.read_text(encoding="utf-8", errors="replace") for path in FILES)
    folders = ("places", "practices", "interventions", "tail_events")
    parts = [path for folder in folders for path in BAD.glob(f"{folder}/*.toml")]
    assert [p.name for p in parts if f"{p.parent.name}/{p.name}" not in texts] == []


def test_errors_survive_a_process_border():
    with pytest.raises(ScenarioError) as caught:
        load_scenario(BAD / "many_at_once.toml")
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "is not UTF-8 text (byte 0)"),
        ('place = "colombia"'.encode("utf-16"), "is not UTF-8 text (byte 0)"),
        (b'title = "a"\x00', "is a binary file"),
        (b"title = 'caf\xe9'", "is not UTF-8 text (byte 12)"),
        (b"#" * 1_000_001, "is a file of 1000001 bytes"),
    ],
)
def test_files_that_are_no_scenarios(tmp_path, content, fragment):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    (problem,) = problems(path)
    assert fragment in problem.message
    assert problem.file == str(path)


def test_files_that_are_not_there(tmp_path):
    (missing,) = problems(tmp_path / "x.toml")
    assert missing.message == "no such file"
    (folder,) = problems(tmp_path)
    assert folder.message == "is a folder, not a file"
    (name,) = problems("colombia_hsb")
    assert "did you mean 'colombia_hsbp'" in str(name)


def test_a_path_too_long_or_impossible():
    (problem,) = problems("x" * 5000 + ".toml")
    assert "cannot be read" in problem.message
    (problem,) = problems("x\0.toml")
    assert "cannot be read" in problem.message


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('place = "colombia"')
    path.chmod(0)
    (problem,) = problems(path)
    assert "cannot be read" in problem.message


def test_what_windows_editors_write_is_read(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b'\xef\xbb\xbfplace = "colombia"\r\npractices = "none"\r\n')
    assert load_scenario(path).place.key == "colombia"


def test_loading_writes_and_prints_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    load_scenario("colombia_hsbp")
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr() == ("", "")
