"""Keeps the dialogue state of recent conversations in memory, and no more of each than the dialogue needs.

Rasa's tracker is disposable: the record of a conversation is the gateway's. Rasa's own SQL store ends the whole process
on one damaged row, and every store of Rasa's re-reads all turns at each turn (docs/adr/0004-tracker-store.md).
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

MAX_CONVERSATIONS = 10_000
"""About 10 kB each. The one that has been silent for longest goes first."""

MAX_EVENTS = 60
"""About ten turns: slots, the running form and the last replies. A turn stays as fast as the first ones."""


class RecentTrackerStore(InMemoryTrackerStore):
    """An in-memory store with a limit for each conversation and for all of them."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.store: OrderedDict[str, str] = OrderedDict()
        self.max_event_history = MAX_EVENTS

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store `tracker`, and forget the conversation that has been silent for longest if there are too many."""
        await super().save(tracker)
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > MAX_CONVERSATIONS:
            self.store.popitem(last=False)

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation; does nothing when it is not known."""
        self.store.pop(sender_id, None)
