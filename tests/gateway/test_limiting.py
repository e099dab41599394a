import pytest
from starlette.testclient import TestClient

from gateway.app import create_app
from gateway.limiting import Limiter, address_group
from gateway.settings import Settings
from tests.gateway.fakes import FakeRasa
from tests.gateway.visitor import Visitor

pytestmark = pytest.mark.slow


def make_client(settings: Settings, rasa: FakeRasa, address: str = "203.0.113.7", **limits: str) -> TestClient:
    app = create_app(settings.model_copy(update=limits), rasa.transport)
    return TestClient(app, client=(address, 50000))


def post_until_refused(visitor: Visitor, text: str = "Hello", most: int = 20) -> int:
    for count in range(most):
        response = visitor.post({"text": text})
        if response.status_code == 429:
            assert response.json()["error"]["code"] == "too_many_requests"
            assert int(response.headers["Retry-After"]) >= 1
            return count
    return most


def test_conversation_has_a_limit_of_its_own(settings: Settings, rasa: FakeRasa) -> None:
    with make_client(settings, rasa, limit_messages="3/minute") as client:
        assert post_until_refused(Visitor(client)) == 3
        assert Visitor(client).post({"text": "Hello"}).status_code == 200


def test_long_messages_cost_more(settings: Settings, rasa: FakeRasa) -> None:
    with make_client(settings, rasa, limit_cost="10/minute") as client:
        assert post_until_refused(Visitor(client), "Hello") == 10
        assert post_until_refused(Visitor(client), "a b " * 99) == 2


def test_address_has_a_wider_limit(settings: Settings, rasa: FakeRasa) -> None:
    with make_client(settings, rasa, limit_messages_of_address="5/minute") as client:
        assert [post_until_refused(Visitor(client), most=3) for _ in range(2)] == [3, 2]


def test_new_conversations_of_an_address_are_limited(settings: Settings, rasa: FakeRasa) -> None:
    with make_client(settings, rasa, limit_conversations="2/minute") as client:
        statuses = [client.post("/api/conversations").status_code for _ in range(3)]
    assert statuses == [201, 201, 429]


def test_this_machine_is_not_limited_by_address(settings: Settings, rasa: FakeRasa) -> None:
    with make_client(settings, rasa, "127.0.0.1", limit_conversations="1/minute", limit_messages_of_address="1/minute") as client:
        assert [post_until_refused(Visitor(client), most=2) for _ in range(3)] == [2, 2, 2]


def test_refused_message_is_not_stored(settings: Settings, rasa: FakeRasa) -> None:
    with make_client(settings, rasa, limit_messages="1/minute") as client:
        visitor = Visitor(client)
        post_until_refused(visitor)
        assert len(visitor.history()) == 3


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("testclient", None),
        (None, None),
    ],
)
def test_address_group(address: str | None, group: str | None) -> None:
    assert address_group(address) == group


def test_limits_store_must_be_asynchronous(settings: Settings) -> None:
    with pytest.raises(TypeError):
        Limiter(settings.model_copy(update={"limits_store": "memory://"}))
