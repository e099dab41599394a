"""`python -m deploy.ports` says which port is taken before anything is started."""

import socket
import sys

from pydantic import ValidationError

from deploy.settings import Ports


def main() -> int:
    """Return 1, with a sentence that says what to do, when a port is in use or no number."""
    try:
        ports = Ports()
    except ValidationError as error:
        print(f"A port is set wrongly (docs/configuration.md):\n{error}", file=sys.stderr)
        return 1
    taken = {name: port for name, port in ports.model_dump().items() if _is_taken(port)}
    for name, port in taken.items():
        print(
            f"Port {port} is in use. Stop what listens there (is Frontdesk running already?), "
            f"or choose another one: FRONTDESK_{name.upper()}={port + 1000} make run",
            file=sys.stderr,
        )
    return 1 if taken else 0


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    sys.exit(main())
