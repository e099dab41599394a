"""Who did and read what, for administrators. Nothing can be changed here."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit, staff
from desk.models import AuditEntry
from gateway.desk.door import Auditor
from gateway.desk.pages import DeskRoute, page
from gateway.parts import PartsHere

router = APIRouter(prefix="/desk", route_class=DeskRoute)
PAGE = 100


@router.get("/audit")
async def show_audit(
    parts: PartsHere,
    person: Auditor,
    before: Annotated[int | None, Query(ge=1)] = None,
    object: Annotated[str, Query(max_length=128)] = "",
    verify: bool = False,
) -> Response:
    """The newest entries first; with `verify`, whether the chain is whole (reads all of it)."""

    def work(session: Session) -> dict[str, Any]:
        entries = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE)
        entries = entries.where(AuditEntry.id < before) if before else entries
        entries = entries.where(AuditEntry.object_id == object) if object else entries
        names = staff.names(session)
        rows = [
            {"id": row.id, "at": row.at, "who": names.get(row.staff_id or 0, "the system"), "action": row.action}
            | {"kind": row.object_kind, "object_id": row.object_id, "details": row.details}
            for row in session.scalars(entries)
        ]
        return {"entries": rows, "breaks": audit.verify(session) if verify else None}

    shown = await parts.storage.read(work)
    older = shown["entries"][-1]["id"] if len(shown["entries"]) == PAGE else None
    return page(parts, person, "audit.html", here="/desk/audit", older=older, object=object, **shown)
