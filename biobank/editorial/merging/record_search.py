"""Search for the records to merge: by id, or by name including drafts."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.revision_writer import find_open_revisions
from biobank.editorial.models import Revision
from biobank.editorial.revisions.drafts import find_latest_revision
from biobank.names.folding import fold
from biobank.records.people.models import Person
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Maximum number of records offered.
MAX_OFFERED_RECORDS = 8


def find_records(
    database: Database, search: SearchService, actor: Identity, text: str, lang: str
) -> list[Revision]:
    """Return the latest revisions of people with the id `text` or a matching name."""
    require(actor, Action.MERGE_PEOPLE)
    public = (
        [item.id for item in search.suggest(text, lang, MAX_OFFERED_RECORDS)]
        if text.strip()
        else []
    )
    with database.read() as session:
        folded_text = fold(text.strip())
        drafts = [
            item.person_id
            for item in find_open_revisions(session)
            if folded_text and _matches_name(item, folded_text)
        ]
        return list(load_present(session, [text.strip(), *public, *drafts]).values())[
            :MAX_OFFERED_RECORDS
        ]


def load_present(session: Session, ids: Iterable[str]) -> dict[str, Revision]:
    """Return the latest revisions of those of `ids` that are not withdrawn, in that order."""
    revisions: dict[str, Revision] = {}
    for person_id in dict.fromkeys(ids):
        person = session.get(Person, person_id)
        latest = (
            find_latest_revision(session, person_id)
            if person and person.withdrawn_at is None
            else None
        )
        if latest is not None and latest.record:
            revisions[person_id] = latest
    return revisions


def names_by_person(session: Session, ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Return the names in the latest revision of each of `ids`, public or not."""
    revisions = {id_: find_latest_revision(session, id_) for id_ in dict.fromkeys(ids)}
    return {
        id_: revision.record["names"]
        for id_, revision in revisions.items()
        if revision and revision.record.get("names")
    }


def _matches_name(revision: Revision, folded_text: str) -> bool:
    return any(folded_text in fold(name["text"]) for name in revision.record.get("names", ()))
