"""Reference records that no editor has reviewed yet."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from biobank.records.reference.kinds import KINDS_BY_NAME, ReferenceKind
from biobank.records.reference.models import ReferenceUnreviewed
from biobank.records.reference.usage import keys_in_use, with_broader


def load_unreviewed(session: Session) -> dict[str, frozenset[str]]:
    """Return the keys by kind of unreviewed records that no published record refers to."""
    rows: dict[str, set[str]] = {}
    for row in session.scalars(select(ReferenceUnreviewed)):
        rows.setdefault(row.kind, set()).add(row.key)
    hidden_by_kind = {}
    for name, keys in rows.items():
        kind = KINDS_BY_NAME[name]
        if hidden := keys - with_broader(session, kind, keys_in_use(session, kind)):
            hidden_by_kind[name] = frozenset(hidden)
    return hidden_by_kind


def mark_unreviewed(session: Session, kind: ReferenceKind, key: str) -> None:
    """Mark a record as unreviewed."""
    session.merge(ReferenceUnreviewed(kind=kind.name, key=key))


def mark_reviewed(session: Session, kind: ReferenceKind, key: str) -> bool:
    """Mark a record as reviewed and return whether it was unreviewed."""
    matching = (ReferenceUnreviewed.kind == kind.name, ReferenceUnreviewed.key == key)
    was_unreviewed = session.get(ReferenceUnreviewed, (kind.name, key)) is not None
    if was_unreviewed:
        session.execute(delete(ReferenceUnreviewed).where(*matching))
    return was_unreviewed
