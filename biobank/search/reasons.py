"""Presentation of similar people: person items, and a label for each reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.i18n import best
from biobank.records.catalogue import Catalogue
from biobank.records.date_words import date_in_words
from biobank.records.people.browsing import Card, cards
from biobank.records.people.likenesses import title_keys
from biobank.search.shareable import FORMING, Reason
from biobank.search.similar import Similar


@dataclass(frozen=True)
class Told:
    """A similar person with the labelled reasons."""

    card: Card
    reasons: tuple[tuple[Reason, str], ...]


def told(
    session: Session,
    record: Mapping[str, Any],
    found: Sequence[Similar],
    catalogue: Catalogue,
    lang: str,
) -> list[Told]:
    """Return people similar to the person of `record` with labels in language `lang`."""
    reasons = [reason for similar in found for reason in similar.reasons]
    shared = [reason.value for reason in reasons if reason.kind in FORMING]
    people = cards(session, [*(similar.id for similar in found), *shared])
    labels = {reason: _label(reason, record, people, catalogue, lang) for reason in reasons}
    return [
        Told(people[similar.id], tuple((reason, labels[reason]) for reason in similar.reasons))
        for similar in found
        if similar.id in people
    ]


def _label(
    reason: Reason,
    record: Mapping[str, Any],
    people: Mapping[str, Card],
    catalogue: Catalogue,
    lang: str,
) -> str:
    if reason.kind == "profession":
        return catalogue.term_label("profession", reason.value, lang)
    if reason.kind == "organisation":
        return catalogue.organisation_name(reason.value, lang)
    if reason.kind in FORMING:
        card = people.get(reason.value)
        return card.name(lang) if card else reason.value
    if reason.kind == "work":
        titles = (work["title"] for work in record.get("works", ()))
        return next(best(title, lang) for title in titles if reason.value in title_keys(title))
    place, _, decade = reason.value.partition("/")
    name = catalogue.place_name(place, lang)
    return f"{name}, {date_in_words(decade, lang)}" if decade else name
