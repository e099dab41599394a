"""An encrypted file, written and read as a stream of any length.

The form is the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015), as `age` uses it: chunks under AES-256-GCM, each
with its number and whether it is the last in the nonce, so that a file that is cut off, re-ordered or changed is noticed. Each file has
a key of its own, derived from the main key and a random salt.
"""

from __future__ import annotations

import base64
import binascii
import io
import secrets
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from deploy.errors import ArchiveDamaged, BackupKeyInvalid

MAGIC = b"frontdesk backup 1\n"
SALT_BYTES = 16
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
KEY_BYTES = 32


def read_key(text: str) -> bytes:
    """Return the key in `text`, 32 bytes in base 64 of either alphabet.

    Raises:
        BackupKeyInvalid: it is none.
    """
    try:
        key = base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BackupKeyInvalid from error
    if len(key) != KEY_BYTES:
        raise BackupKeyInvalid
    return key


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, MAGIC).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealedWriter(io.RawIOBase):
    """Encrypts what is written to it. Only `close` completes the file."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        file.write(MAGIC + salt)
        self._file, self._cipher = file, _cipher(key, salt)
        self._waiting, self._number = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take `data`; whole chunks are written once it is known that they are not the last."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, None))
        self._number += 1

    def close(self) -> None:
        """Write the last chunk."""
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
            self._waiting.clear()
        super().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Complete the file, unless something went wrong: then it stays unreadable."""
        if kind is None:
            self.close()


class SealedReader(io.RawIOBase):
    """Decrypts a file. Reading raises `ArchiveDamaged` where it is not what was written."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        head = file.read(len(MAGIC) + SALT_BYTES)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + SALT_BYTES:
            raise ArchiveDamaged
        self._chunks = _opened(file, _cipher(key, head[len(MAGIC) :]))
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; b"" at the end, which was checked to be the end."""
        parts = [self._left]
        length = len(self._left)
        while size < 0 or length < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            parts.append(chunk)
            length += len(chunk)
        data = b"".join(parts)
        cut = len(data) if size < 0 else size
        self._left = data[cut:]
        return data[:cut]


def _opened(file: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
    sealed, number, is_last = file.read(CHUNK_BYTES + TAG_BYTES), 0, False
    while not is_last:
        following = file.read(CHUNK_BYTES + TAG_BYTES)
        is_last = not following
        try:
            yield cipher.decrypt(_nonce(number, is_last=is_last), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise ArchiveDamaged from error
        sealed, number = following, number + 1
