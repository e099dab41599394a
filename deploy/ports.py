"""`python -m deploy.ports` says which port is taken before anything is started."""

import socket
import sys
from collections.abc import Iterator

from pydantic import ValidationError

from deploy.settings import Ports

HIGHEST = 65535


def main() -> int:
    """Return 1, with a sentence that says what to do, when a port is in use or no number."""
    try:
        ports = Ports()
    except ValidationError as error:
        print(f"A port is set wrongly (docs/configuration.md):\n{error}", file=sys.stderr)
        return 1
    faults = list(_faults(ports.model_dump()))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _faults(ports: dict[str, int]) -> Iterator[str]:
    for name, port in ports.items():
        another = f"choose another one: FRONTDESK_{name.upper()}={_another(port)} make run"
        if list(ports.values()).count(port) > 1:
            yield f"Port {port} is set for two processes. Please {another}"
        elif _is_taken(port):
            yield f"Port {port} is in use. Stop what listens there (is Frontdesk running already?), or {another}"


def _another(port: int) -> int:
    return port + 1000 if port + 1000 <= HIGHEST else port - 1000


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    sys.exit(main())
