"""The app against its own OpenAPI: no fault of ours, and no answer that is not described."""

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient

from tests.gateway.visitor import Visitor

pytestmark = pytest.mark.slow

SETTINGS = settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
MEANT = [
    positive_data_acceptance,  # well-formed messages are refused for what they mean: a button that was never offered
    ignored_auth,  # test_access.py has every call; here the token is put into each case by hand
]


@pytest.fixture(scope="module")
def operations(client: TestClient) -> list[Any]:
    schema = schemathesis.openapi.from_dict(client.get("/api/openapi.json").json())
    return [operation.ok() for operation in schema.exclude(path_regex="/events$").get_all_operations() if isinstance(operation, Ok)]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_api_keeps_its_contract(operations: list[Any], client: TestClient, mode: GenerationMode) -> None:
    """Schemathesis' own pytest plugin does not know pytest 9 yet, so its cases are drawn here."""
    assert len(operations) == 11
    visitor = Visitor(client)

    def check(case: Any) -> None:
        if "conversation_id" in (case.path_parameters or {}):
            case.path_parameters["conversation_id"] = visitor.id
        sent = case.as_transport_kwargs(base_url="http://testserver", headers=visitor.headers)
        sent["content"] = sent.pop("data", None)
        sent.pop("cookies", None)
        response = client.request(**sent)
        is_fine = response.status_code == 413 or case.query  # a refusal that the check does not know; unknown query keys are let be
        excluded = [*MEANT, *([negative_data_rejection] if is_fine else [])]
        case.validate_response(response, headers=visitor.headers, excluded_checks=excluded)

    for operation in operations:
        if operation.method.upper() == "DELETE":
            continue
        with suppress(Unsatisfiable):  # nothing can be wrong in a call that takes nothing
            SETTINGS(given(operation.as_strategy(generation_mode=mode))(check))()  # type: ignore[no-untyped-call]
