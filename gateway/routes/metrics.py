"""Figures for Prometheus."""

import hmac

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway.errors import AccessRefused
from gateway.limiting import address_group
from gateway.parts import Parts, PartsHere, address_of

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def read_metrics(request: Request, parts: PartsHere) -> Response:
    """Return all figures, to who has the token; without a token set, to this machine only."""
    if not _may_read(request, parts):
        raise AccessRefused
    return Response(generate_latest(parts.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _may_read(request: Request, parts: Parts) -> bool:
    token = parts.settings.metrics_token
    if token is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    is_forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return address_group(address_of(request)) is None and not is_forwarded
