"""The published knowledge as the gateway shows it: read once per release, looked at again every few seconds."""

import time
from collections import Counter
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from gateway.errors import StorageUnavailable
from gateway.replies import MAX_TOPICS
from gateway.storage import Storage
from knowledge.errors import NothingPublished
from knowledge.published import Published, newest_release_id, read_published

LOOK_SECONDS = 3.0


@dataclass
class Library:
    """Keeps the newest release. `None` stands for a clinic that has published nothing yet."""

    storage: Storage
    _published: Published | None = None
    _looked_at: float = -LOOK_SECONDS

    async def published(self) -> Published | None:
        """Return the newest release; None before the first.

        Raises:
            StorageUnavailable: the database does not answer, and no release was read before.
        """
        if time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = time.monotonic()
            await self._look()
        return self._published

    async def _look(self) -> None:
        try:
            self._published = await self.storage.read(lambda _: _read(self.storage, self._published))
        except StorageUnavailable:
            if self._published is None:
                raise

    async def topics(self) -> list[str]:
        """Return the names of the topics with the most answers, for the greeting."""
        published = await self.published()
        if published is None:
            return []
        counts = Counter(answer.topic for answer in published.answers)
        return [published.topic_names[topic] for topic, _ in counts.most_common(MAX_TOPICS)]


def _read(storage: Storage, known: Published | None) -> Published | None:
    try:
        newest = newest_release_id(storage.engine)
        if known is not None and newest == known.release_id:
            return known
        return read_published(storage.engine)
    except NothingPublished:
        return None
    except SQLAlchemyError as error:
        raise StorageUnavailable from error
