"""These tests talk to processes of their own on this machine, and to nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import pytest_socket


@pytest.fixture(scope="package", autouse=True)
def _this_machine() -> Iterator[None]:
    """Fixtures of a whole module start servers before a single test opens its sockets."""
    pytest_socket.enable_socket()
    pytest_socket.socket_allow_hosts(["127.0.0.1", "localhost", "::1"])
    yield
    pytest_socket.disable_socket(allow_unix_socket=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of these tests may reach this machine, by its name as well."""
    for item in items:
        if "tests/production" in item.path.as_posix():
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]))
