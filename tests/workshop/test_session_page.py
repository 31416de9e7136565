"""The how-to page on sessions: its commands and its file are used as they stand there."""

import re
import shlex
from pathlib import Path

import pytest

from parley_workshop.board import Arm, Board
from parley_workshop.conditions import KINDS
from parley_workshop.dilemmas import FOLDER, load_dilemma, load_dilemmas
from parley_workshop.links import to_link

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "lead-a-session.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.usefixtures("unprepared")
@pytest.mark.parametrize("line", blocks("sh"), ids=lambda line: line.strip()[20:40])
def test_every_command_of_the_page_works(line, monkeypatch, tmp_path, capsys):
    pytest.importorskip("typst")
    from parley.cli import main

    link = to_link(Board("colombia", (Arm("", "hsbp"),), months=12, population=60))
    address = f"http://localhost:8080/en?board={link}&month=11"
    words = [address if word == "ADDRESS" else word for word in shlex.split(line)]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as caught:
        main()
    out, err = capsys.readouterr()
    assert (caught.value.code or 0, err) == (0, "")
    sheets = {Path(name).name for name in out.split()}
    for name in re.findall(r"`(\w+-?\w*\.pdf)`", PAGE):
        assert name in sheets
    assert ("debrief-session.pdf" in sheets) == ("ADDRESS" in line)
    assert ("place-mongolia.pdf" in sheets) == ("mongolia" in line)


def test_the_dilemma_of_the_page_reads(tmp_path):
    (text,) = blocks("toml")
    path = tmp_path / "new_manager.toml"
    path.write_text(text, "utf-8")
    dilemma = load_dilemma(path)
    assert dilemma.key == "new_manager"
    assert [option.changes_nothing for option in dilemma.options] == [False, True]
    assert dilemma.order not in {one.order for one in load_dilemmas()}


def test_the_page_names_every_kind_of_condition_and_where_files_lie():
    rows = re.findall(r"^\| `(\w+)` \| ", PAGE, flags=re.MULTILINE)
    assert sorted(rows) == sorted(KINDS)
    assert "`workshop/parley_workshop/dilemmas`" in PAGE
    assert FOLDER.as_posix().endswith("workshop/parley_workshop/dilemmas")
