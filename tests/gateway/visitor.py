"""A visitor of the chat API, as tests need one."""

from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient


class Visitor:
    """Holds a conversation and its token."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.started = client.post("/api/conversations", json={}).json()
        self.id: str = self.started["conversation_id"]
        self.headers = {"Authorization": f"Bearer {self.started['token']}"}

    def call(self, method: str, path: str = "", **more: Any) -> Any:
        """Return the response to a request on this conversation."""
        return self.client.request(method, f"/api/conversations/{self.id}{path}", headers=self.headers | more.pop("headers", {}), **more)

    def post(self, body: dict[str, Any]) -> Any:
        """Return the response to a message with this body."""
        return self.call("POST", "/messages", json={"client_message_id": str(uuid4())} | body)

    def say(self, text: str) -> list[dict[str, Any]]:
        """Return the replies to a text."""
        response = self.post({"text": text})
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    def history(self, **query: str) -> list[dict[str, Any]]:
        """Return the messages of the conversation."""
        messages: list[dict[str, Any]] = self.call("GET", "/messages", params=query).json()["messages"]
        return messages
