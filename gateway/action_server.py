"""The action server, of which the gateway knows no more than whether it is ready: Rasa talks to it."""

from urllib.parse import urljoin

import httpx

from gateway.settings import Settings

PROBE_SECONDS = 1.0


class ActionServer:
    """Asked beside the address that Rasa calls (`actions_url`)."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._address = urljoin(settings.actions_url, "ready")
        self._transport = transport

    async def is_ready(self) -> bool:
        """Say whether it could answer a question: it runs, and has a published release."""
        async with httpx.AsyncClient(timeout=PROBE_SECONDS, transport=self._transport, trust_env=False) as http:
            try:
                return (await http.get(self._address)).is_success
            except httpx.HTTPError:
                return False
