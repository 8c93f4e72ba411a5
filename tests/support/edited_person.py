"""A seed person with two more published revisions and a draft."""

from typing import Any

from sqlalchemy import update

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions import history
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.models import Person

PERSON = "uzeyir-hacibeyov"
#: Text of the draft, which must not become public.
DRAFT_TEXT = "Nobody has reviewed this"


def save_revisions(services: Services) -> list[dict[str, Any]]:
    """Save three more revisions of PERSON, the last a draft; return the records of all four."""
    with services.database.read() as session:
        first = history.get_current_revision(session, PERSON).record
    biography = {**first["biography"], "en": first["biography"]["en"].replace("composer", "master")}
    more = {"text": "Ü. Hacıbəyli", "lang": "az", "kind": "variant"}
    second = {**first, "biography": biography, "birth": {**first["birth"], "date": "1885-09"}}
    third = {**second, "names": [more, *second["names"]], "works": second["works"][1:]}
    draft = {**third, "headline": {"en": DRAFT_TEXT}}
    for record, publish in ((second, True), (third, True), (draft, False)):
        with services.database.write() as session:
            save_records(session, [record], OPERATOR, "Read again", publish=publish)
    return [first, second, third, draft]


def withdraw(services: Services) -> None:
    """Withdraw PERSON."""
    with services.database.write() as session:
        session.execute(update(Person).where(Person.id == PERSON).values(published=None))
