"""Deliveries that were given up, and the way to try them again, for administrators."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.base import now
from desk import audit, outbox
from desk.errors import AccessRefused
from desk.models import Delivery, Handoff
from gateway.desk.door import DeliveryKeeper
from gateway.desk.pages import DeskRoute, go_to, page
from gateway.parts import PartsHere

router = APIRouter(prefix="/desk", route_class=DeskRoute)
PAGE = 100


@router.get("/deliveries")
async def show_deliveries(parts: PartsHere, person: DeliveryKeeper, retried: Annotated[bool, Query()] = False) -> Response:
    """The dead ones, and those that wait for another attempt."""
    return page(parts, person, "deliveries.html", here="/desk/deliveries", retried=retried, **await parts.storage.read(_read))


def _read(session: Session) -> dict[str, Any]:
    shown = select(Delivery, Handoff.reference).join(Handoff, Handoff.id == Delivery.handoff_id).limit(PAGE)
    dead = shown.where(Delivery.state == "dead").order_by(Delivery.created_at.desc())
    late = shown.where(Delivery.state == "waiting", Delivery.attempts > 0).order_by(Delivery.next_attempt_at)
    counts = dict(session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all())
    return {"dead": _rows(session, dead), "late": _rows(session, late), "counts": counts}


def _rows(session: Session, shown: Any) -> list[dict[str, Any]]:
    columns = ("id", "handoff_id", "target", "event", "attempts", "next_attempt_at", "last_error", "created_at")
    return [{name: getattr(row, name) for name in columns} | {"reference": reference} for row, reference in session.execute(shown)]


@router.post("/deliveries/{delivery_id}/retry")
async def retry_delivery(parts: PartsHere, person: DeliveryKeeper, delivery_id: str) -> Response:
    """Let a dead delivery be tried again, as if it were new."""

    def work(session: Session) -> None:
        if not outbox.retry(session, delivery_id, now()):
            raise AccessRefused
        audit.append(
            session,
            staff_id=person.staff_id,
            action="delivery.retried",
            object_kind="delivery",
            object_id=delivery_id,
            details={},
            at=now(),
        )

    await parts.storage.write(work)
    return go_to("/desk/deliveries?retried=true")
