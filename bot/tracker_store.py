"""Keeps the dialogue state of recent conversations in memory, and no more of each than the dialogue needs.

Rasa's tracker is disposable: the record of a conversation is the gateway's. Rasa's own SQL store ends the whole process
on one damaged row, and every store of Rasa's re-reads all turns at each turn (docs/adr/0004-tracker-store.md).
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import RasaChanged

MAX_CONVERSATIONS = 10_000
"""About 20 kB each. The one that has been silent for longest goes first."""

MAX_EVENTS = 60
"""About ten turns. A turn stays as fast as the first ones; slots and a running form are kept for longer."""


class RecentTrackerStore(InMemoryTrackerStore):
    """An in-memory store with a limit for each conversation and for all of them."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.store: OrderedDict[str, str] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is recent of `tracker`; forget the conversation that has been silent for longest if there are too many."""
        dialogue = tracker.as_dialogue()
        dialogue.events = recent_events(tracker)
        self.store[tracker.sender_id] = json.dumps(dialogue.as_dict())
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > MAX_CONVERSATIONS:
            self.store.popitem(last=False)


def recent_events(tracker: DialogueStateTracker) -> list[Event]:
    """Return the last events, and before them what sets the slots and the form to what they are now."""
    events = list(tracker.events)
    if len(events) <= MAX_EVENTS:
        return events
    recent = events[-MAX_EVENTS:]
    return [*_state(tracker, recent[0].timestamp), *recent]


def _state(tracker: DialogueStateTracker, timestamp: float) -> Iterator[Event]:
    for name, slot in tracker.slots.items():
        if slot.value is not None:
            yield SlotSet(name, slot.value, timestamp=timestamp)
    if tracker.active_loop_name:
        yield ActiveLoop(tracker.active_loop_name, timestamp=timestamp)


def forget(store: TrackerStore, conversation_id: str) -> None:
    """Delete a conversation, wherever Rasa has put our store; does nothing when it is not known.

    Raises:
        RasaChanged: our store is not among those that Rasa uses.
    """
    kept = [each for each in _stores(store) if isinstance(each, InMemoryTrackerStore)]
    if not kept:
        raise RasaChanged(f"{type(store).__name__} holds no store that can forget a conversation.")
    for each in kept:
        each.store.pop(conversation_id, None)


def _stores(store: TrackerStore) -> Iterator[TrackerStore]:
    """Rasa wraps a store in others that cannot delete (FailSafeTrackerStore), and keeps one more to fall back on."""
    yield store
    for name in ("_tracker_store", "_fallback_tracker_store"):
        if getattr(store, name, None) is not None:
            yield from _stores(getattr(store, name))
