"""A port that is taken is said before anything starts, with what to do."""

import re
import socket
from collections.abc import Iterator

import pytest

from deploy import ports
from deploy.settings import Ports

Output = pytest.CaptureFixture[str]


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Set every port to one that nothing listens on."""
    sockets = [socket.socket() for _ in Ports.model_fields]
    for probe in sockets:
        probe.bind(("127.0.0.1", 0))
    for name, probe in zip(Ports.model_fields, sockets, strict=True):
        monkeypatch.setenv(f"FRONTDESK_{name.upper()}", str(probe.getsockname()[1]))
    for probe in sockets:
        probe.close()
    return monkeypatch


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_free_ports_say_nothing(free: pytest.MonkeyPatch, capsys: Output) -> None:
    assert ports.main() == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", sorted(Ports.model_fields))
def test_port_in_use_is_said_with_another_choice(free: pytest.MonkeyPatch, taken: int, name: str, capsys: Output) -> None:
    free.setenv(f"FRONTDESK_{name.upper()}", str(taken))
    assert ports.main() == 1
    printed = capsys.readouterr().err
    assert f"Port {taken} is in use" in printed
    [suggested] = re.findall(rf"FRONTDESK_{name.upper()}=(\d+) make run", printed)
    assert 1 <= int(suggested) <= 65535


def test_highest_port_suggests_a_lower_one() -> None:
    assert ports._another(65000) == 64000


def test_one_port_for_two_processes_is_said(free: pytest.MonkeyPatch, capsys: Output) -> None:
    free.setenv("FRONTDESK_RASA_PORT", "45678")
    free.setenv("FRONTDESK_ACTIONS_PORT", "45678")
    assert ports.main() == 1
    assert capsys.readouterr().err.count("Port 45678 is set for two processes") == 2


@pytest.mark.parametrize("value", ["", "no", "0", "65536", "80.5"])
def test_port_that_is_no_port_is_said(free: pytest.MonkeyPatch, value: str, capsys: Output) -> None:
    free.setenv("FRONTDESK_RASA_PORT", value)
    assert ports.main() == 1
    assert "docs/configuration.md" in capsys.readouterr().err
