"""What callers asked and nobody could answer, for curators."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import tally
from gateway.desk.door import GapReader
from gateway.desk.pages import DeskRoute, page
from gateway.parts import PartsHere

router = APIRouter(prefix="/desk", route_class=DeskRoute)


@router.get("/gaps")
async def show_gaps(parts: PartsHere, person: GapReader, days: Annotated[int, Query(ge=1, le=365)] = 30) -> Response:
    """The questions of the last days, the most frequent first."""

    def work(session: Session) -> dict[str, Any]:
        since = now() - timedelta(days=days)
        return {"gaps": tally.gaps(session, since=since), "totals": tally.totals(session, since=since)}

    return page(parts, person, "gaps.html", here="/desk/gaps", days=days, **await parts.storage.read(work))
