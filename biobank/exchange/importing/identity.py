"""Assignment of person ids: by id, by identifier, by file and key, else a new id."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.merging.leading import redirects
from biobank.editorial.models import ImportKey, Revision
from biobank.editorial.publishing import drafts
from biobank.errors import RecordRefused
from biobank.exchange.importing.said import say
from biobank.names.folding import fold
from biobank.names.slug import slug
from biobank.records.people.mapping import preferred_name
from biobank.records.people.models import Identifier, Person


class Identities:
    """Assign ids to the records of one file, from a snapshot of the store."""

    def __init__(self, session: Session, file: str, taken: set[str]) -> None:
        self.file = file
        self.taken = set(taken)
        rows = session.execute(select(Identifier.scheme, Identifier.value, Identifier.person_id))
        self.by_identifier = {(scheme, value): person for scheme, value, person in rows}
        for draft in drafts(session):
            self._learn(draft["id"], draft)
        keys = session.execute(
            select(ImportKey.key, ImportKey.person_id).where(ImportKey.file == file)
        )
        self.by_key: dict[str, str] = dict(keys.all())
        self._merged = redirects(session)
        self._withdrawn = set(self._learn_withdrawn(session))
        self._seen: dict[str, int] = {}

    def identify(self, record: Mapping[str, Any], own: str = "") -> tuple[str, str | None]:
        """Return the id for `record`, and the key to remember it by if the record has none.

        `source_key` is the id of the record in its file; it identifies the person even if
        everything else in the record changes.

        Raises:
            RecordRefused: if the id was merged into another, as an import never undoes a merge;
                or if the person was withdrawn by request or by law.
        """
        if record.get("id"):
            person_id, key = record["id"], None
            if other := self._merged.get(person_id):
                raise RecordRefused([say("merged", "id", id=person_id, other=other)])
        else:
            # Computed for every record, so that equal records keep their ordinal numbers when one
            # of them is matched by its identifier in a later import.
            key = _own_key(own) if own else self._key(record)
            person_id = (
                self._identified(record)
                or self.by_key.get(key)
                or self._free(slug(preferred_name(record, "az")))
            )
        if person_id in self._withdrawn:
            raise RecordRefused([say("withdrawn", "id", id=person_id)])
        self.taken.add(person_id)
        self._learn(person_id, record)
        if own and key:
            # A later record with the same key is the same person, and is reported as repeated.
            self.by_key[key] = person_id
        return person_id, key

    def _learn_withdrawn(self, session: Session) -> Iterator[str]:
        """Index the last public record of people withdrawn for good, and yield their ids."""
        query = (
            select(Revision.person_id, Revision.record)
            .join(Person, Person.id == Revision.person_id)
            .where(Revision.state == "withdrawn", Person.withdrawal.in_(("wish", "law")))
        )
        for row in session.execute(query):
            self._learn(row.person_id, row.record)
            yield row.person_id

    def _identified(self, record: Mapping[str, Any]) -> str | None:
        for identifier in record.get("identifiers", {}).items():
            if found := self.by_identifier.get(identifier):
                return found
        return None

    def _learn(self, person_id: str, record: Mapping[str, Any]) -> None:
        for identifier in record.get("identifiers", {}).items():
            self.by_identifier.setdefault(identifier, person_id)

    def _key(self, record: Mapping[str, Any]) -> str:
        """Hash name, birth date and ordinal of equal records; a moved record keeps its key."""
        birth = (record.get("birth") or {}).get("date", "")
        text = f"{fold(preferred_name(record, 'az'))}|{birth}"
        self._seen[text] = nth = self._seen.get(text, 0) + 1
        return hashlib.sha256(f"{text}|{nth}".encode()).hexdigest()

    def _free(self, wanted: str) -> str:
        candidate, nth = wanted, 1
        while candidate in self.taken:
            nth += 1
            candidate = f"{wanted}-{nth}"
        return candidate


def _own_key(own: str) -> str:
    # The key comes from the file and may contain a lone surrogate.
    return hashlib.sha256(f"own|{own}".encode(errors="backslashreplace")).hexdigest()
