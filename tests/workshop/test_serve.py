"""What `parley workshop` refuses, and whom it lets in."""

import builtins
import socket

import pytest

from parley.errors import MissingExtraError, OptionError, ParleyError
from parley_workshop.board import Arm, Board
from parley_workshop.serve import (
    Serving,
    addresses,
    check_port,
    first_board,
    is_free,
    serve,
)

BOARD = Board("bosnia", (Arm("", "none"), Arm("", "hsbp")), months=24, population=200)


@pytest.fixture
def taken():
    """A port of this machine at which somebody listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_only_this_machine_unless_asked():
    assert Serving(BOARD).host == "127.0.0.1"
    assert Serving(BOARD, lan=True).host == "0.0.0.0"
    assert addresses(Serving(BOARD, port=8123)) == ("http://localhost:8123/",)
    assert len(addresses(Serving(BOARD, lan=True))) == 2


def test_a_port_that_is_taken_is_refused_with_one_that_is_free(taken):
    assert not is_free("127.0.0.1", taken)
    with pytest.raises(OptionError, match=rf"--port: {taken} is taken .*--port \d+ is free"):
        check_port("127.0.0.1", taken)


def test_without_nicegui_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def missing(name, *rest, **more):
        if name == "nicegui":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtraError, match=r"parley-sim\[workshop\]"):
        serve(Serving(BOARD), print)


@pytest.mark.parametrize(
    ("place", "arms", "told"),
    [
        ("bosnja", ["none"], r"--place: 'bosnja' is unknown; .*did you mean 'bosnia'"),
        ("bosnia", ["none", "hsb"], r"--arms: 'hsb' is unknown; .*did you mean 'hsbp'"),
    ],
)
def test_unknown_names_are_refused(place, arms, told):
    with pytest.raises(OptionError, match=told):
        first_board(place, arms, 200, 24)


@pytest.mark.parametrize(
    ("population", "months", "key"),
    [(3, 24, "population"), (100_001, 24, "to 100000.*parley run"), (200, 4, "months")],
)
def test_numbers_out_of_range_are_refused(population, months, key):
    with pytest.raises(ParleyError, match=key):
        first_board("bosnia", ["none"], population, months)


def test_more_than_three_columns_are_refused():
    with pytest.raises(ParleyError, match="arms"):
        first_board("bosnia", ["none", "hsbp", "csr", "msp"], 200, 24)
