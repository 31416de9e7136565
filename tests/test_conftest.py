"""The guards of `conftest.py` really guard."""

import socket
import warnings

import hypothesis
import numpy as np
import pytest


def test_division_by_zero_raises():
    with pytest.raises(FloatingPointError):
        np.divide(np.ones(2), np.zeros(2))


def test_invalid_operation_raises():
    with pytest.raises(FloatingPointError):
        np.log(np.full(2, -1.0))


def test_underflow_is_no_error():
    assert np.exp(np.array([-1000.0]))[0] == 0.0


@pytest.mark.parametrize("address", ["192.0.2.1", "example.invalid"])
def test_connection_to_another_machine_is_refused(address):
    with socket.socket() as plug, pytest.raises(PermissionError, match="offline"):
        plug.connect((address, 80))


def test_connection_within_this_machine_is_allowed():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_warnings_are_errors():
    with pytest.raises(UserWarning, match="loud"):
        warnings.warn("loud", stacklevel=1)


def test_hypothesis_is_repeatable_and_writes_no_database():
    assert hypothesis.settings.default.derandomize
    assert hypothesis.settings.default.database is None
