"""Seals contact details: unreadable in the database and its copies without a key from the environment.

Fernet: AES-128-CBC with HMAC-SHA256 (https://cryptography.io/en/latest/fernet/, read 2026-11-21).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desk.errors import EncryptionKeyInvalid, EncryptionKeyMissing


def new_key() -> str:
    """Return a fresh key for FRONTDESK_CONTACT_KEYS."""
    return Fernet.generate_key().decode()


class Sealer:
    """Seals with the first key and opens with any, so that keys can be exchanged while everything runs."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raise `EncryptionKeyInvalid` for no key, or something that is none."""
        if not keys:
            raise EncryptionKeyInvalid
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise EncryptionKeyInvalid from error
        self._digest_keys = [_digest_key(key) for key in keys]

    @classmethod
    def from_keys(cls, keys: str) -> Sealer:
        """Return the sealer for keys with commas between them. Raises as the constructor."""
        return cls([key for part in keys.split(",") if (key := part.strip())])

    def seal(self, values: Mapping[str, Any]) -> bytes:
        """Return `values`, which JSON can hold, as bytes that nobody without a key can read or change."""
        return self._fernet.encrypt(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Return what was sealed.

        Raises:
            EncryptionKeyMissing: none of the keys opens it.
        """
        try:
            return cast(dict[str, Any], json.loads(self._fernet.decrypt(bytes(sealed))))
        except InvalidToken as error:
            raise EncryptionKeyMissing from error

    def reseal(self, sealed: bytes) -> bytes:
        """Return the same, sealed with the first key. Raises as `open`."""
        try:
            return self._fernet.rotate(bytes(sealed))
        except InvalidToken as error:
            raise EncryptionKeyMissing from error

    def digest(self, text: str) -> str:
        """Return 64 hexadecimal digits by which equal texts are found, and from which nobody without the key learns the text."""
        return self.digests(text)[0]

    def digests(self, text: str) -> tuple[str, ...]:
        """Return the digest under each key: a stored one may stem from a key that was the first one then."""
        return tuple(hmac.new(key, text.encode(), "sha256").hexdigest() for key in self._digest_keys)


def _digest_key(key: str) -> bytes:
    return HKDF(SHA256(), 32, None, b"frontdesk digest").derive(key.encode())
