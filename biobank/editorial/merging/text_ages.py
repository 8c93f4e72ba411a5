"""Preservation of text ages when a merge is undone; see `TextAge`."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.models import TextAge


def get_text_ages(session: Session, person_id: str) -> list[list[Any]]:
    """Return `[lang, changed, agrees]` of each text of a person."""
    query = select(TextAge).where(TextAge.person_id == person_id).order_by(TextAge.lang)
    return [[age.lang, age.changed, age.agrees] for age in session.scalars(query)]


def restore_text_ages(
    session: Session,
    person_id: str,
    ages: Iterable[list[Any]],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Restore the ages of texts that are equal in `before` and `after`."""
    old, new = before.get("biography", {}), after.get("biography", {})
    for lang, changed, agrees in ages:
        age = session.get(TextAge, (person_id, lang))
        if age is not None and old.get(lang) == new.get(lang):
            age.changed, age.agrees = changed, agrees
