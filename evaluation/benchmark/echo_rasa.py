"""Stands in for Rasa where the gateway alone is measured: `uvicorn evaluation.benchmark.echo_rasa:app` repeats what it is told, at once."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request

app = FastAPI(openapi_url=None)


@app.post("/webhooks/frontdesk/webhook")
async def repeat(request: Request) -> dict[str, Any]:
    """Reply as Rasa's channel does."""
    told = await request.json()
    message: dict[str, Any] = {"kind": "smalltalk", "text": f"You said: {told['text']}", "buttons": [], "assumed": None, "answer": None}
    return {"messages": [message]}


@app.get("/webhooks/frontdesk/")
async def report_health() -> dict[str, str]:
    """Say that it runs, as Rasa's channel does."""
    return {"status": "ok"}
