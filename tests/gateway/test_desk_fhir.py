"""A handoff as a FHIR file, saved from its page."""

from fhirclient.models.bundle import Bundle

from gateway.parts import Parts
from tests.gateway.desk_person import Person
from tests.gateway.filing import actions


def test_handoff_is_saved_as_fhir_with_its_contact_and_audited(dana: Person, parts: Parts, handoff_id: str) -> None:
    response = dana.see(f"/desk/handoffs/{handoff_id}/fhir")
    bundle = response.json()
    assert Bundle(bundle).as_json() == bundle
    patient = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
    assert patient["name"] == [{"text": "Robin Vale"}]
    assert response.headers["Content-Type"].startswith("application/fhir+json")
    reference = patient["identifier"][0]["value"]
    assert response.headers["Content-Disposition"] == f'attachment; filename="{reference}.fhir.json"'
    assert response.headers["Cache-Control"] == "no-store"
    assert actions(parts, handoff_id)[-1] == "handoff.read"
    assert f'href="/desk/handoffs/{handoff_id}/fhir"' in dana.see(f"/desk/handoffs/{handoff_id}").text
