import asyncio

import httpx
import pytest

from gateway.breaker import Breaker, State
from gateway.errors import BotUnavailable
from gateway.rasa_client import FAILURES_TO_OPEN, RasaClient
from gateway.settings import Settings
from gateway.turns import Question
from tests.gateway.fakes import FakeRasa

QUESTION = Question("c" * 32, "m", 1, "text", "Hello")


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_breaker_opens_after_failures_in_a_row() -> None:
    breaker = Breaker(threshold=2, pause_seconds=5)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()


def test_breaker_lets_one_call_try_and_closes_when_it_succeeds() -> None:
    clock = Clock()
    breaker = Breaker(threshold=1, pause_seconds=5, clock=clock)
    breaker.failed()
    clock.seconds = 5
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.succeeded()
    assert (breaker.state, breaker.allows()) == (State.CLOSED, True)


def test_breaker_opens_again_when_the_try_fails() -> None:
    clock = Clock()
    breaker = Breaker(threshold=3, pause_seconds=5, clock=clock)
    for _ in range(3):
        breaker.failed()
    clock.seconds = 5
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()


def test_try_that_never_reports_blocks_for_one_pause_only() -> None:
    clock = Clock()
    breaker = Breaker(threshold=1, pause_seconds=5, clock=clock)
    breaker.failed()
    clock.seconds = 5
    assert breaker.allows()
    clock.seconds = 10
    assert breaker.allows()


def ask_often(settings: Settings, rasa: FakeRasa, times: int) -> list[str]:
    async def main() -> list[str]:
        causes = []
        async with RasaClient(settings, rasa.transport) as client:
            for _ in range(times):
                try:
                    await client.ask(QUESTION)
                except BotUnavailable as error:
                    causes.append(error.cause)
        return causes

    return asyncio.run(main())


def test_client_stops_calling_a_rasa_that_fails(settings: Settings, rasa: FakeRasa) -> None:
    rasa.failure = httpx.ConnectError("refused")
    causes = ask_often(settings, rasa, FAILURES_TO_OPEN + 2)
    assert causes == ["unreachable"] * FAILURES_TO_OPEN + ["circuit_open"] * 2


def test_client_gives_up_on_a_rasa_that_drips(settings: Settings, rasa: FakeRasa) -> None:
    """Httpx limits the wait for each piece of a reply, not for the whole."""
    rasa.delay_seconds = 5
    assert ask_often(settings.model_copy(update={"rasa_timeout_seconds": 0.05}), rasa, 1) == ["timeout"]


@pytest.mark.parametrize(("status", "cause"), [(403, "status_403"), (415, "status_415"), (422, "status_422"), (502, "status_502")])
def test_client_names_the_cause(settings: Settings, rasa: FakeRasa, status: int, cause: str) -> None:
    rasa.failure = httpx.Response(status)
    assert ask_often(settings, rasa, 1) == [cause]
