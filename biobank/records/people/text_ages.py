"""Freshness of translations: biographies that are older than another language's."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.records.people.models import TextAge


def stale(ages: Iterable[TextAge]) -> dict[str, str]:
    """Return, by language of a stale text, the language that changed last."""
    known = list(ages)
    newest = max(known, key=lambda age: (age.changed, age.lang), default=None)
    return {
        age.lang: newest.lang
        for age in known
        if newest is not None and newest.changed > max(age.changed, age.agrees)
    }


def stale_of(session: Session, ids: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the stale texts of each person that has any."""
    found: dict[str, list[TextAge]] = {}
    for age in session.scalars(select(TextAge).where(TextAge.person_id.in_(list(ids)))):
        found.setdefault(age.person_id, []).append(age)
    return {id_: older for id_, ages in found.items() if (older := stale(ages))}
