"""Headers, origins, health, metrics: what every deployment sees."""

import asyncio

import httpx
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from gateway.action_server import ActionServer
from gateway.parts import Parts
from gateway.settings import Settings
from tests.gateway.fakes import FakeRasa
from tests.gateway.visitor import Visitor

CLINIC = "https://clinic.example.org"
PATHS = ("/", "/faq", "/embed", "/api/health", "/api/openapi.json", "/nothing", "/site/site.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Request-ID"]


def test_allowed_site_may_call(client: TestClient) -> None:
    response = client.post("/api/conversations", headers={"Origin": CLINIC})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (201, CLINIC)


def test_allowed_site_passes_the_preflight(client: TestClient) -> None:
    asked = {"Origin": CLINIC, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    response = client.options("/api/conversations", headers=asked)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == CLINIC


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{CLINIC}.evil.example", "http://clinic.example.org", "https://[", ""])
def test_other_sites_may_not_call(client: TestClient, origin: str) -> None:
    response = client.post("/api/conversations", headers={"Origin": origin})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "origin_not_allowed")
    assert "Access-Control-Allow-Origin" not in response.headers


def test_own_pages_may_call(client: TestClient) -> None:
    assert client.post("/api/conversations", headers={"Origin": "http://testserver"}).status_code == 201


def test_api_replies_are_not_cached(visitor: Visitor) -> None:
    assert visitor.call("GET", "/messages").headers["Cache-Control"] == "no-store"


def test_ready_names_each_part(client: TestClient) -> None:
    response = client.get("/api/ready")
    parts = {"gateway": "ok", "database": "ok", "knowledge": "ok", "rasa": "ok", "actions": "ok"}
    assert (response.status_code, response.json()) == (200, {"status": "ready", "parts": parts})


def test_ready_says_when_rasa_is_down_and_health_does_not_care(client: TestClient, rasa: FakeRasa) -> None:
    rasa.failure = httpx.ConnectError("refused")
    response = client.get("/api/ready")
    assert (response.status_code, response.json()["parts"]["rasa"]) == (503, "down")
    assert client.get("/api/health").json() == {"status": "ok"}


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), httpx.Response(503)])
def test_action_server_is_asked_beside_the_address_that_rasa_calls(failure: Exception | httpx.Response, settings: Settings) -> None:
    asked = []

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if isinstance(failure, Exception):
            raise failure
        return failure

    assert asyncio.run(ActionServer(settings, httpx.MockTransport(answer)).is_ready()) is False
    assert asked == ["http://127.0.0.1:5055/ready"]


def test_database_fault_is_503_and_can_be_retried(visitor: Visitor, parts: Parts) -> None:
    with parts.storage.engine.begin() as connection:
        connection.execute(text("ALTER TABLE messages RENAME TO hidden"))
    try:
        response = visitor.post({"text": "Hello"})
    finally:
        with parts.storage.engine.begin() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO messages"))
    assert (response.status_code, response.json()["error"]["code"]) == (503, "storage_unavailable")
    assert response.headers["Retry-After"]


def test_metrics_count_messages_and_kinds(visitor: Visitor, rasa: FakeRasa) -> None:
    visitor.say("Hello")
    rasa.failure = httpx.ConnectError("refused")
    visitor.say("Hello?")
    figures = visitor.client.get("/metrics").text
    for line in (
        'frontdesk_replies_total{kind="smalltalk"}',
        'frontdesk_replies_total{kind="unavailable"}',
        'frontdesk_bot_failures_total{cause="unreachable"}',
        'frontdesk_message_seconds_count{stage="rasa"}',
        "frontdesk_open_streams 0.0",
    ):
        assert line in figures
    assert visitor.id not in figures


def test_metrics_are_for_this_machine_only(client: TestClient) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 401


def test_openapi_documents_the_error_form(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    post = described["paths"]["/api/conversations/{conversation_id}/messages"]["post"]["responses"]
    assert {post[status]["content"]["application/json"]["schema"]["$ref"] for status in ("401", "409", "413", "422", "429")} == {
        "#/components/schemas/ErrorBody"
    }
    assert "HTTPValidationError" not in described["components"]["schemas"]
