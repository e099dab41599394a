"""Tells waiting requests and open streams of this process that a conversation has something new."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

DESK = "desk"
"""What the staff desk watches instead of a conversation: new and changed handoffs, and messages for staff."""


class Hub:
    """Carries no data: who is woken reads the database, which is the truth for all processes."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._typed_at: dict[tuple[str, str], float] = {}
        self.is_closing = False

    @contextmanager
    def watch(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """Give an event that is set on each change; the watcher clears it."""
        changed = asyncio.Event()
        self._watchers[conversation_id].add(changed)
        try:
            yield changed
        finally:
            self._watchers[conversation_id].discard(changed)
            if not self._watchers[conversation_id]:
                del self._watchers[conversation_id]
                for sender in ("visitor", "staff"):
                    self._typed_at.pop((conversation_id, sender), None)

    @property
    def watched(self) -> set[str]:
        """Conversations that somebody watches here."""
        return set(self._watchers)

    def count(self, conversation_id: str) -> int:
        """Return how many watch one conversation."""
        return len(self._watchers.get(conversation_id, ()))

    def count_all(self) -> int:
        """Return how many watch at all."""
        return sum(map(len, self._watchers.values()))

    def notify(self, conversation_id: str) -> None:
        """Wake all who watch the conversation."""
        for changed in self._watchers.get(conversation_id, ()):
            changed.set()

    def note_typing(self, conversation_id: str, sender: str) -> None:
        """Tell who watches the conversation in this process that the `visitor` or the `staff` is typing. Nobody else keeps it."""
        if conversation_id in self._watchers:
            self._typed_at[conversation_id, sender] = time.monotonic()
            self.notify(conversation_id)

    def typed_at(self, conversation_id: str, sender: str) -> float:
        """Return when `sender` last typed, on the monotonic clock; 0 for never."""
        return self._typed_at.get((conversation_id, sender), 0.0)

    def close(self) -> None:
        """Wake everybody and let the streams end: the process is going down."""
        self.is_closing = True
        for conversation_id in self.watched:
            self.notify(conversation_id)
