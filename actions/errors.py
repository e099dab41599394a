"""Errors of the actions package.

ActionError
└── WordingInvalid   data/replies.yml cannot be used
"""


class ActionError(Exception):
    """Root of everything that `actions` raises."""


class WordingInvalid(ActionError):
    """What the actions say is missing or malformed; the text says where."""
