"""What holds for every test: repeatable, offline, and no silent floating-point trouble."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import hypothesis
import numpy as np
import pytest

hypothesis.settings.register_profile("parley", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("parley")


@pytest.fixture(autouse=True)
def floating_point_errors_raise() -> Iterator[None]:
    """Turn division by zero, overflow and invalid operations into exceptions."""
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.fixture(autouse=True, scope="session")
def offline() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            patch.setattr(socket.socket, method, _local_only(getattr(socket.socket, method)))
        yield


def _local_only(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise PermissionError(f"tests are offline: connection to {address!r} refused")
        return connect(self, address)

    return guarded


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
