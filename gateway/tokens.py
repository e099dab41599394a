"""Remembers for a minute which token opens which conversation, so that a message does not wait for one more read.

A conversation that another process erases stays open here for that minute, but empty: its rows are gone.
"""

import hmac
import time
from collections import OrderedDict

from sqlalchemy.orm import Session

from gateway import conversations, ids
from gateway.errors import AccessRefused
from gateway.storage import Storage

KEEP_SECONDS = 60.0
MAX_KEPT = 10_000


class TokenCheck:
    """Checks tokens against the database, at most once a minute for each conversation."""

    def __init__(self, storage: Storage, *, days: int) -> None:
        self._storage = storage
        self._days = days
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def check(self, conversation_id: str, token: str) -> None:
        """Accept the conversation's own token.

        Raises:
            AccessRefused: whatever is wrong.
        """
        token_hash = ids.hash_token(token)
        kept_hash, kept_until = self._kept.get(conversation_id, ("", 0.0))
        if time.monotonic() < kept_until and hmac.compare_digest(kept_hash, token_hash):
            return
        await self._storage.read(lambda session: self._look(session, conversation_id, token_hash))
        self._keep(conversation_id, token_hash)

    def _look(self, session: Session, conversation_id: str, token_hash: str) -> None:
        stored = conversations.token_hash_of(session, conversation_id, days=self._days)
        if stored is None or not hmac.compare_digest(stored, token_hash):
            raise AccessRefused

    def _keep(self, conversation_id: str, token_hash: str) -> None:
        self._kept[conversation_id] = (token_hash, time.monotonic() + KEEP_SECONDS)
        self._kept.move_to_end(conversation_id)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)

    def forget(self, conversation_id: str) -> None:
        """Close an erased conversation at once."""
        self._kept.pop(conversation_id, None)
