"""Errors of the language package.

LanguageError
├── TermsInvalid          a file with terms cannot be used
└── EncoderUnavailable    the sentence encoder's weights are missing or damaged
"""


class LanguageError(Exception):
    """Root of everything that `language` raises."""


class TermsInvalid(LanguageError):
    """A file with terms lacks what the matcher needs."""


class EncoderUnavailable(LanguageError):
    """The encoder cannot run; search falls back to words."""
