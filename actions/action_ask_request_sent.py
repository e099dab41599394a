"""Takes what is said after the summary. No message fills `request_sent`, so Rasa never ends a form by itself."""

from __future__ import annotations

from actions.ask import AskWish


class ActionAskRequestSent(AskWish):
    """One question of the forms (`actions.wish_form`)."""

    asks = "request_sent"
