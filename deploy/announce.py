"""`python -m deploy.announce` waits until every process answers, and says where to go."""

import sys
import time

import httpx

from deploy.settings import Ports

PATIENCE_SECONDS = 300


def main() -> int:
    """Return 0 when all is ready; 1, with what is missing, when patience has run out."""
    ports = Ports()
    gateway = f"http://127.0.0.1:{ports.port}"
    parts = {
        "the gateway": f"{gateway}/api/health",
        "the action server": f"http://127.0.0.1:{ports.actions_port}/ready",
        "Rasa": f"http://127.0.0.1:{ports.rasa_port}/webhooks/frontdesk/",
    }
    began = time.monotonic()
    for name, address in parts.items():
        if not _wait(address, began + PATIENCE_SECONDS):
            print(f"{name} is not ready after {PATIENCE_SECONDS} seconds. What it printed above says why.", flush=True)
            return 1
        print(f"  {name} is ready ({time.monotonic() - began:.0f} s)", flush=True)
    print(f"\nFrontdesk is ready: {gateway}\n", flush=True)
    print(f"  the same answers as a page: {gateway}/faq     the snippet for your own page: {gateway}/embed", flush=True)
    print(f"  the staff desk: {gateway}/desk", flush=True)
    print('  in another terminal: make chat   or   make ask Q="how long is recovery?"\n', flush=True)
    return 0


def _wait(address: str, until: float) -> bool:
    while time.monotonic() < until:
        try:
            if httpx.get(address, timeout=2).is_success:
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.25)
    return False


if __name__ == "__main__":
    sys.exit(main())
