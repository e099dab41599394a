"""Identifiers: ULIDs for messages (they sort by time), unguessable ones for conversations, tokens and buttons."""

import hashlib
import re
import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_ID = re.compile(r"\A[A-Za-z0-9_-]{1,64}\Z")


def new_message_id() -> str:
    """Return a ULID: 48 bits of milliseconds and 80 random bits in Crockford's base 32."""
    number = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


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
