"""Ids that sort by time."""

import secrets
import time

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without I, L, O and U, which are mistaken for others. Source: https://www.crockford.com/base32.html."""

_RANDOM_BITS = 80


def new_ulid() -> str:
    """Return a ULID: 48 bits of milliseconds and 80 random bits in Crockford's base 32, 26 characters."""
    number = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
