"""Errors of the bot package.

BotError
└── SettingsInvalid   an environment variable that Rasa needs is missing or malformed
"""


class BotError(Exception):
    """Root of everything that `bot` raises."""


class SettingsInvalid(BotError):
    """Rasa cannot start with this environment; the text says which variable to mend, and how."""
