"""Which person a record without an id is: by identifier, else by its file and key, else new."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.models import ImportKey
from biobank.names.folding import fold
from biobank.names.slug import slug
from biobank.records.people.mapping import preferred_name
from biobank.records.people.models import Identifier


class Identities:
    """Gives ids to the records of one file. Made once an import; sees the store as it was then."""

    def __init__(self, session: Session, file: str, taken: set[str]) -> None:
        self.file = file
        self.taken = set(taken)
        rows = session.execute(select(Identifier.scheme, Identifier.value, Identifier.person_id))
        self.by_identifier = {(scheme, value): person for scheme, value, person in rows}
        keys = session.execute(
            select(ImportKey.key, ImportKey.person_id).where(ImportKey.file == file)
        )
        self.by_key: dict[str, str] = dict(keys.tuples().all())
        self._seen: dict[str, int] = {}

    def identify(self, record: Mapping[str, Any]) -> tuple[str, str | None]:
        """The id for `record`, and the key to remember it by where it had none."""
        if record.get("id"):
            self.taken.add(record["id"])
            return record["id"], None
        for scheme, value in record.get("identifiers", {}).items():
            if found := self.by_identifier.get((scheme, value)):
                return found, None
        key = self._key(record)
        person_id = self.by_key.get(key) or self._free(slug(preferred_name(record, "az")))
        self.taken.add(person_id)
        return person_id, key

    def _key(self, record: Mapping[str, Any]) -> str:
        """Name, birth and which of several such lines it is: a line keeps its key when it moves."""
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
