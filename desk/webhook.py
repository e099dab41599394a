"""Tells another program of a handoff: a signed POST with JSON (docs/delivery.md)."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import socket
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from desk.contact import Contact
from desk.delivery_settings import DeliverySettings
from desk.errors import DeliveryFailed
from desk.models import Delivery, Handoff

TIMEOUT_SECONDS = 10.0


def body_of(delivery: Delivery, handoff: Handoff, contact: Contact | None, settings: DeliverySettings) -> dict[str, Any]:
    """Return the event in our own format. `contact` is None unless the settings let it out."""
    told = ("reference", "state", "channel", "urgency", "reason", "topic", "procedure", "outcome")
    times = ("created_at", "promised_from", "promised_until", "claimed_at", "resolved_at")
    shown: dict[str, Any] = {name: getattr(handoff, name) for name in told}
    shown |= {name: _iso(getattr(handoff, name)) for name in times} | {"id": handoff.id, "url": settings.link_to(handoff.id)}
    if contact is not None:
        shown["contact"] = {"name": contact.name, "phone": contact.phone, "email": contact.email}
    return {"event_id": delivery.id, "event": delivery.event, "number": delivery.number, "at": _iso(delivery.created_at), "handoff": shown}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature that a receiver compares: HMAC-SHA256 over `timestamp.body`, in hex."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def send(delivery: Delivery, body: dict[str, Any], settings: DeliverySettings, at: datetime) -> None:
    """Post the event; any 2xx counts as taken. Redirects are not followed.

    Raises:
        DeliveryFailed: no answer, another status, or an address in a private network that the settings do not allow.
    """
    url, secret = settings.webhook_url or "", settings.webhook_secret
    if not settings.webhook_allow_private:
        _refuse_private(url)
    content, timestamp = json.dumps(body).encode(), int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Frontdesk-Event-Id": delivery.id,
        "Frontdesk-Timestamp": str(timestamp),
        "Frontdesk-Signature": sign(secret.get_secret_value() if secret else "", timestamp, content),
    }
    try:
        response = httpx.post(url, content=content, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False)
    except httpx.HTTPError as error:
        raise DeliveryFailed(f"The webhook cannot be reached: {type(error).__name__}.") from error
    if not response.is_success:
        raise DeliveryFailed(f"The webhook answered {response.status_code}.")


def _refuse_private(url: str) -> None:
    """An address that leads into the machine or its network could be used to reach what only trusts insiders."""
    host = urlsplit(url).hostname or ""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise DeliveryFailed("The webhook's host is not known.") from error
    if not all(ipaddress.ip_address(str(address).partition("%")[0]).is_global for address in found):
        raise DeliveryFailed("The webhook is in a private network; FRONTDESK_WEBHOOK_ALLOW_PRIVATE=true allows that.")
