"""The desk as the assistant needs it: who can be reached now, and the wishes collected so far.

The assistant answers without the desk too: when the database does not answer, nobody counts as on duty, and a draft is not
kept. The contact card still carries the wishes then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from database.base import now
from database.engine import transaction
from desk import drafts, opening
from desk.availability import Availability, availability, in_words
from desk.drafts import Draft
from knowledge.clinic import Clinic

logger = logging.getLogger(__name__)


class Reception:
    """Opens a transaction for each call; safe to share between threads."""

    def __init__(self, engine: Engine, clinic: Clinic) -> None:
        self._engine = engine
        self.clinic = clinic

    def availability(self) -> Availability:
        """Return how the clinic can be reached now."""
        closed = Availability(opening.is_open(self.clinic, now()), is_staffed=False)
        return self._try(lambda session: availability(session, self.clinic, now()), closed)

    def opening_line(self) -> str:
        """Return when the clinic opens next, as a sentence; "" while it is open, and where it has given no hours."""
        if opening.is_open(self.clinic, now()):
            return ""
        words = in_words(self.clinic, opening.next_opening(self.clinic, now()))
        return f"The clinic opens on {words}." if words else ""

    def promise(self, channel: str) -> str:
        """Return what would be promised now to somebody who asks by `channel`."""
        return opening.promise(self.clinic, now(), channel).text

    def draft(self, conversation_id: str) -> Draft | None:
        """Return the draft of a conversation; None when there is none."""
        return self._try(lambda session: drafts.read(session, conversation_id), None)

    def keep(self, conversation_id: str, draft: Draft) -> None:
        """Keep the draft of a conversation."""
        self._try(lambda session: drafts.save(session, conversation_id, draft), None)

    def discard(self, conversation_id: str) -> None:
        """Forget the draft of a conversation."""
        self._try(lambda session: drafts.discard(session, conversation_id), None)

    def _try[T](self, work: Callable[[Session], T], otherwise: T) -> T:
        try:
            with transaction(self._engine) as session:
                return work(session)
        except SQLAlchemyError as error:
            logger.warning("the desk does not answer: %s", type(error).__name__)
            return otherwise
