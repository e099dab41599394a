"""What the tests of Rasa's side share. They run in .venv-bot: see pytest-bot.ini."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bot.__main__ import QUIET

os.environ.update(QUIET)

from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from sanic import Sanic

from bot.channel import FrontdeskInput
from bot.tracker_store import RecentTrackerStore

SECRET = "a-secret-of-the-tests-0123456789"

_numbers = itertools.count()

Sanic.test_mode = True  # several apps in one process


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.load("domain.yml")


@pytest.fixture
def store(domain: Domain) -> RecentTrackerStore:
    return RecentTrackerStore(domain)


class FakeAgent:
    """Rasa's agent as far as a channel sees it: takes a message, and utters what the test tells it to."""

    def __init__(self, store: RecentTrackerStore) -> None:
        self.domain = store.domain
        self.tracker_store = FailSafeTrackerStore(store)
        self.lock_store = InMemoryLockStore()
        self.heard: list[UserMessage] = []
        self.reply: Callable[[UserMessage], Any] | None = None
        self.has_model = True

    def is_ready(self) -> bool:
        return self.has_model

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        if self.reply:
            await self.reply(message)


@pytest.fixture
def agent(store: RecentTrackerStore) -> FakeAgent:
    return FakeAgent(store)


@pytest.fixture
def app(agent: FakeAgent) -> Iterator[Sanic]:
    """Rasa's server with our channel alone, registered as Rasa does it."""
    app = Sanic(f"rasa_{next(_numbers)}", configure_logging=False)
    app.ctx = SimpleNamespace(agent=agent)
    register([FrontdeskInput(SECRET)], app, route="/webhooks/")
    yield app
    Sanic._app_registry.pop(app.name, None)
