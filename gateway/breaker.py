"""A circuit breaker: stops calling a part that keeps failing, and tries it again with one call at a time.

Own code, since of the libraries pybreaker has no asyncio, aiobreaker is not kept up, and purgatory lets every
waiting caller through at once after the pause (each would hang for the whole time-out) and measures with the wall clock.
"""

import time
from collections.abc import Callable
from enum import StrEnum


class State(StrEnum):
    """`closed` lets calls through, `open` refuses them, `trying` has let one through to see."""

    CLOSED = "closed"
    OPEN = "open"
    TRYING = "trying"


class Breaker:
    """Opens after `threshold` failures in a row; after `pause_seconds` one call may try."""

    def __init__(self, *, threshold: int, pause_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._threshold = threshold
        self._pause_seconds = pause_seconds
        self._clock = clock
        self._failure_count = 0
        self._retry_at = 0.0
        self.state = State.CLOSED

    def allows(self) -> bool:
        """Say whether a call may be made now. Who is allowed must report `succeeded` or `failed`."""
        if self.state is State.CLOSED:
            return True
        if self._clock() < self._retry_at:
            return False
        self.state = State.TRYING
        self._retry_at = self._clock() + self._pause_seconds  # a try that never reports blocks only that long
        return True

    def succeeded(self) -> None:
        """Close the circuit."""
        self.state = State.CLOSED
        self._failure_count = 0

    def failed(self) -> None:
        """Count a failure; open the circuit at the threshold, and at once when this was the try."""
        self._failure_count += 1
        if self.state is State.TRYING or self._failure_count >= self._threshold:
            self.state = State.OPEN
            self._retry_at = self._clock() + self._pause_seconds
