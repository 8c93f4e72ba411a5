"""Records at the desk: a new person, and an edited person of the seed."""

from typing import Any

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts, history
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated

UZEYIR = "uzeyir-hacibeyov"
#: A fictitious person.
NEW_RECORD = {
    "names": [
        {"text": "Sınaq Yoxlamazadə", "lang": "az", "kind": "preferred"},
        {"text": "Сынаг Йохламазаде", "lang": "ru", "kind": "preferred"},
    ],
    "birth": {"date": "1890"},
    "headline": {"en": "Nobody at all"},
}


def save_draft(services: Services, actor: Identity, base: int | None = None, **changes: Any) -> int:
    """Save NEW_RECORD with `changes` as a draft and return the revision number."""
    record = load_validated(person_schema, {**NEW_RECORD, "id": "sinaq-yoxlamazade", **changes})
    return drafts.save_draft(services.database, actor, record, base).number


def save_edit(services: Services, actor: Identity, base: int, message: str = "", **changes: Any) -> int:
    """Save the published record of UZEYIR with `changes` as a draft on revision `base`."""
    record = load_validated(person_schema, {**published_record(services), **changes})
    return drafts.save_draft(
        services.database, actor, record, base, drafts.DraftDetails(message=message)
    ).number


def published_record(services: Services, person_id: str = UZEYIR) -> dict[str, Any]:
    with services.database.read() as session:
        return history.get_current_revision(session, person_id).record


def publish(
    services: Services, author: Identity, reviewer: Identity, number: int, person_id: str = UZEYIR
) -> None:
    """Submit the draft of `author` and publish it as `reviewer`."""
    workflow.submit(services.database, author, person_id, number)
    workflow.publish(services.database, reviewer, person_id, number)
