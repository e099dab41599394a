"""Refusals of the staff pages that are none of the chat API.

GatewayError
└── DeskRefused
    ├── SignInNeeded           nobody is signed in, or not any more
    ├── PasswordChangeNeeded   the first password was not changed yet
    ├── FormTooOld             a change without the token of this session, or from another site (403)
    ├── ReplyEmpty             nothing readable is left (422)
    └── ReplyTooLong           more than fits into one reply (422)
"""

from gateway.errors import GatewayError


class DeskRefused(GatewayError):
    """Base of the refusals of the staff pages."""

    status = 403
    code = "desk_refused"


class SignInNeeded(DeskRefused):
    status = 401
    code = "sign_in_needed"
    message = "Please sign in."


class PasswordChangeNeeded(DeskRefused):
    code = "password_change_needed"
    message = "Please choose a password of your own first."


class FormTooOld(DeskRefused):
    code = "form_too_old"
    message = "This page was open for too long, or somebody signed in again meanwhile. Nothing was changed. Please reload it and try again."


class ReplyEmpty(DeskRefused):
    status = 422
    code = "reply_empty"
    message = "The reply has no readable text. Nothing was sent."


class ReplyTooLong(DeskRefused):
    status = 422
    code = "reply_too_long"
    message = "The reply is longer than 2,000 characters. Nothing was sent. Please send it in two parts."
