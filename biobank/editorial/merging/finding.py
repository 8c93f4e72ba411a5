"""Search for the records to merge: by id, or by name including drafts."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.keeping import open_heads
from biobank.editorial.models import Revision
from biobank.editorial.saving import head
from biobank.names.folding import fold
from biobank.records.people.models import Person
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Maximum number of records offered.
MOST = 8


def find(
    database: Database, search: SearchService, who: Identity, text: str, lang: str
) -> list[Revision]:
    """Return the latest revisions of people with the id `text` or a matching name."""
    require(who, Action.MERGE_PEOPLE)
    public = [it.id for it in search.suggest(text, lang, MOST)] if text.strip() else []
    with database.read() as session:
        wanted = fold(text.strip())
        drafts = [it.person_id for it in open_heads(session) if wanted and _is_called(it, wanted)]
        return list(present(session, [text.strip(), *public, *drafts]).values())[:MOST]


def present(session: Session, ids: Iterable[str]) -> dict[str, Revision]:
    """Return the latest revisions of those of `ids` that are not withdrawn, in that order."""
    found: dict[str, Revision] = {}
    for person_id in dict.fromkeys(ids):
        person = session.get(Person, person_id)
        newest = head(session, person_id) if person and person.withdrawn_at is None else None
        if newest is not None and newest.record:
            found[person_id] = newest
    return found


def names_of_all(session: Session, ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Return the names in the latest revision of each of `ids`, public or not."""
    found = {id_: head(session, id_) for id_ in dict.fromkeys(ids)}
    return {id_: it.record["names"] for id_, it in found.items() if it and it.record.get("names")}


def _is_called(revision: Revision, wanted: str) -> bool:
    return any(wanted in fold(name["text"]) for name in revision.record.get("names", ()))
