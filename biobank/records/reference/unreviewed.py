"""Reference records that no editor has reviewed yet."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from biobank.records.reference.kinds import BY_NAME, Kind
from biobank.records.reference.models import ReferenceUnreviewed
from biobank.records.reference.uses import keys_in_use, with_broader


def unreviewed(session: Session) -> dict[str, frozenset[str]]:
    """Return the keys by kind of unreviewed records that no published record refers to."""
    rows: dict[str, set[str]] = {}
    for row in session.scalars(select(ReferenceUnreviewed)):
        rows.setdefault(row.kind, set()).add(row.key)
    found = {}
    for name, keys in rows.items():
        kind = BY_NAME[name]
        if hidden := keys - with_broader(session, kind, keys_in_use(session, kind)):
            found[name] = frozenset(hidden)
    return found


def mark_unreviewed(session: Session, kind: Kind, key: str) -> None:
    """Mark a record as unreviewed."""
    session.merge(ReferenceUnreviewed(kind=kind.name, key=key))


def mark_reviewed(session: Session, kind: Kind, key: str) -> bool:
    """Mark a record as reviewed and return whether it was unreviewed."""
    here = (ReferenceUnreviewed.kind == kind.name, ReferenceUnreviewed.key == key)
    was = session.get(ReferenceUnreviewed, (kind.name, key)) is not None
    if was:
        session.execute(delete(ReferenceUnreviewed).where(*here))
    return was
