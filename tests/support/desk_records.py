"""Records at the desk: a new person, and an edited person of the seed."""

from typing import Any

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial import history, saving, workflow
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load

UZEYIR = "uzeyir-hacibeyov"
#: A fictitious person.
NEW = {
    "names": [
        {"text": "Sınaq Yoxlamazadə", "lang": "az", "kind": "preferred"},
        {"text": "Сынаг Йохламазаде", "lang": "ru", "kind": "preferred"},
    ],
    "birth": {"date": "1890"},
    "headline": {"en": "Nobody at all"},
}


def write(services: Services, who: Identity, base: int | None = None, **changes: Any) -> int:
    """Save NEW_RECORD with `changes` as a draft and return the revision number."""
    record = load(person_schema, {**NEW, "id": "sinaq-yoxlamazade", **changes})
    return saving.save_draft(services.database, who, record, base).number


def edit(services: Services, who: Identity, base: int, message: str = "", **changes: Any) -> int:
    """Save the published record of UZEYIR with `changes` as a draft on revision `base`."""
    record = load(person_schema, {**public(services), **changes})
    return saving.save_draft(services.database, who, record, base, message=message).number


def public(services: Services, person_id: str = UZEYIR) -> dict[str, Any]:
    with services.database.read() as session:
        return history.current(session, person_id).record


def publish(
    services: Services, author: Identity, reviewer: Identity, number: int, person_id: str = UZEYIR
) -> None:
    """Submit the draft of `author` and publish it as `reviewer`."""
    workflow.submit(services.database, author, person_id, number)
    workflow.publish(services.database, reviewer, person_id, number)
