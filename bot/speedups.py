"""Cuts costs of every turn in Rasa 3.6 that buy nothing. Measured in docs/results/rasa-turn.md.

1. `jsonschema.validate` checks its own constant schema against the metaschema at each action call (20 ms): the validator is built once.
   It also holds each event against the forms of all kinds of event, of which one at most can fit: only those are tried that the
   reply names.
2. The whole conversation is sent to the action server at each call: our actions read slots and the latest message only.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.errors import RasaChanged

_schema = RemoteAction.action_response_format_spec()
_forms = {form["properties"]["event"]["const"]: form for form in _schema["properties"]["events"]["items"]["oneOf"]}
"""The form of each kind of event, by its name."""


def apply() -> None:
    """Replace the two methods. Called once, by the launcher, before Rasa starts.

    Raises:
        RasaChanged: this Rasa has no such methods, or calls them with something else.
    """
    for replacement in (_validate_action_result, _action_call_format):
        _replace(replacement)


def _replace(replacement: Callable[..., Any]) -> None:
    name = replacement.__name__
    present = getattr(RemoteAction, name, None)
    if not callable(present) or list(inspect.signature(present).parameters) != list(inspect.signature(replacement).parameters):
        raise RasaChanged(f"RemoteAction.{name} is not that of Rasa 3.6.21: check bot/speedups.py against this Rasa.")
    setattr(RemoteAction, name, replacement)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Raise jsonschema's ValidationError for a malformed reply, as Rasa's own method does, but without the reply: Rasa logs it."""
    fault = next(_validator(_kinds_of_events(result)).iter_errors(result), None)
    if fault is not None:
        raise ValidationError(f"The reply of the action server is malformed at {fault.json_path}.")
    return True


def _kinds_of_events(result: Any) -> frozenset[str]:
    """The names of the reply's events, or of all that Rasa knows where the reply is not as it should be."""
    events = result.get("events") if isinstance(result, dict) else None
    names = {str(event.get("event")) if isinstance(event, dict) else "" for event in events} if isinstance(events, list) else set()
    return frozenset(names) if names and names <= _forms.keys() else frozenset(_forms)


@lru_cache(maxsize=64)
def _validator(kinds: frozenset[str]) -> Any:
    schema = deepcopy(_schema)
    schema["properties"]["events"]["items"]["oneOf"] = [form for name, form in _forms.items() if name in kinds]
    return validator_for(schema)(schema)


def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """The request for the action server, without the events of the conversation and without the domain."""
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": tracker.current_state(EventVerbosity.NONE),
    }
