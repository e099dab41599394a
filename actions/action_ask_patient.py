"""Asks whether somebody has been a patient before."""

from __future__ import annotations

from actions.ask import AskWish


class ActionAskPatient(AskWish):
    """One question of the forms (`actions.wish_form`)."""

    asks = "patient"
