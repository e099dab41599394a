"""Errors of the bot package.

BotError
├── SettingsInvalid   an environment variable that Rasa needs is missing or malformed
└── RasaChanged       this Rasa is not the one that our measures were written for
"""


class BotError(Exception):
    """Root of everything that `bot` raises."""


class SettingsInvalid(BotError):
    """Rasa cannot start with this environment; the text says which variable to mend, and how."""


class RasaChanged(BotError):
    """Something of Rasa's that we replace or reach into is not there; the text says what."""
