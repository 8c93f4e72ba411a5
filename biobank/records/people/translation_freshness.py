"""Freshness of translations: biographies that are older than another language's."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.records.people.models import TextAge


def stale_translations(ages: Iterable[TextAge]) -> dict[str, str]:
    """Return, by language of a stale text, the language that changed last."""
    known = list(ages)
    latest = max(known, key=lambda age: (age.changed, age.lang), default=None)
    return {
        age.lang: latest.lang
        for age in known
        if latest is not None and latest.changed > max(age.changed, age.agrees)
    }


def stale_translations_by_person(
    session: Session, ids: Iterable[str]
) -> Mapping[str, Mapping[str, str]]:
    """Return the stale texts of each person that has any."""
    ages_by_person: dict[str, list[TextAge]] = {}
    for age in session.scalars(select(TextAge).where(TextAge.person_id.in_(list(ids)))):
        ages_by_person.setdefault(age.person_id, []).append(age)
    return {
        id_: older for id_, ages in ages_by_person.items() if (older := stale_translations(ages))
    }
