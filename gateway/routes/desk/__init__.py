"""The staff desk under /desk: one file a page. No address of it is in the API's description."""

from fastapi import APIRouter

from gateway.routes.desk import (
    assist,
    audit,
    deliveries,
    duty,
    events,
    gaps,
    handoff,
    handoff_filing,
    live,
    nowhere,
    password,
    queue,
    sign_in,
    staff,
    verbs,
)

PAGES = (sign_in, password, duty, queue, events, handoff_filing, handoff, verbs, live, assist, gaps, deliveries, staff, audit, nowhere)


def _router() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    for module in PAGES:
        router.include_router(module.router)
    return router


router = _router()
