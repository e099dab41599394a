"""Asks for the insurer, which can be left out."""

from __future__ import annotations

from actions.ask import AskWish


class ActionAskInsurer(AskWish):
    """One question of the forms (`actions.wish_form`)."""

    asks = "insurer"
