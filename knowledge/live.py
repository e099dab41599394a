"""Keeps the search of the newest release at hand, and takes up a new one within seconds, without blocking a question."""

from __future__ import annotations

import logging
import threading

from sqlalchemy import Engine

from knowledge.building import Materials, build_search
from knowledge.published import newest_release_id, read_published
from knowledge.search import Search

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""A new release is looked for this often."""


class LiveSearch:
    """`current` is always a whole search; a new release replaces it by one assignment."""

    def __init__(self, engine: Engine, materials: Materials) -> None:
        """Build the first search.

        Raises:
            NothingPublished: nothing was imported yet.
        """
        self._engine = engine
        self._materials = materials
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="follow-releases", daemon=True)
        self.current: Search = build_search(read_published(engine), materials)

    def start(self) -> None:
        """Begin to follow the releases."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following; returns when the thread has ended."""
        self._stopped.set()
        self._thread.join()

    def refresh(self) -> bool:
        """Take up a newer release if there is one; say whether there was."""
        if newest_release_id(self._engine) == self.current.published.release_id:
            return False
        self.current = build_search(read_published(self._engine), self._materials)
        logger.info("release %s is searched now", self.current.published.release_id)
        return True

    def _follow(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            try:
                self.refresh()
            except Exception as error:  # noqa: BLE001  the edge of a thread: should it end, no release would ever be taken up again
                logger.warning("the newest release cannot be read, the old one stays: %s", type(error).__name__)
