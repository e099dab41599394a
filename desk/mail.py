"""Tells staff of a handoff by e-mail: that it is there, where, and how soon. No personal data leaves the desk this way."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from zoneinfo import ZoneInfo

from desk import outbox
from desk.delivery_settings import DeliverySettings
from desk.errors import DeliveryFailed
from desk.models import Delivery, Handoff

TIMEOUT_SECONDS = 20

_SUBJECTS = {
    outbox.CREATED: "New handoff {reference}",
    outbox.REOPENED: "Handoff {reference} is open again",
    outbox.UNCLAIMED: "Nobody has taken handoff {reference} yet",
}
_URGENCIES = {"urgent": "urgent", "same_day": "today", "routine": "routine"}
_CHANNELS = {"live": "waits in the chat", "callback": "wants to be called back", "appointment": "asks for an appointment"}


def message_of(delivery: Delivery, handoff: Handoff, settings: DeliverySettings, zone: ZoneInfo) -> EmailMessage:
    """Return the e-mail. The same event always has the same Message-ID, so that a double can be dropped."""
    message = EmailMessage()
    message["Subject"] = f"[{_URGENCIES[handoff.urgency]}] {_SUBJECTS[delivery.event].format(reference=handoff.reference)}"
    message["From"], message["To"] = settings.mail_from, settings.mail_to
    message["Date"] = formatdate(delivery.created_at.timestamp())
    message["Message-ID"] = f"<{delivery.id}@frontdesk.invalid>"
    message.set_content("\n".join(_lines(handoff, settings, zone)), cte="8bit")  # a folded link cannot be clicked
    return message


def _lines(handoff: Handoff, settings: DeliverySettings, zone: ZoneInfo) -> list[str]:
    promised = f"{handoff.promised_until.astimezone(zone):%A, %B %-d, %-I:%M %p}" if handoff.promised_until else "no time was promised"
    return [
        f"Somebody {_CHANNELS[handoff.channel]}. Reference: {handoff.reference}.",
        f"Urgency: {_URGENCIES[handoff.urgency]}. Promised until: {promised}.",
        "",
        f"Who it is, and the whole story: {settings.link_to(handoff.id)}",
    ]


def send(message: EmailMessage, settings: DeliverySettings) -> None:
    """Hand the message to the mail server.

    Raises:
        DeliveryFailed: it did not take it.
    """
    try:
        with _connect(settings) as server:
            if settings.smtp_user and settings.smtp_password:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message)
    except smtplib.SMTPResponseException as error:
        raise DeliveryFailed(f"The mail server answered {error.smtp_code}.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(f"The mail server cannot be used: {type(error).__name__}.") from error


def _connect(settings: DeliverySettings) -> smtplib.SMTP:
    host = settings.smtp_host or ""
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, settings.smtp_port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server
