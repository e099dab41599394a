"""Limits by conversation, by address and by cost.

Never by address alone: a hospital ward sits behind one. So an address may do ten times as much as a conversation,
and this machine's own address (a proxy that does not say for whom, the tools of the operator) is not limited at all.
"""

import ipaddress
import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from gateway.errors import TooManyHandoffs, TooManyRequests
from gateway.settings import Settings

WORDS_PER_COST = 40
IPV6_PREFIX = 64
"""One household or ward gets a whole /64."""


class Limiter:
    """Counts hits; in memory for one process, in Redis for several (`limits_store`)."""

    def __init__(self, settings: Settings) -> None:
        storage = storage_from_string(settings.limits_store)
        if not isinstance(storage, Storage):
            raise TypeError("limits_store must begin with async+")
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._conversations = parse(settings.limit_conversations)
        self._messages = parse(settings.limit_messages)
        self._messages_of_address = parse(settings.limit_messages_of_address)
        self._cost = parse(settings.limit_cost)
        self._cost_of_address = parse(settings.limit_cost_of_address)
        self._handoffs = parse(settings.limit_handoffs)
        self._handoffs_of_address = parse(settings.limit_handoffs_of_address)

    async def count_conversation(self, address: str | None) -> None:
        """Count a new conversation.

        Raises:
            TooManyRequests: too many from this address.
        """
        await self._count_address(self._conversations, address)

    async def count_message(self, conversation_id: str, address: str | None, text: str) -> None:
        """Count a message with its cost.

        Raises:
            TooManyRequests: too many, or too costly ones, in this conversation or from this address.
        """
        cost = 1 + text.count(" ") // WORDS_PER_COST
        await self._count(self._messages, conversation_id)
        await self._count(self._cost, conversation_id, cost)
        await self._count_address(self._messages_of_address, address)
        await self._count_address(self._cost_of_address, address, cost)

    async def count_request(self, conversation_id: str, address: str | None) -> None:
        """Count feedback and the like. Raises as `count_message`."""
        await self._count(self._messages, conversation_id)
        await self._count_address(self._messages_of_address, address)

    async def count_handoff(self, conversation_id: str, address: str | None) -> None:
        """Count a new handoff.

        Raises:
            TooManyHandoffs: the clinic has enough requests from this conversation, or from this address.
        """
        try:
            await self._count(self._handoffs, conversation_id)
            await self._count_address(self._handoffs_of_address, address)
        except TooManyRequests as error:
            raise TooManyHandoffs(error.wait_seconds) from error

    async def _count_address(self, limit: RateLimitItem, address: str | None, cost: int = 1) -> None:
        if (group := address_group(address)) is not None:
            await self._count(limit, group, cost)

    async def _count(self, limit: RateLimitItem, who: str, cost: int = 1) -> None:
        if await self._limiter.hit(limit, who, cost=cost):
            return
        reset_at = (await self._limiter.get_window_stats(limit, who)).reset_time
        raise TooManyRequests(max(1, math.ceil(reset_at - time.time())))


def address_group(address: str | None) -> str | None:
    """Return what counts as one address; None for this machine, and where no address is known."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if parsed.is_loopback:
        return None
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
