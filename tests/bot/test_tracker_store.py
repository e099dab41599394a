from __future__ import annotations

import time

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import tracker_store
from bot.errors import RasaChanged
from bot.tracker_store import MAX_EVENTS, RecentTrackerStore, forget
from tests.bot.serving import run


def take_turn(store: TrackerStore, sender_id: str, text: str = "hello") -> DialogueStateTracker:
    """What Rasa does in one turn, as far as the store is concerned: five events."""
    tracker = run(store.get_or_create_tracker(sender_id))
    for event in (UserUttered(text), ActionExecuted("utter_greet"), BotUttered("Hello."), ActionExecuted("action_listen")):
        tracker.update(event)
    run(store.save(tracker))
    return tracker


def test_rasa_makes_our_store_from_endpoints(domain: Domain) -> None:
    """Rasa would take its own store, with a warning, if ours could not be found or made."""
    endpoint = EndpointConfig(type="bot.tracker_store.RecentTrackerStore")
    assert type(TrackerStore.create(endpoint, domain)) is RecentTrackerStore


def test_store_gives_back_what_was_said(store: RecentTrackerStore) -> None:
    take_turn(store, "a", "how long is recovery")
    tracker = run(store.retrieve("a"))
    assert tracker is not None
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["how long is recovery"]


def test_store_keeps_conversations_apart(store: RecentTrackerStore) -> None:
    take_turn(store, "a", "mine")
    take_turn(store, "b", "yours")
    assert "yours" not in store.store["a"]
    assert run(store.retrieve("c")) is None


@pytest.mark.parametrize("wrapped", [False, True])
def test_store_keeps_the_last_events_only(store: RecentTrackerStore, wrapped: bool) -> None:
    used = FailSafeTrackerStore(store) if wrapped else store
    for turn in range(100):
        take_turn(used, "a", f"message {turn}")
    tracker = run(used.retrieve("a"))
    assert tracker is not None
    texts = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert texts[-1] == "message 99"
    assert len(tracker.events) <= MAX_EVENTS + len(tracker.slots)
    assert len(store.store["a"]) < 40_000


def test_store_keeps_slots_that_were_set_long_ago(store: RecentTrackerStore, domain: Domain) -> None:
    """Regression: with a mere limit of events, the topic was forgotten after ten turns of small talk."""
    tracker = run(store.get_or_create_tracker("a"))
    tracker.update(SlotSet("topic", "recovery"))
    tracker.update(SlotSet("answers_shown", ["recovery/gracilis"]))
    tracker.update(SlotSet("misses", 2))
    tracker.update(SlotSet("misses", None))
    run(store.save(tracker))
    for _ in range(100):
        take_turn(store, "a")
    late = run(store.retrieve("a"))
    assert late is not None
    assert (late.get_slot("topic"), late.get_slot("answers_shown"), late.get_slot("misses")) == ("recovery", ["recovery/gracilis"], None)


def test_store_keeps_a_form_that_was_started_long_ago(store: RecentTrackerStore) -> None:
    tracker = run(store.get_or_create_tracker("a"))
    tracker.update(ActiveLoop("handoff_form"))
    run(store.save(tracker))
    for _ in range(50):
        take_turn(store, "a")
    late = run(store.retrieve("a"))
    assert late is not None and late.active_loop_name == "handoff_form"
    late.update(ActiveLoop(None))
    run(store.save(late))
    ended = run(store.retrieve("a"))
    assert ended is not None and ended.active_loop_name is None


def test_store_forgets_the_conversation_that_was_silent_longest(store: RecentTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker_store, "MAX_CONVERSATIONS", 3)
    for sender_id in ("a", "b", "c", "a", "d"):
        take_turn(store, sender_id)
    assert list(store.store) == ["c", "a", "d"]


@pytest.mark.slow
def test_hundredth_turn_is_as_fast_as_the_twentieth(store: RecentTrackerStore) -> None:
    seconds = []
    for _ in range(300):
        begun = time.process_time()
        take_turn(store, "a")
        seconds.append(time.process_time() - begun)
    assert min(seconds[250:]) < 3 * min(seconds[20:60])


def test_forget_deletes_from_the_store_to_fall_back_on_too(store: RecentTrackerStore, domain: Domain) -> None:
    wrapped = FailSafeTrackerStore(store)
    take_turn(store, "a")
    take_turn(wrapped.fallback_tracker_store, "a")
    forget(wrapped, "a")
    assert "a" not in store.store
    assert run(wrapped.fallback_tracker_store.retrieve("a")) is None


def test_forget_leaves_other_conversations(store: RecentTrackerStore) -> None:
    take_turn(store, "a")
    take_turn(store, "b")
    forget(FailSafeTrackerStore(store), "a")
    forget(FailSafeTrackerStore(store), "never-heard-of")
    assert list(store.store) == ["b"]


def test_forget_fails_loudly_when_it_finds_no_store(domain: Domain) -> None:
    with pytest.raises(RasaChanged, match="TrackerStore"):
        forget(TrackerStore(domain), "a")
    forget(InMemoryTrackerStore(domain), "a")
