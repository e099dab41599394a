"""Asks for the wishes of a handoff, one question a turn, inside Rasa's forms.

Rasa's form takes in whatever is said, and asks for the next slot through `action_ask_…`. All of these are this one class:
it reads what was said to the question before, keeps it or says why not, answers a question in between, goes back, starts
over or stops, and asks what is open. There is no `validate_…` action: Rasa goes on as if all were well when such an action
cannot be reached. Nothing here confirms a handoff; only the gateway does, once it is committed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import wishes
from actions.conversation import recall
from actions.offering import Offering
from actions.summary import card, summary
from actions.turn import SUMMARY, Events, Turn, begin, text_of
from actions.wishes import CHANNELS, ORDER, SKIPPED, Read
from actions.wording import Wording
from database.base import now
from desk.drafts import Draft
from desk.errors import WishInvalid
from desk.reception import Reception
from knowledge.live import LiveSearch

MAX_TRIES = 2
"""A question that was not understood so often is left open: every wish can be."""

LEFT_ALONE_SECONDS = 4 * 3600
"""After so long a visitor is welcomed back. Source: our choice; a night is longer, a lunch shorter."""

COMMANDS = {"cancel": "cancel", "go_back": "back", "start_over": "again"}
"""Intents, and buttons of the same name."""

SMALL_TALK = {
    "ask_capabilities": "utter_capabilities",
    "challenge_bot": "utter_challenge_bot",
    "give_praise": "utter_praise",
    "goodbye": "utter_goodbye",
    "greet": "utter_greet",
    "thank": "utter_thank",
}
WANTS_PERSON = {"request_person": "requested", "request_appointment": "appointment", "give_complaint": "requested"}
BUTTONS_OF_OTHERS = {"choose_answer", "none_of_these", "choose_live", "choose_callback", "choose_appointment", "decline_offer"}


@dataclass(frozen=True)
class WishForm:
    """Runs the turns of all forms."""

    live: LiveSearch
    wording: Wording
    reception: Reception
    offering: Offering
    answering: Mapping[str, Action]
    """Actions by intent, for what is asked in between; `""` for every other question."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Take one turn; return what the tracker has to remember."""
        turn = begin(dispatcher, tracker, domain)
        if turn.asked is None:
            self._open(turn)
        elif turn.intent not in BUTTONS_OF_OTHERS:
            self._welcome_back(turn)
            self._take(turn)
        if turn.is_over:
            return [*turn.events, *self._forget()]
        self._ask(turn)
        return turn.events

    def _open(self, turn: Turn) -> None:
        kept = self.reception.draft(turn.conversation_id)
        if kept is not None:
            turn.wishes |= {name: value for name, value in kept.wishes.items() if name in turn.wishes}
        self.wording.say(turn.dispatcher, f"form_{CHANNELS[turn.form]}_begins")

    def _welcome_back(self, turn: Turn) -> None:
        asked_at = turn.tracker.get_slot("wish_asked_at")
        if isinstance(asked_at, (int, float)) and time.time() - asked_at > LEFT_ALONE_SECONDS:
            self.wording.say(turn.dispatcher, "form_resumes")
            self._check_times(turn)

    def _check_times(self, turn: Turn) -> None:
        """A time that suited yesterday may have passed."""
        try:
            wishes.read_preferred_times(turn.wishes["preferred_times"] or "", now(), self.reception.clinic)
        except WishInvalid as error:
            turn.dispatcher.utter_message(text=error.message, json_message={"kind": "form"})
            turn.wishes["preferred_times"] = None

    # What was said

    def _take(self, turn: Turn) -> None:
        try:
            self._read_turn(turn)
        except WishInvalid as error:  # asked again, with what is wrong
            turn.dispatcher.utter_message(text=error.message, json_message={"kind": "form"})

    def _read_turn(self, turn: Turn) -> None:
        chosen = next(turn.tracker.get_latest_entity_values("wish"), None) if turn.intent == "choose_wish" else None
        if isinstance(chosen, str):
            self._choose(turn, *chosen.partition("=")[::2])
        elif turn.asked == SUMMARY:
            self._change(turn)
        elif not self._understand(turn):
            self._do_otherwise(turn)

    def _choose(self, turn: Turn, wish: str, value: str) -> None:
        if wish == "all" and value in COMMANDS.values():
            self._command(turn, value)
        elif wish in ORDER[turn.form]:
            said = self._read(turn, wish, value) if wish == "preferred_times" and value else value
            self._keep(turn, wish, said or SKIPPED)

    def _understand(self, turn: Turn) -> bool:
        """Whether it was an answer to the question, or a word on the form itself."""
        assert turn.asked
        if turn.intent in COMMANDS and not _says_more(turn):
            self._command(turn, COMMANDS[turn.intent])
            return True
        if wishes.is_skip(turn.text):
            self._keep(turn, turn.asked, SKIPPED)
            return True
        if self._correct(turn):
            return True
        read = self._read(turn, turn.asked, turn.text) if not self._is_in_between(turn) else None
        if read is None:
            return False
        self._keep(turn, turn.asked, read)
        return True

    def _is_in_between(self, turn: Turn) -> bool:
        """Whether a person or small talk is wanted, where free words would be taken as an answer."""
        return turn.asked in ("insurer", "about") and (turn.intent in SMALL_TALK or turn.intent in ("request_person", "give_complaint"))

    def _read(self, turn: Turn, wish: str, text: str) -> str | None:
        read = self._read_one(wish, text)
        if read and wish == "preferred_times":
            self.wording.say(turn.dispatcher, "form_time_noted", value=read.shown)
        return read.value if read else None

    def _read_one(self, wish: str, text: str) -> Read | None:
        if wish == "preferred_times":
            return wishes.read_preferred_times(text, now(), self.reception.clinic)
        return wishes.READERS[wish](text)

    def _correct(self, turn: Turn) -> bool:
        """Take "no, Wednesday instead" for the earlier wish that it fits."""
        rest = wishes.without_correction(turn.text)
        for wish in ("visit_type", "preferred_times", "patient") if rest else ():
            if wish not in ORDER[turn.form] or turn.wishes[wish] is None:
                continue
            if self._set_right(turn, wish, rest or ""):
                return True
        return False

    def _set_right(self, turn: Turn, wish: str, text: str) -> bool:
        read = self._read_one(wish, text)
        if read is None:
            return False
        self.wording.say(turn.dispatcher, "form_corrected", value=read.shown)
        self._keep(turn, wish, read.value)
        return True

    def _change(self, turn: Turn) -> None:
        """Something is said after the summary: a change, a word on the form, or the conversation simply goes on."""
        if self.reception.draft(turn.conversation_id) is None:  # the card was sent, or the draft thrown away
            turn.is_over = True
            self._reply(turn)
        elif turn.intent in COMMANDS:
            self._command(turn, COMMANDS[turn.intent])
        elif not self._correct(turn):
            self._reply(turn, quietly=turn.intent in ("affirm", "deny"))
            turn.tries = MAX_TRIES  # the summary is not said again

    def _do_otherwise(self, turn: Turn) -> None:
        """It was no answer: a question in between, small talk, or words that cannot be read."""
        assert turn.asked
        is_asking = wishes.is_question(turn.text) or turn.intent.startswith("ask_")
        if turn.intent in SMALL_TALK or turn.intent in WANTS_PERSON or is_asking:
            self._reply(turn)
            self.wording.say(turn.dispatcher, "form_goes_on")
        elif turn.asked == "preferred_times":
            self._keep(turn, turn.asked, turn.text[: wishes.MAX_TIMES])
        elif turn.tries + 1 >= MAX_TRIES:
            self.wording.say(turn.dispatcher, "form_left_open")
            self._keep(turn, turn.asked, SKIPPED)
        else:
            turn.tries += 1

    def _reply(self, turn: Turn, *, quietly: bool = False) -> None:
        """Answer what has nothing to do with the form."""
        if quietly:
            self.wording.say(turn.dispatcher, "form_waits_for_card")
        elif turn.intent in WANTS_PERSON:
            turn.events += self.offering.offer(turn.dispatcher, WANTS_PERSON[turn.intent])
        elif turn.intent in SMALL_TALK:
            turn.dispatcher.utter_message(response=SMALL_TALK[turn.intent])
        else:
            action = self.answering.get(turn.intent, self.answering[""])
            turn.events += action.run(turn.dispatcher, turn.tracker, turn.domain)

    def _keep(self, turn: Turn, wish: str, value: str) -> None:
        turn.wishes[wish], turn.tries = value, 0

    # The form itself

    def _command(self, turn: Turn, command: str) -> None:
        if command == "cancel":
            self.reception.discard(turn.conversation_id)
            self.wording.say(turn.dispatcher, "form_cancelled")
            turn.is_over = True
        elif command == "again":
            turn.wishes = dict.fromkeys(turn.wishes)
            self.wording.say(turn.dispatcher, "form_starts_over")
        else:
            order = ORDER[turn.form]
            place = order.index(turn.asked) if turn.asked in order else len(order)
            turn.wishes[order[max(0, place - 1)]] = None

    def _ask(self, turn: Turn) -> None:
        wish = turn.open_wish
        if wish == SUMMARY:
            self._summarise(turn)
        else:
            self._question(turn, wish)
        turn.tries = turn.tries if wish == turn.asked else 0
        turn.events += [SlotSet(name, value) for name, value in turn.wishes.items()]
        turn.events += [
            SlotSet(SUMMARY, None),
            SlotSet("wish_asked", f"{turn.form}:{wish}"),
            SlotSet("wish_tries", turn.tries),
            SlotSet("wish_asked_at", time.time()),
            SlotSet("requested_slot", wish),
        ]

    def _question(self, turn: Turn, wish: str) -> None:
        named = f"help_{wish}" if turn.tries and f"help_{wish}" in self.wording.replies else f"ask_{wish}"
        buttons = [*wishes.BUTTONS[wish], wishes.skip_button(wish)]
        title = self._last_title(turn)
        if wish == "about" and title:
            known = wishes.button("That one", "about", _for_payload(title))
            self.wording.say(turn.dispatcher, "ask_about_known", buttons=[known, *buttons], title=title)
        elif wish == "preferred_times" and turn.form == "callback_form":
            self.wording.say(turn.dispatcher, "ask_preferred_times_call", buttons=buttons)
        else:
            self.wording.say(turn.dispatcher, named, buttons=buttons)

    def _last_title(self, turn: Turn) -> str | None:
        answers = [self.live.current.answer(identifier) for identifier in recall(turn.tracker).shown]
        return next((answer.question for answer in reversed(answers) if answer is not None), None)

    def _summarise(self, turn: Turn) -> None:
        """Show what was collected, and let the page ask for the contact. What was collected is kept for it."""
        if turn.asked == SUMMARY and turn.tries >= MAX_TRIES:
            return
        said = {name: value for name, value in turn.wishes.items() if value}
        channel = CHANNELS[turn.form]
        reason = text_of(turn.tracker.get_slot("handoff_reason")) or ("appointment" if channel == "appointment" else "requested")
        self.reception.keep(turn.conversation_id, Draft(channel, reason, dict(said)))
        turn.dispatcher.utter_message(
            text=summary(said),
            buttons=[wishes.button("Start over", "all", "again"), wishes.button("Cancel", "all", "cancel")],
            json_message={"kind": "handoff", "contact_card": card(channel, said, self.reception.promise(channel))},
        )

    def _forget(self) -> Events:
        names = (*wishes.ALL, SUMMARY, "wish_asked", "wish_tries", "wish_asked_at", "handoff_reason", "requested_slot")
        return [SlotSet(name, None) for name in names]


def _says_more(turn: Turn) -> bool:
    """A long text on what it is about may look like a command: "cancel my appointment on the 5th"."""
    return turn.asked == "about" and len(turn.text.split()) > 3


def _for_payload(title: str) -> str:
    return title.replace('"', "'").replace("{", "(").replace("}", ")")[: wishes.MAX_ABOUT]
