"""The action server: Rasa's ActionExecutor in a small ASGI app, on loopback.

Rasa posts `{"next_action", "sender_id", "tracker"}` to `/webhook` and gets `{"events", "responses"}`.
An action that fails answers 500 without a word of the conversation, so that nothing personal reaches a log. So does one that
rejects its turn: told of a rejection (400), Rasa would ask again without end inside a form.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException

from actions.action_answer_question import ActionAnswerQuestion
from actions.action_ask_about import ActionAskAbout
from actions.action_ask_change_wish import ActionAskChangeWish
from actions.action_ask_insurer import ActionAskInsurer
from actions.action_ask_patient import ActionAskPatient
from actions.action_ask_preferred_times import ActionAskPreferredTimes
from actions.action_ask_request_sent import ActionAskRequestSent
from actions.action_ask_visit_type import ActionAskVisitType
from actions.action_offer_person import ActionOfferPerson
from actions.action_open_contact_card import ActionOpenContactCard
from actions.action_repeat import ActionRepeat
from actions.action_show_answer import ActionShowAnswer
from actions.action_show_sources import ActionShowSources
from actions.offering import Offering
from actions.settings import ActionSettings
from actions.wish_form import WishForm
from actions.wording import read_wording
from database.engine import open_database
from database.migrate import check
from desk.reception import Reception
from knowledge.building import read_materials
from knowledge.clinic import read_clinic
from knowledge.live import LiveSearch

logger = logging.getLogger(__name__)

QUESTIONS = (
    ActionAskVisitType,
    ActionAskPreferredTimes,
    ActionAskPatient,
    ActionAskInsurer,
    ActionAskAbout,
    ActionAskChangeWish,
    ActionAskRequestSent,
)

EMPTY_DOMAIN: dict[str, list[str]] = {"actions": []}
"""Our actions read nothing of Rasa's domain, so it is not sent; rasa-sdk insists on one."""


def create_app(settings: ActionSettings) -> FastAPI:
    """Return the app with its search, which follows new releases while the app runs.

    Raises:
        ActionError, DatabaseError, KnowledgeError, LanguageError: with what to do about it.
    """
    live = open_search(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        live.start()
        yield
        await run_in_threadpool(live.stop)

    app = FastAPI(title="Frontdesk actions", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.live, app.state.executor = live, register(live, open_reception(settings), settings)
    app.add_api_route("/webhook", run_action, methods=["POST"])
    app.add_api_route("/ready", report_readiness, methods=["GET"])
    return app


def open_search(settings: ActionSettings) -> LiveSearch:
    """Open the database and build the search.

    Raises:
        DatabaseError, KnowledgeError, LanguageError: with what to do about it.
    """
    engine = open_database(settings.database_url)
    check(engine)
    return LiveSearch(engine, read_materials(settings.data))


def open_reception(settings: ActionSettings) -> Reception:
    """Return the desk as the actions need it. Raises as `open_search`."""
    return Reception(open_database(settings.database_url), read_clinic(settings.data / "clinic.yml"))


def register(live: LiveSearch, reception: Reception, settings: ActionSettings) -> ActionExecutor:
    """Return an executor that knows all actions of the assistant."""
    executor = ActionExecutor()
    wording = read_wording(settings.data / "replies.yml", reception.clinic)
    offering = Offering(wording, reception)
    repeat, sources = ActionRepeat(live, wording), ActionShowSources(live, wording)
    answering = {"": ActionAnswerQuestion(live, wording, None), "ask_repeat": repeat, "ask_source": sources}
    form = WishForm(live, wording, reception, offering, answering)
    for action in (
        ActionAnswerQuestion(live, wording, offering),
        ActionShowAnswer(live, wording),
        repeat,
        sources,
        ActionOfferPerson(offering),
        ActionOpenContactCard(wording, reception, offering),
        *(ask(form) for ask in QUESTIONS),
    ):
        executor.register_action(action)
    return executor


async def run_action(request: Request) -> Response:
    """Run one action for Rasa."""
    call = await _read_call(request)
    if call is None:
        return JSONResponse({"error": "expected an object with next_action and tracker"}, status_code=400)
    try:
        result = await request.app.state.executor.run(call | {"domain": EMPTY_DOMAIN})
    except ActionNotFoundException as error:
        return JSONResponse({"error": "unknown action", "action_name": error.action_name}, status_code=404)
    except Exception as error:  # noqa: BLE001  the process edge: rasa-sdk would put the whole conversation into its reply
        logger.error("action %s failed with %s at:\n%s", call["next_action"], type(error).__name__, _places(error))
        return JSONResponse({"error": "failed", "action_name": call["next_action"]}, status_code=500)
    return JSONResponse(result.model_dump())


async def _read_call(request: Request) -> dict[str, Any] | None:
    try:
        call = await request.json()
    except ValueError:
        return None
    is_whole = isinstance(call, dict) and isinstance(call.get("next_action"), str) and isinstance(call.get("tracker"), dict)
    return call if is_whole and call["next_action"] else None


def _places(error: Exception) -> str:
    """Where it failed, without its message: that may quote what the visitor typed."""
    return "".join(traceback.format_tb(error.__traceback__))


async def report_readiness(request: Request) -> Response:
    """Say which release is searched, and whether sentence vectors are used."""
    search = request.app.state.live.current
    warnings = [] if search.has_vectors else ["The sentence encoder is missing: search works on words alone."]
    return JSONResponse({"status": "ready", "release": search.published.release_id, "vectors": search.has_vectors, "warnings": warnings})
