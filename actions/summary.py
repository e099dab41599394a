"""What a visitor sees before anything is sent: the wishes, and the card that asks for the contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import wishes


def card(channel: str, said: Mapping[str, str], promise: str) -> dict[str, Any]:
    """Return what lets the page ask for name, contact and consent (docs/api.md)."""
    return {"channel": channel, "wishes": dict(said), "promise_preview": promise, "opens": True}


def summary(said: Mapping[str, str]) -> str:
    """Return the wishes in words, and what happens next."""
    lines = [f"- {wishes.NAMES[name]}: {wishes.VALUES.get(said[name], said[name])}" for name in wishes.ALL if name in said]
    head = "Your request so far:\n\n" + "\n".join(lines) if lines else "Your request says nothing special so far, which is fine."
    return (
        f"{head}\n\nThe card below asks for your name and how to reach you. It goes straight to the clinic, and nothing is sent before "
        'you send it. You can still change something, for example "Wednesday instead".'
    )
