"""Works with the parts of a running app in one event loop, as the gateway does."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from gateway.parts import Parts
from gateway.replies import Reply
from gateway.schemas import Kind, StartedConversation

PATIENCE_SECONDS = 8
GREETING = Reply(kind=Kind.TEXT, text="Hello.")


def run(app: FastAPI, work: Callable[[Parts, StartedConversation], Awaitable[None]]) -> None:
    """Do `work` with the app's parts and a conversation that has just begun."""

    async def main() -> None:
        async with app.router.lifespan_context(app), asyncio.timeout(PATIENCE_SECONDS):
            parts: Parts = app.state.parts
            await work(parts, await parts.chat.start(GREETING))

    asyncio.run(main())
