"""No action raises, whatever stands in the slots and in the message. Rasa would go on as if all were well, or log the conversation."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa_sdk.executor import ActionExecutor

from actions.server import register
from actions.settings import ActionSettings
from tests.actions.fakes import FakeReception
from tests.fakes import FakeLiveSearch
from tests.knowledge.small import small_search

DOMAIN: dict[str, Any] = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))
SLOTS = [*DOMAIN["slots"], "requested_slot"]
FORMS = [*DOMAIN["forms"], "", "no_such_form", 5, None]

BROKEN = [
    5, -1.5, 1e308, float("inf"), float("nan"), True, "", " ", "x" * 5000, "\u0000\u202e", [], ["a", 5, None], [{}], {}, {"$ne": 1},
    "a:b:c", "appointment_form:visit_type", "appointment_form:nothing", "callback_form:change_wish", "appointment_form:", None,
]  # fmt: skip
TEXTS = [None, "", " ", 5, [], {}, "x" * 5000, "/restart", "no", "cancel", "Tuesday", "\u0000", "²½ tomorrow at 99", "in person", "1e999"]
INTENTS = [*DOMAIN["intents"], None, "", 5]
MESSAGES = st.fixed_dictionaries(
    {
        "text": st.sampled_from(TEXTS) | st.text(max_size=30),
        "intent": st.none() | st.fixed_dictionaries({"name": st.sampled_from(INTENTS)}) | st.just({}),
        "entities": st.lists(
            st.fixed_dictionaries(
                {"entity": st.sampled_from(DOMAIN["entities"]), "value": st.sampled_from([*BROKEN, "all=back", "visit_type="])}
            ),
            max_size=2,
        ),
    }
)


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    live: Any = FakeLiveSearch(small_search())
    reception: Any = FakeReception()
    return register(live, reception, ActionSettings(data=Path("data")))


@pytest.mark.slow
@pytest.mark.parametrize("action", DOMAIN["actions"])
def test_no_action_raises(executor: ActionExecutor, action: str) -> None:
    @settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.fixed_dictionaries({name: st.sampled_from(BROKEN) for name in SLOTS}), MESSAGES, st.sampled_from(FORMS))
    def run(slots: dict[str, Any], message: dict[str, Any], form: Any) -> None:
        tracker = {"sender_id": "c" * 32, "slots": slots, "latest_message": message, "active_loop": {"name": form}}
        tracker |= {"events": None, "paused": False}
        result = asyncio.run(executor.run({"next_action": action, "sender_id": "c" * 32, "domain": {"actions": []}, "tracker": tracker}))
        assert result is not None

    run()
