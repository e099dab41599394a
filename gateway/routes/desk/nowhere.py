"""Every other address under /desk: the same page for what does not exist and for what may not be seen."""

from fastapi import APIRouter, Request, Response

from gateway.desk.door import AnyoneHere
from gateway.desk.pages import NOT_FOUND, DeskRoute, refusal

router = APIRouter(prefix="/desk", route_class=DeskRoute)


@router.get("/{path:path}")
async def show_nothing(request: Request, path: str, person: AnyoneHere) -> Response:
    """Say that there is no such page."""
    return refusal(request, 404, NOT_FOUND)
