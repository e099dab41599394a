"""Puts the gateway together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from database import migrate
from database.engine import open_database
from desk.delivery_settings import load_delivery_settings
from desk.settings import DeskSettings, load_desk_settings
from gateway import erasures, error_responses, events, live_watch
from gateway.action_server import ActionServer
from gateway.chat import Chat
from gateway.desk.chatting import MAX_FORM_BYTES
from gateway.desk.lookups import Lookups
from gateway.handoffs import Filing
from gateway.hub import Hub
from gateway.library import Library
from gateway.limiting import Limiter
from gateway.metrics import Metrics
from gateway.middleware.body_limit import BodyLimit
from gateway.middleware.origins import OriginCheck
from gateway.middleware.request_log import RequestLog
from gateway.middleware.security_headers import SecurityHeaders
from gateway.pages.templates import make_templates
from gateway.parts import Parts
from gateway.rasa_client import RasaClient
from gateway.routes import conversations, feedback, handoffs, health, messages, metrics, pages, static
from gateway.routes import desk as desk_pages
from gateway.schemas import MAX_BODY_BYTES
from gateway.settings import Settings
from gateway.storage import Storage
from gateway.tokens import TokenCheck
from knowledge.clinic import read_clinic
from language.red_flags import Screen

ROUTERS = (
    conversations.router,
    messages.router,
    feedback.router,
    handoffs.router,
    health.router,
    metrics.router,
    pages.router,
    desk_pages.router,
)


def create_app(settings: Settings, rasa_transport: httpx.AsyncBaseTransport | None = None, *, desk: DeskSettings | None = None) -> FastAPI:
    """Return the app. `rasa_transport` stands in for Rasa and the action server in tests; `desk` is read from the environment if None.

    Raises:
        DeskSettingsInvalid: the environment cannot be used.
        DatabaseError: the database cannot be opened, or has to be migrated.
        ClinicInvalid: the clinic's file cannot be used.
        WidgetInvalid: the widget's modules cannot be served.
        TermsInvalid: the red-flag screen cannot be read.
    """
    parts = _make_parts(settings, desk or load_desk_settings(), rasa_transport)
    app = FastAPI(
        title="Frontdesk chat API",
        version="1",
        description="Contract of the chat between a web page and the gateway. In words: docs/api.md.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        middleware=_middleware(settings, parts.metrics),
    )
    app.state.parts, app.state.metrics = parts, parts.metrics
    for router in ROUTERS:
        app.include_router(router)
    static.mount(app)
    error_responses.install(app)
    return app


def _make_parts(settings: Settings, desk: DeskSettings, rasa_transport: httpx.AsyncBaseTransport | None) -> Parts:
    clinic = read_clinic(settings.clinic_file)
    engine = open_database(settings.database_url)
    migrate.check(engine)
    storage, hub, figures = Storage(engine), Hub(), Metrics()
    rasa = RasaClient(settings, rasa_transport)
    screen = Screen.from_files(settings.safety_folder, clinic.numbers)
    sealer, library = desk.sealer(), Library(storage)
    return Parts(
        settings=settings,
        clinic=clinic,
        storage=storage,
        tokens=TokenCheck(storage, days=settings.conversation_days),
        rasa=rasa,
        actions=ActionServer(settings, rasa_transport),
        hub=hub,
        limiter=Limiter(settings),
        metrics=figures,
        library=library,
        lookups=Lookups(library),
        chat=Chat(settings, clinic, storage, rasa, hub, figures, screen),
        desk=desk,
        sealer=sealer,
        filing=Filing(clinic, sealer, screen, desk.phone_region, settings.live_wait_minutes, load_delivery_settings().targets),
        templates=make_templates(settings, clinic),
    )


def _middleware(settings: Settings, figures: Metrics) -> list[Middleware]:
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(settings.allowed_origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Retry-After", "X-Request-ID"],
        max_age=3600,
    )
    return [
        Middleware(RequestLog, metrics=figures),
        Middleware(SecurityHeaders, is_https=settings.public_url.startswith("https:")),
        cors,
        Middleware(OriginCheck, allowed=settings.allowed_origins),
        Middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, larger={"/desk/": MAX_FORM_BYTES}),
    ]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Parts = app.state.parts
    async with parts.rasa:
        tasks = [
            asyncio.create_task(events.watch_other_processes(parts.storage, parts.hub)),
            asyncio.create_task(parts.storage.flush_forever()),
            asyncio.create_task(erasures.settle_forever(parts.storage, parts.rasa)),
            asyncio.create_task(live_watch.watch_forever(parts.storage, parts.hub, parts.clinic, parts.settings.live_wait_minutes)),
        ]
        yield
        parts.hub.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    parts.storage.close()
