"""`parley workshop-kit`: sheets in a folder, the session of a link, what is refused."""

from pathlib import Path

import pytest

from parley_workshop.board import Arm, Board
from parley_workshop.links import to_link
from parley_workshop.said import Said, to_text
from parley_workshop.session import Target

pytest.importorskip("typst")
BOARD = Board("colombia", (Arm("", "none"), Arm("", "hsbp")), months=12, population=60)


@pytest.mark.slow
def test_the_kit_and_the_debrief_of_a_link(cli):
    said = to_text(Said(target=Target("benefit", "all", 0.5)), BOARD)
    address = f"http://localhost:8080/?board={to_link(BOARD)}&said={said}"
    code, out, err = cli("workshop-kit", "--language", "bs", "--out", "k", "--link", address)
    assert (code, err) == (0, "")
    names = out.split()
    assert len(names) == 11
    assert all(Path(name).read_bytes().startswith(b"%PDF") for name in names)
    assert names[-1] == "k/debrief-session.pdf"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--language", "de"), "language 'de' is unknown"),
        (("--places", "bosna"), "did you mean 'bosnia'"),
        (("--link", "x y"), "the link is damaged"),
        (("--link", f"/?board={to_link(BOARD)}&said=x"), "damaged"),
    ],
)
def test_what_is_wrong_is_said(cli, words, message):
    code, _, err = cli("workshop-kit", *words)
    assert code == 2
    assert message in err
    assert list(Path().iterdir()) == []


def test_it_explains_itself_with_an_example(cli):
    code, out, _ = cli("workshop-kit", "--help")
    assert code == 0
    assert "Example: parley workshop-kit --language es" in out
