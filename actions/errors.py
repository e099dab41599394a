"""Errors of the actions package.

ActionError
├── ClinicInvalid    data/clinic.yml cannot be used
└── WordingInvalid   data/replies.yml cannot be used
"""


class ActionError(Exception):
    """Root of everything that `actions` raises."""


class ClinicInvalid(ActionError):
    """The clinic's own facts are missing or malformed; the text says where."""


class WordingInvalid(ActionError):
    """What the actions say is missing or malformed; the text says where."""
