"""Presentation of similar people: person items, and a label for each reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.records.catalogue import Catalogue
from biobank.records.date_formatting import format_edtf
from biobank.records.people.browse_queries import PersonListItem, load_cards
from biobank.records.people.similarity_keys import title_keys
from biobank.search.similar_people import SimilarPerson
from biobank.search.similarity_features import FORMATIVE_RELATIONS, SimilarityReason


@dataclass(frozen=True)
class SimilarPersonSummary:
    """A similar person with the labelled reasons."""

    person: PersonListItem
    reasons: tuple[tuple[SimilarityReason, str], ...]


def describe_similar(
    session: Session,
    record: Mapping[str, Any],
    similar_people: Sequence[SimilarPerson],
    catalogue: Catalogue,
    lang: str,
) -> list[SimilarPersonSummary]:
    """Return people similar to the person of `record` with labels in language `lang`."""
    reasons = [reason for similar in similar_people for reason in similar.reasons]
    shared_people = [reason.value for reason in reasons if reason.kind in FORMATIVE_RELATIONS]
    items = load_cards(session, [*(similar.id for similar in similar_people), *shared_people])
    labels = {reason: _reason_label(reason, record, items, catalogue, lang) for reason in reasons}
    return [
        SimilarPersonSummary(
            items[similar.id], tuple((reason, labels[reason]) for reason in similar.reasons)
        )
        for similar in similar_people
        if similar.id in items
    ]


def _reason_label(
    reason: SimilarityReason,
    record: Mapping[str, Any],
    people: Mapping[str, PersonListItem],
    catalogue: Catalogue,
    lang: str,
) -> str:
    if reason.kind == "profession":
        return catalogue.term_label("profession", reason.value, lang)
    if reason.kind == "organisation":
        return catalogue.organisation_name(reason.value, lang)
    if reason.kind in FORMATIVE_RELATIONS:
        item = people.get(reason.value)
        return item.name(lang) if item else reason.value
    if reason.kind == "work":
        titles = (work["title"] for work in record.get("works", ()))
        return next(best_text(title, lang) for title in titles if reason.value in title_keys(title))
    place, _, decade = reason.value.partition("/")
    name = catalogue.place_name(place, lang)
    return f"{name}, {format_edtf(decade, lang)}" if decade else name
