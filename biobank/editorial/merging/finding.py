"""Finding the records to merge: by name in any spelling, drafts too, or by id."""

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

#: Records that are offered for a name.
MOST = 8


def find(
    database: Database, search: SearchService, who: Identity, text: str, lang: str
) -> list[Revision]:
    """The newest revisions of those whose id is `text`, or who are called like it."""
    require(who, Action.MERGE_PEOPLE)
    public = [it.id for it in search.suggest(text, lang, MOST)] if text.strip() else []
    with database.read() as session:
        wanted = fold(text.strip())
        drafts = [it.person_id for it in open_heads(session) if wanted and _is_called(it, wanted)]
        return list(present(session, [text.strip(), *public, *drafts]).values())[:MOST]


def present(session: Session, ids: Iterable[str]) -> dict[str, Revision]:
    """The newest revisions of those of `ids` that are at the desk, in that order."""
    found: dict[str, Revision] = {}
    for person_id in dict.fromkeys(ids):
        person = session.get(Person, person_id)
        newest = head(session, person_id) if person and person.withdrawn_at is None else None
        if newest is not None and newest.record:
            found[person_id] = newest
    return found


def names_of_all(session: Session, ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """The names of each of `ids` in the newest revision that says any, public or not."""
    found = {id_: head(session, id_) for id_ in dict.fromkeys(ids)}
    return {id_: it.record["names"] for id_, it in found.items() if it and it.record.get("names")}


def _is_called(revision: Revision, wanted: str) -> bool:
    return any(wanted in fold(name["text"]) for name in revision.record.get("names", ()))
