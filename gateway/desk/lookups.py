"""Keeps the lookup of the newest release: built in a thread, once for each release, when somebody first searches."""

import asyncio

from desk.lookup import Lookup
from gateway.library import Library


class Lookups:
    """One for each app. Whoever searches while a new release is taken up waits for it, a third of a second."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lookup: Lookup | None = None
        self._building = asyncio.Lock()
        self._task: asyncio.Task[Lookup | None] | None = None

    def prepare(self) -> None:
        """Begin to build it, so that it is there when somebody starts to type; does not wait."""
        if self._lookup is None and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self.newest())

    async def newest(self) -> Lookup | None:
        """Return the lookup of the newest release; None while nothing is published."""
        published = await self._library.published()
        if published is None:
            return None
        async with self._building:
            if self._lookup is None or self._lookup.release_id != published.release_id:
                self._lookup = await asyncio.to_thread(Lookup, published)
            return self._lookup
