"""The guard against the network stands."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("ask", ["connect", "connect_ex"])
@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_a_connection_that_leaves_this_machine_fails_the_test(ask: str, host: str) -> None:
    with socket.socket() as wire, pytest.raises(pytest.fail.Exception, match=host):
        getattr(wire, ask)((host, 80))


def test_a_connection_within_this_machine_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as wire:
        wire.connect(server.getsockname())
        assert wire.getpeername() == server.getsockname()
