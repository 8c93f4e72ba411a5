"""What is not public is in no answer: withdrawn people, drafts, redacted revisions."""

from typing import Any

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.redaction import service as redaction
from biobank.editorial.review.workflow import withdraw
from tests.support import edited_person
from tests.support.users import add_user

UZEYIR, CEYHUN = "uzeyir-hacibeyov", "ceyhun-hacibeyli"


def test_a_withdrawn_person_is_in_no_answer(own_services: Services, own_assistant: Any) -> None:
    withdraw(own_services.database, OPERATOR, CEYHUN, "wish", "")
    # Even before the index is updated.
    assert CEYHUN not in repr(own_assistant.call("search", q="Ceyhun Hacıbəyli")["people"])
    for tool in ("person", "connections", "cite"):
        assert "gone: This person was withdrawn on" in own_assistant.error(tool, person=CEYHUN)
    assert "gone" in own_assistant.error("statement", person=CEYHUN, statement="birth")
    assert "gone" in own_assistant.error("connections", person=UZEYIR, other=CEYHUN)


def test_relations_to_a_withdrawn_person_are_absent(own_services: Services, own_assistant: Any) -> None:
    withdraw(own_services.database, OPERATOR, CEYHUN, "wish", "")
    person = own_assistant.call("person", person=UZEYIR)
    related = [item["person"] for item in person["statements"] if item["kind"] == "relation"]
    assert CEYHUN not in repr(related)
    assert "not_found" in own_assistant.error("statement", person=UZEYIR, statement="relation-1")
    assert CEYHUN not in repr(own_assistant.call("connections", person=UZEYIR)["relations"])


def test_no_path_leads_through_a_withdrawn_person(own_services: Services, own_assistant: Any) -> None:
    before = own_assistant.call("connections", person=CEYHUN, other="asef-zeynalli")["paths"]
    assert [step["person"]["id"] for step in before[0]][1] == UZEYIR
    withdraw(own_services.database, OPERATOR, UZEYIR, "wish", "")
    after = own_assistant.call("connections", person=CEYHUN, other="asef-zeynalli")["paths"]
    assert UZEYIR not in repr(after)


def test_a_draft_is_absent(own_services: Services, own_assistant: Any) -> None:
    edited_person.save_revisions(own_services)
    person = own_assistant.call("person", person=UZEYIR)
    assert person["revision"]["number"] == 3
    assert edited_person.DRAFT_TEXT not in repr(person)
    assert "not_found" in own_assistant.error("cite", person=UZEYIR, revision=4)


def test_a_redacted_revision_cannot_be_cited(own_services: Services, own_assistant: Any) -> None:
    edited_person.save_revisions(own_services)
    assert own_assistant.call("cite", person=UZEYIR, revision=1)["revision"]["number"] == 1
    admin = add_user(own_services.database, "admin", "admin")
    redaction.redact(own_services.database, admin, UZEYIR, 1, "a court said so")
    assert "gone" in own_assistant.error("cite", person=UZEYIR, revision=1)


def test_a_merged_person_leads_to_the_survivor(own_services: Services, own_assistant: Any) -> None:
    merge_people(own_services.database, OPERATOR, "niyazi", "soltan-hacibeyov", 1, 1, {}, "One person")
    person = own_assistant.call("person", person="soltan-hacibeyov")
    assert (person["id"], person["requested_id"]) == ("niyazi", "soltan-hacibeyov")
    message = own_assistant.error("cite", person="soltan-hacibeyov", revision=1)
    assert "was merged into niyazi" in message
