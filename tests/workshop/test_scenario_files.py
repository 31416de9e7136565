"""What the page saves is what `parley run` runs, and comes back as it was."""

from dataclasses import replace

import pytest

from parley.errors import ParleyError
from parley.scenario import load_scenario
from parley_workshop.board import Arm, Board, Change
from parley_workshop.links import to_link
from parley_workshop.scenario_files import FileError, board_of_file, scenario_files
from parley_workshop.scenarios import scenario_of

CHANGES = (
    Change(0, dials=(("communication", 0.25),)),
    Change(12, dials=(("sharing", 1.0),), words=(("protection", "proxy"),)),
)
ARMS = (Arm("", "none"), Arm('A "room"\n= ours', "hsbp", CHANGES, ("cash_transfer:coverage=0.5",)))
BOARD = Board("bosnia", ARMS, months=24, population=200, seed=7)
MOVED = Board(
    "bosnia",
    ARMS,
    24,
    200,
    7,
    2,
    (("median_income_usd", 300.0),),
    (("price.reversion_per_year", 0.1),),
)


def written(board, arm, folder):
    files = scenario_files(board, arm)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / next(iter(files))


@pytest.mark.parametrize("arm", [0, 1])
def test_a_saved_column_is_the_same_scenario(tmp_path, arm):
    again = load_scenario(written(BOARD, arm, tmp_path))
    assert again.digest() == scenario_of(BOARD, arm).digest()


def test_moved_facts_go_into_a_place_file_beside_it(tmp_path):
    path = written(MOVED, 1, tmp_path)
    again, here = load_scenario(path), scenario_of(MOVED, 1)
    assert again.place.facts.median_income_usd == 300.0
    assert again.place.facts == here.place.facts
    assert again.parameters == here.parameters
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("board", [BOARD, MOVED])
@pytest.mark.parametrize("arm", [0, 1])
def test_a_saved_file_gives_the_board_back(board, arm):
    assert board_of_file(next(iter(scenario_files(board, arm).values()))) == board


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("months = 24", "months = 36"), "changed by hand"),
        (
            lambda text: text.replace("# column: 2", "# column: 3"),
            "a column that its board has not",
        ),
        (lambda text: text.replace("# column: 2", ""), "was not saved by this page"),
        (lambda text: "place = 'bosnia'\n", "was not saved by this page"),
        (lambda text: text * 2_000, "at most 200000 are read"),
        (lambda text: text.replace("# board: e", "# board: f"), "damaged"),
    ],
)
def test_other_files_are_refused(change, told):
    text = next(iter(scenario_files(BOARD, 1).values()))
    assert change(text) != text
    with pytest.raises((FileError, ParleyError), match=told):
        board_of_file(change(text))


def test_a_file_with_more_people_than_the_page_takes_is_for_parley_run():
    text = next(iter(scenario_files(BOARD, 1).values()))
    large = text.replace(to_link(BOARD), to_link(replace(BOARD, population=10_000_000)))
    assert large != text
    with pytest.raises(ParleyError, match=r"population = 10000000: .*run such a scenario with"):
        board_of_file(large)
