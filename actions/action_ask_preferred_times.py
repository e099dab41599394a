"""Asks when it would suit."""

from __future__ import annotations

from actions.ask import AskWish


class ActionAskPreferredTimes(AskWish):
    """One question of the forms (`actions.wish_form`)."""

    asks = "preferred_times"
