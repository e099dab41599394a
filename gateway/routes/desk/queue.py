"""The queue: what waits, what is due, and what one has claimed."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import handoffs, staff
from desk.models import CHANNELS, STATES, URGENCIES
from desk.sign_in import SignedIn
from gateway.desk.door import HandoffReader, QueueReader
from gateway.desk.pages import DeskRoute, go_to, page
from gateway.parts import PartsHere

router = APIRouter(prefix="/desk", route_class=DeskRoute)
PAGE = 50
OPEN = "open"
"""All states but resolved; what the queue shows unless asked otherwise."""


@dataclass(frozen=True)
class Filters:
    """What of the queue is shown. Empty shows all."""

    state: str
    urgency: str
    channel: str
    mine: bool

    @property
    def is_any(self) -> bool:
        """Say whether anything is left out that the queue shows by itself."""
        return self.state != OPEN or bool(self.urgency or self.channel or self.mine)

    def has(self, name: str, value: str) -> bool:
        """Say whether a filter is set to this value."""
        return self._chosen()[name] == value

    def query(self, **changes: str) -> str:
        """Return the filters as the query of an address, with changes; the default is left out."""
        chosen = self._chosen() | changes
        return "&".join(f"{name}={value}" for name, value in chosen.items() if value and (name, value) != ("state", OPEN))

    def _chosen(self) -> dict[str, str]:
        return {"state": self.state, "urgency": self.urgency, "channel": self.channel, "mine": "1" if self.mine else ""}


def read_filters(
    state: Annotated[Literal["open", "waiting", "claimed", "snoozed", "resolved"], Query()] = "open",
    urgency: Annotated[Literal["", "routine", "same_day", "urgent"], Query()] = "",
    channel: Annotated[Literal["", "live", "callback", "appointment"], Query()] = "",
    mine: Annotated[Literal["", "1"], Query()] = "",
) -> Filters:
    """Return the filters of an address."""
    return Filters(state, urgency, channel, mine == "1")


FiltersHere = Annotated[Filters, Depends(read_filters)]


@router.get("")
async def show_queue(
    parts: PartsHere, person: QueueReader, filters: FiltersHere, before: Annotated[str | None, Query(max_length=64)] = None
) -> Response:
    """What waits, what is due, and how many there are; scripts refresh it by themselves."""
    shown = await parts.storage.read(lambda session: _read(session, person, filters, before))
    choices: dict[str, Any] = {"states": (OPEN, *STATES), "urgencies": URGENCIES, "channels": CHANNELS}
    return page(parts, person, "queue.html", here="/desk", filters=filters, **choices, **shown)


@router.get("/find")
async def find_by_reference(parts: PartsHere, person: HandoffReader, reference: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Lead to the handoff whose reference a caller says."""
    handoff_id = await parts.storage.read(lambda session: handoffs.by_reference(session, reference).id)
    return go_to(f"/desk/handoffs/{handoff_id}")


def _read(session: Session, person: SignedIn, filters: Filters, before: str | None) -> dict[str, Any]:
    rows = handoffs.queue(
        session,
        state=None if filters.state == OPEN else filters.state,
        urgency=filters.urgency or None,
        channel=filters.channel or None,
        mine=person.staff_id if filters.mine else None,
        limit=PAGE,
        before=before,
    )
    return {
        "rows": rows,
        "due": handoffs.due(session, now()),
        "counts": handoffs.counts(session),
        "names": staff.names(session),
        "older": rows[-1].id if len(rows) == PAGE else None,
    }
