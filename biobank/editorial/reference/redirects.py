"""Resolution of external references after edits at the desk: follows merges, omits deletions."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.reference.record_merge import repoint_record
from biobank.editorial.reference.validation import iter_references, without_id
from biobank.records.reference.kinds import (
    KINDS_BY_NAME,
    ReferenceKind,
    ReferenceRecord,
    load_records_by_key,
)
from biobank.records.reference.models import ReferenceEdit
from biobank.records.reference.redirects import load_redirects


def edited_keys(session: Session, kind: ReferenceKind) -> set[str]:
    """Return the keys of all records added, changed, merged or removed at the desk."""
    query = select(ReferenceEdit.key).where(ReferenceEdit.kind == kind.name)
    return set(session.scalars(query.distinct()))


class ReferenceResolver:
    """Resolves references to merged and removed records, based on a snapshot of the database."""

    def __init__(self, session: Session) -> None:
        self._redirects = load_redirects(session)
        query = select(ReferenceEdit.kind, ReferenceEdit.key).where(ReferenceEdit.what == "removed")
        removed: dict[str, set[str]] = {}
        for name, key in session.execute(query):
            removed.setdefault(name, set()).add(key)
        self._removed = {
            name: keys - set(load_records_by_key(session, KINDS_BY_NAME[name], keys))
            for name, keys in removed.items()
        }

    def resolve(self, kind: ReferenceKind, record: ReferenceRecord) -> dict[str, Any]:
        """Return the record with merged references redirected and removed ones omitted."""
        result = dict(record)
        for path, name, key in iter_references(kind, record):
            id_ = key.rpartition("/")[2]
            if new := self._redirects.get(name, {}).get(key):
                result = repoint_record(kind, result, id_, new.rpartition("/")[2])
            elif key in self._removed.get(name, ()):
                result = without_id(result, path.partition("[")[0], id_)
        return result
