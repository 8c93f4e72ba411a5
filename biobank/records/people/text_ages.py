"""Which biographies are older than another: that one changed, and they did not since."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.records.people.models import TextAge


def stale(ages: Iterable[TextAge]) -> dict[str, str]:
    """By language of a text of one person that is older than another, the newest of those."""
    known = list(ages)
    newest = max(known, key=lambda age: (age.changed, age.lang), default=None)
    return {
        age.lang: newest.lang
        for age in known
        if newest is not None and newest.changed > max(age.changed, age.agrees)
    }


def stale_of(session: Session, ids: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """By person, what `stale` tells of their texts; those alone of whom it tells something."""
    found: dict[str, list[TextAge]] = {}
    for age in session.scalars(select(TextAge).where(TextAge.person_id.in_(list(ids)))):
        found.setdefault(age.person_id, []).append(age)
    return {id_: older for id_, ages in found.items() if (older := stale(ages))}
