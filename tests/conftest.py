"""What every test gets: no network beyond this machine, and the toy site."""

from __future__ import annotations

import ipaddress
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen import build, check

TOY = Path(__file__).parent / "toy"
# The toy site holds one topic without papers and one formula that cannot be shown; all else is as it should be.
EXPECTED = ['no paper stands under the topic "silence"', r"maths that cannot be shown: $\frac{1}{$"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes seconds; `-m 'not slow'` leaves it out while you work")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests wait until they are asked for: their shorter forms run always."""
    if "long" not in str(config.getoption("markexpr")):
        wait = pytest.mark.skip(reason="long: run it with `-m long`")
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(wait)


def _is_near(family: int, address: Any) -> bool:
    if family == getattr(socket, "AF_UNIX", None):
        return True
    host = address[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def near(self: socket.socket, address: Any) -> None:
        if not _is_near(self.family, address):
            pytest.fail(f"a test wants to connect to {address}")
        connect(self, address)

    def near_ex(self: socket.socket, address: Any) -> int:
        if not _is_near(self.family, address):
            pytest.fail(f"a test wants to connect to {address}")
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", near)
        patch.setattr(socket.socket, "connect_ex", near_ex)
        yield


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A copy of the toy site's content, to build and to break."""
    return Path(shutil.copytree(TOY, tmp_path / "toy"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unmodified toy site, built once: look, do not touch. A warning that we do not expect fails it."""
    site = Path(shutil.copytree(TOY, tmp_path_factory.mktemp("toy") / "site"))
    output = site / "_site"
    report = build.build(site, output)
    assert [str(warning) for warning in report.warnings] == []
    unexpected = [p for p in check.run(site, output).problems if not any(text in p.message for text in EXPECTED)]
    assert [str(problem) for problem in unexpected] == []
    return output
