"""`python -m gateway` serves the chat API and the pages until it is told to stop."""

import sys
from socket import socket

import uvicorn

from database.errors import DatabaseError
from desk.errors import DeskError
from gateway import logs
from gateway.app import create_app
from gateway.errors import GatewayError
from gateway.hub import Hub
from gateway.settings import Settings, load_settings
from knowledge.errors import KnowledgeError
from language.errors import LanguageError

DRAIN_SECONDS = 10
"""How long messages in hand may take after SIGTERM; the streams are told to come back elsewhere at once."""

KEEPALIVE_SECONDS = 75


class DrainingServer(uvicorn.Server):
    """Ends the open streams on SIGTERM: uvicorn waits for every response, and a stream has no end of its own."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


def main() -> int:
    """Serve; a setting or a database that cannot be used ends with a sentence and status 1."""
    try:
        settings = load_settings()
        logs.configure(settings)
        app = create_app(settings)
    except (GatewayError, DatabaseError, DeskError, KnowledgeError, LanguageError) as error:
        print(error, file=sys.stderr)
        return 1
    DrainingServer(_config(app, settings), app.state.parts.hub).run()
    return 0


def _config(app: object, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=KEEPALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


if __name__ == "__main__":
    sys.exit(main())
