"""What comes from outside after an edit at the desk: old ids lead on, what was removed stays so."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.reference.checking import references, without
from biobank.editorial.reference.joining import repointed
from biobank.records.reference.kinds import BY_NAME, Kind, Record, records_of
from biobank.records.reference.models import ReferenceEdit
from biobank.records.reference.redirects import load_redirects


def edited_keys(session: Session, kind: Kind) -> set[str]:
    """Keys of everything that was added, changed, merged or removed at the desk."""
    query = select(ReferenceEdit.key).where(ReferenceEdit.kind == kind.name)
    return set(session.scalars(query.distinct()))


class LedOn:
    """Reference records with the ids that lead on; made once, sees the store as it was then."""

    def __init__(self, session: Session) -> None:
        self._redirects = load_redirects(session)
        query = select(ReferenceEdit.kind, ReferenceEdit.key).where(ReferenceEdit.what == "removed")
        removed: dict[str, set[str]] = {}
        for name, key in session.execute(query):
            removed.setdefault(name, set()).add(key)
        self._removed = {
            name: keys - set(records_of(session, BY_NAME[name], keys))
            for name, keys in removed.items()
        }

    def led_on(self, kind: Kind, record: Record) -> dict[str, Any]:
        """`record` with what it refers to as it is called now, without what was removed."""
        made = dict(record)
        for path, name, key in references(kind, record):
            id_ = key.rpartition("/")[2]
            if new := self._redirects.get(name, {}).get(key):
                made = repointed(kind, made, id_, new.rpartition("/")[2])
            elif key in self._removed.get(name, ()):
                made = without(made, path.partition("[")[0], id_)
        return made
