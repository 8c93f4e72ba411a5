"""Assignment of person ids: by id, by identifier, by file and key, else a new id."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.merging.redirects import load_person_redirects
from biobank.editorial.models import ImportKey, Revision
from biobank.editorial.revisions.bulk_save import iter_drafts
from biobank.errors import RecordRefused
from biobank.exchange.imports.messages import import_message
from biobank.names.folding import fold
from biobank.names.slug import slugify
from biobank.records.people.mapping import preferred_name
from biobank.records.people.models import Identifier, Person


class PersonIdResolver:
    """Assign ids to the records of one file, from a snapshot of the store."""

    def __init__(self, session: Session, file: str, used_ids: set[str]) -> None:
        self.file = file
        self.used_ids = set(used_ids)
        rows = session.execute(select(Identifier.scheme, Identifier.value, Identifier.person_id))
        self.by_identifier = {(scheme, value): person for scheme, value, person in rows}
        for draft in iter_drafts(session):
            self._index_identifiers(draft["id"], draft)
        keys = session.execute(select(ImportKey.key, ImportKey.person_id).where(ImportKey.file == file))
        self.by_key: dict[str, str] = dict(keys.all())
        self._merged = load_person_redirects(session)
        self._withdrawn = set(self._index_withdrawn(session))
        self._seen: dict[str, int] = {}

    def resolve(self, record: Mapping[str, Any], source_key: str = "") -> tuple[str, str | None]:
        """Return the id for `record`, and the key to remember it by if the record has none.

        `source_key` is the id of the record in its file; it identifies the person even if
        everything else in the record changes.

        Raises:
            RecordRefused: if the id was merged into another, as an import never undoes a merge;
                or if the person was withdrawn by request or by law.
        """
        if record.get("id"):
            person_id, key = record["id"], None
            if target_id := self._merged.get(person_id):
                raise RecordRefused([import_message("merged", "id", id=person_id, other=target_id)])
        else:
            # Computed for every record, so that equal records keep their ordinal numbers when one
            # of them is matched by its identifier in a later import.
            key = _hash_source_key(source_key) if source_key else self._content_key(record)
            person_id = (
                self._match_identifier(record)
                or self.by_key.get(key)
                or self._generate_id(slugify(preferred_name(record, "az")))
            )
        if person_id in self._withdrawn:
            raise RecordRefused([import_message("withdrawn", "id", id=person_id)])
        self.used_ids.add(person_id)
        self._index_identifiers(person_id, record)
        if source_key and key:
            # A later record with the same key is the same person, and is reported as repeated.
            self.by_key[key] = person_id
        return person_id, key

    def _index_withdrawn(self, session: Session) -> Iterator[str]:
        """Index the last public record of people withdrawn for good, and yield their ids."""
        query = (
            select(Revision.person_id, Revision.record)
            .join(Person, Person.id == Revision.person_id)
            .where(Revision.state == "withdrawn", Person.withdrawal.in_(("wish", "law")))
        )
        for row in session.execute(query):
            self._index_identifiers(row.person_id, row.record)
            yield row.person_id

    def _match_identifier(self, record: Mapping[str, Any]) -> str | None:
        for identifier in record.get("identifiers", {}).items():
            if person_id := self.by_identifier.get(identifier):
                return person_id
        return None

    def _index_identifiers(self, person_id: str, record: Mapping[str, Any]) -> None:
        for identifier in record.get("identifiers", {}).items():
            self.by_identifier.setdefault(identifier, person_id)

    def _content_key(self, record: Mapping[str, Any]) -> str:
        """Hash name, birth date and ordinal of equal records; a moved record keeps its key."""
        birth = (record.get("birth") or {}).get("date", "")
        text = f"{fold(preferred_name(record, 'az'))}|{birth}"
        self._seen[text] = occurrence = self._seen.get(text, 0) + 1
        return hashlib.sha256(f"{text}|{occurrence}".encode()).hexdigest()

    def _generate_id(self, base: str) -> str:
        candidate, number = base, 1
        while candidate in self.used_ids:
            number += 1
            candidate = f"{base}-{number}"
        return candidate


def _hash_source_key(source_key: str) -> str:
    # The key comes from the file and may contain a lone surrogate.
    return hashlib.sha256(f"own|{source_key}".encode(errors="backslashreplace")).hexdigest()
