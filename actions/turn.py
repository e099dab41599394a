"""One turn of a form: what was said, and what is known so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import wishes
from actions.conversation import count_of
from actions.wishes import ORDER
from desk.dialogues import conversation_of

Events = list[dict[str, Any]]

SUMMARY = "change_wish"
"""What is asked for once all wishes are known: whether one is to be changed."""


@dataclass
class Turn:
    """One turn of a form.

    Attributes:
        wishes: by name; None where nothing was asked yet, SKIPPED where it is left open.
        asked: what the last question was about; None at the beginning.
        events: for the tracker.
    """

    dispatcher: CollectingDispatcher
    tracker: Tracker
    domain: dict[str, Any]
    form: str
    wishes: dict[str, str | None]
    asked: str | None
    tries: int
    events: Events = field(default_factory=list)
    is_over: bool = False

    @property
    def text(self) -> str:
        """What was said."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def intent(self) -> str:
        """What it seems to be meant as."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def conversation_id(self) -> str:
        """Whose wishes these are."""
        return conversation_of(self.tracker.sender_id)

    @property
    def open_wish(self) -> str:
        """The next wish to ask for; SUMMARY when there is none."""
        return next((name for name in ORDER[self.form] if self.wishes[name] is None), SUMMARY)


def begin(dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Turn:
    """Return the turn with what the tracker remembers. Slots of a wrong type count as empty."""
    named = (tracker.active_loop or {}).get("name")
    form = named if isinstance(named, str) and named in ORDER else "callback_form"
    known = {name: text_of(tracker.get_slot(name)) for name in wishes.ALL}
    asked_form, _, asked = (text_of(tracker.get_slot("wish_asked")) or "").partition(":")
    is_same = asked_form == form and asked in (*ORDER[form], SUMMARY)
    if is_same and asked in known:
        known[asked] = None  # Rasa has put there what was said, unread
    tries = tracker.get_slot("wish_tries")
    return Turn(
        dispatcher,
        tracker,
        domain,
        form,
        known,
        asked=asked if is_same else None,
        tries=count_of(tries) if is_same else 0,
    )


def text_of(value: Any) -> str | None:
    """Return a text from a slot; None for anything else."""
    return value if isinstance(value, str) else None
