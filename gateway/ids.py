"""Identifiers: ULIDs for messages (they sort by time), unguessable ones for conversations, tokens and buttons."""

import hashlib
import re
import secrets

from database.ids import new_ulid

_ID = re.compile(r"\A[A-Za-z0-9_-]{1,64}\Z")


def new_message_id() -> str:
    """Return a ULID, which sorts by time."""
    return new_ulid()


def new_conversation_id() -> str:
    """Return 192 random bits in 32 URL-safe characters; also Rasa's sender id."""
    return secrets.token_urlsafe(24)


def new_token() -> str:
    """Return 256 random bits; only their hash is stored."""
    return secrets.token_urlsafe(32)


def new_button_id() -> str:
    """Return 128 random bits that stand for a payload."""
    return secrets.token_urlsafe(16)


def is_id(text: str) -> bool:
    """Say whether `text` can be one of our ids at all. PostgreSQL refuses to look for some that cannot, as null bytes."""
    return _ID.match(text) is not None


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token. A slow hash is not needed: a token of 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
