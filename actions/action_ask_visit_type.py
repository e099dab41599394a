"""Asks whether the visit is in person or virtual."""

from __future__ import annotations

from actions.ask import AskWish


class ActionAskVisitType(AskWish):
    """One question of the forms (`actions.wish_form`)."""

    asks = "visit_type"
