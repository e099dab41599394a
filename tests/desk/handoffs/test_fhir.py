"""A handoff as FHIR R4, read back by a FHIR library."""

import pytest
from fhirclient.models.bundle import Bundle

from desk import fhir, handoffs
from tests.desk.handoffs.office import CONTACT, Office


def resources(office: Office, handoff_id: str, *, with_contact: bool = True) -> dict[str, dict]:  # type: ignore[type-arg]
    bundle = fhir.export(office.get(handoff_id), CONTACT if with_contact else None, office.clinic)
    assert Bundle(bundle).as_json() == bundle
    return {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}


def test_task_names_the_patient(office: Office) -> None:
    found = resources(office, office.file())
    assert found["Task"]["for"]["reference"] == f"Patient/{found['Patient']['id']}"
    assert found["Patient"]["telecom"] == [{"system": "phone", "value": "+13125550142"}]


def test_patient_without_contact_has_the_reference_number_only(office: Office) -> None:
    patient = resources(office, office.file(), with_contact=False)["Patient"]
    assert set(patient) == {"resourceType", "id", "identifier"}


def test_appointment_is_only_proposed(office: Office) -> None:
    found = resources(office, office.file(channel="appointment"))
    assert found["Appointment"]["status"] == "proposed"
    assert found["Appointment"]["participant"][0]["status"] == "needs-action"


def test_callback_is_no_appointment(office: Office) -> None:
    assert "Appointment" not in resources(office, office.file())


@pytest.mark.parametrize(("outcome", "status"), [("called", "completed"), ("spam", "rejected"), ("no_answer", "failed")])
def test_outcome_becomes_a_status_with_its_reason(office: Office, outcome: str, status: str) -> None:
    handoff_id = office.file()
    office.act(handoffs.claim, handoff_id)
    office.act(handoffs.resolve, handoff_id, outcome=outcome)
    task = resources(office, handoff_id)["Task"]
    assert task["status"] == status
    assert ("statusReason" in task) == (status != "completed")
