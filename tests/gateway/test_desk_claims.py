"""Two people press "Claim" at the same moment, each in a browser of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from httpx import Response

from gateway.parts import Parts
from tests.gateway.desk_person import Person
from tests.gateway.filing import actions

ROUNDS = 100


def race(path: str, version: int, tokens: dict[str, str], people: tuple[Person, Person]) -> list[Response]:
    start = Barrier(len(people))

    def claim(who: Person) -> Response:
        form = {"csrf_token": tokens[who.login], "version": str(version)}
        start.wait()
        return who.browser.post(f"{path}/claim", data=form)

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(claim, people))


@pytest.mark.slow
def test_of_two_claims_at_once_one_wins_and_the_other_reads_who(dana: Person, sam: Person, parts: Parts, handoff_id: str) -> None:
    people, path = (dana, sam), f"/desk/handoffs/{handoff_id}"
    tokens = {each.login: each.csrf_token for each in people}
    for number in range(ROUNDS):
        replies = race(path, 1 + 2 * number, tokens, people)
        assert sorted(reply.status_code for reply in replies) == [303, 409]
        winner = people[[reply.status_code for reply in replies].index(303)]
        lost = next(reply for reply in replies if reply.status_code == 409)
        assert f"{winner.login.capitalize()} has taken this handoff." in lost.text
        assert winner.browser.post(f"{path}/release", data={"csrf_token": tokens[winner.login]}).status_code == 303
    assert actions(parts, handoff_id).count("handoff.claimed") == ROUNDS
