"""Asks what it is about."""

from __future__ import annotations

from actions.ask import AskWish


class ActionAskAbout(AskWish):
    """One question of the forms (`actions.wish_form`)."""

    asks = "about"
