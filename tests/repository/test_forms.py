"""What keeps the forms safe: nothing personal in a slot, nothing that a message can set, nothing confirmed by Rasa."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())
SLOTS: dict[str, dict[str, Any]] = DOMAIN["slots"]
MAPPINGS = [(name, mapping) for name, slot in SLOTS.items() for mapping in slot["mappings"]]
BUTTONS = {entry["intent"] for file in (ROOT / "data/nlu/buttons").glob("*.yml") for entry in yaml.safe_load(file.read_text())["nlu"]}
WRITTEN = {
    entry["intent"]: [line.removeprefix("- ") for line in entry["examples"].splitlines()]
    for file in (ROOT / "data/nlu/conversation").glob("*.yml")
    for entry in yaml.safe_load(file.read_text())["nlu"]
}


def test_slots_do_not_outlive_a_session() -> None:
    assert DOMAIN["session_config"] == {"session_expiration_time": 0, "carry_over_slots_to_new_session": False}


def test_every_slot_has_a_type() -> None:
    assert {slot["type"] for slot in SLOTS.values()} <= {"text", "bool", "list", "any"}


def test_no_slot_is_made_for_who_somebody_is() -> None:
    personal = re.compile(r"name|phone|mail|contact|birth|address|consent|number")
    assert [name for name in [*SLOTS, *DOMAIN["entities"]] if personal.search(name)] == []


def test_no_message_sets_a_slot_but_in_the_form_that_asks_for_it() -> None:
    for name, mapping in MAPPINGS:
        if mapping["type"] == "custom":
            assert set(mapping) == {"type"}, f"{name}: an action here would be called on every turn"
            continue
        assert {condition["requested_slot"] for condition in mapping["conditions"]} == {name}
        assert {condition["active_loop"] for condition in mapping["conditions"]} <= set(DOMAIN["forms"])


def test_only_a_button_of_a_form_fills_a_slot_from_an_entity() -> None:
    from_entity = [(mapping["entity"], mapping["intent"]) for _, mapping in MAPPINGS if mapping["type"] == "from_entity"]
    assert set(from_entity) == {("wish", "choose_wish")}


def test_no_button_is_taken_for_words() -> None:
    assert [set(mapping["not_intent"]) for _, mapping in MAPPINGS if mapping["type"] == "from_text"] == [BUTTONS] * 6


def test_nothing_is_validated_from_afar() -> None:
    assert [action for action in DOMAIN["actions"] if action.startswith("validate_")] == []


@pytest.mark.parametrize("form", DOMAIN["forms"])
def test_form_never_ends_by_itself(form: str) -> None:
    *asked, last = DOMAIN["forms"][form]["required_slots"]
    assert SLOTS[last]["mappings"] == [{"type": "custom"}]
    assert {f"action_ask_{name}" for name in (*asked, last)} <= set(DOMAIN["actions"])


def test_rasa_confirms_nothing() -> None:
    rules = [rule for rule in yaml.safe_load((ROOT / "data/rules/people.yml").read_text())["rules"]]
    ends = [rule["steps"][-1] for rule in rules if any("active_loop" in step and step["active_loop"] is None for step in rule["steps"])]
    assert ends == [{"action": "action_listen"}] * len(DOMAIN["forms"])
    assert [name for name in DOMAIN["responses"] if re.search(r"confirm|submit|sent|filed", name)] == []


@pytest.mark.parametrize("intent", sorted(WRITTEN))
def test_intent_has_a_hundred_examples_of_its_own(intent: str) -> None:
    assert len(set(WRITTEN[intent])) >= 100
    everywhere = Counter(example.lower() for examples in WRITTEN.values() for example in set(examples))
    assert [example for example in WRITTEN[intent] if everywhere[example.lower()] > 1] == []
