"""Shows the summary, and lets the page ask for the contact."""

from __future__ import annotations

from actions.ask import AskWish


class ActionAskChangeWish(AskWish):
    """One question of the forms (`actions.wish_form`)."""

    asks = "change_wish"
