"""Errors of the gateway package, each with its HTTP status and its code for programs.

GatewayError
├── SettingsInvalid       the environment cannot be used; says how to mend it
├── WidgetInvalid         a module of the widget cannot be joined with the others
├── RequestRefused        the request was understood and is refused
│   ├── AccessRefused     no token, a wrong one, or another conversation's (401)
│   ├── MessageNotFound   no such message in this conversation (404)
│   ├── MessageConflict   the same client_message_id with other content (409)
│   ├── TextEmpty         nothing readable is left (422)
│   ├── TextTooLong       more than fits into one question (422)
│   ├── PayloadNotOffered not a button of this conversation (422)
│   ├── ConsentMissing    a handoff without consent (422)
│   ├── HandoffConflict   the same client_request_id with other content (409)
│   └── TooManyRequests   a limit is reached (429); carries the seconds to wait
│       └── TooManyHandoffs  enough requests to the clinic for a day
├── StorageUnavailable    the database does not answer now (503); a retry can help
├── NotReady              a part is not ready (503); carries the state of each part
└── BotUnavailable        Rasa is down, slow or wrong; the visitor gets the fallback instead
    └── BotAnswerInvalid  Rasa answered with something else than agreed
"""

from collections.abc import Mapping


class GatewayError(Exception):
    """Root of everything that `gateway` raises."""

    status = 500
    code = "internal_error"
    message = "Something went wrong on our side. Please try again."

    def __str__(self) -> str:
        return self.message

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers that belong to this refusal."""
        return {}


class SettingsInvalid(GatewayError):
    """The environment cannot be used. Its text names each variable and how to mend it."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        self.message = "\n".join([*faults, "All settings: docs/configuration.md."])
        super().__init__(self.message)


class WidgetInvalid(GatewayError):
    """The widget's modules cannot be served as one script. Its text names the module and the line."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class RequestRefused(GatewayError):
    """Base of refusals that the sender can mend."""

    status = 422
    code = "invalid_request"
    message = "The request is not valid."
    field: str | None = None
    """The field of a form that it is about."""


class AccessRefused(RequestRefused):
    """One answer for a missing, wrong or foreign token and for an unknown conversation, so that nothing is told."""

    status = 401
    code = "access_refused"
    message = "This conversation does not exist, or the token does not belong to it. Start a new conversation."

    @property
    def headers(self) -> Mapping[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class MessageNotFound(RequestRefused):
    status = 404
    code = "message_not_found"
    message = "There is no such message in this conversation."


class MessageConflict(RequestRefused):
    status = 409
    code = "message_conflict"
    message = "This client_message_id was already used for another message."


class TextEmpty(RequestRefused):
    code = "text_empty"
    message = "The message has no readable text."


class TextTooLong(RequestRefused):
    code = "text_too_long"
    message = "The message is too long. Please ask in at most 1,000 characters and 200 words."


class PayloadNotOffered(RequestRefused):
    code = "payload_not_offered"
    message = "This button does not belong to this conversation."


class ConsentMissing(RequestRefused):
    code = "consent_missing"
    message = "Please agree that the clinic stores your contact details, so that it can answer you."
    field = "consent"


class HandoffConflict(RequestRefused):
    status = 409
    code = "handoff_conflict"
    message = "This client_request_id was already used for another request."


class TooManyRequests(RequestRefused):
    """A limit is reached; `wait_seconds` until the next attempt can succeed."""

    status = 429
    code = "too_many_requests"
    message = "That was very fast. Please wait a moment and try again."

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        super().__init__()

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": str(self.wait_seconds)}


class TooManyHandoffs(TooManyRequests):
    message = "You have already asked us several times today, and we have your requests. If it cannot wait, please call us."


class StorageUnavailable(GatewayError):
    status = 503
    code = "storage_unavailable"
    message = "The message could not be stored. Please try again in a moment."

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": "2"}


class BotUnavailable(GatewayError):
    """No usable answer from Rasa. `cause` is one word for metrics and logs; never message text."""

    status = 502
    code = "bot_unavailable"
    message = "The assistant does not answer."

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


class BotAnswerInvalid(BotUnavailable):
    """Rasa's reply does not follow the contract, or is empty."""
