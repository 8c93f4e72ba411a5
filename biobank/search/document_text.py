"""Searchable words of a person in one language: vocabulary labels, works, relations and texts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_adjectives, country_name
from biobank.records.people.citations import iter_facts, strip_citations
from biobank.records.people.mapping import PersonRecord
from biobank.records.vocabulary.gendered_labels import labels_for_gender
from biobank.records.vocabulary.models import term_key
from biobank.search import labels


def label_text(record: PersonRecord, catalogue: Catalogue, lang: str) -> str:
    """Return the vocabulary labels of the person with their synonyms, one per line.

    Labels are indexed in all languages whatever the language of the texts, so that a profession or
    place typed in one language matches people described in another.
    """
    gender = record.get("gender", "")
    lines: list[str] = []
    for term_id in catalogue.broader_terms("profession", record.get("professions", ())):
        term = catalogue.terms.get(term_key("profession", term_id), {})
        lines += labels_for_gender(term, lang, gender)
    for part in record.get("awards", ()):
        lines.append(catalogue.term_label("award", part["award"], lang))
    places = [place for _, part in iter_facts(record) if (place := part.get("place"))]
    for place_id in catalogue.broader_places(places):
        lines += _names_in(catalogue.places.get(place_id), lang)
    for part in record.get("memberships", ()):
        lines += _names_in(catalogue.organisations.get(part["organisation"]), lang)
    for code in record.get("countries", ()):
        lines += [country_name(code, lang), country_adjectives(code, lang)]
    lines.append(labels.GENDER_WORDS.get(gender, {}).get(lang, ""))
    return _join_lines(lines)


def work_text(record: PersonRecord, catalogue: Catalogue, lang: str) -> str:
    """Return titles of works with their type, one per line."""
    lines = []
    for part in record.get("works", ()):
        kind = catalogue.term_label("work", part["type"], lang) if "type" in part else ""
        lines.append(f"{part['title'].get(lang, '')} {kind}".strip())
    return _join_lines(lines)


def tie_text(
    record: PersonRecord, catalogue: Catalogue, relations: Sequence[tuple[str, str]], lang: str
) -> str:
    """Return the places of birth and death and the roles of the person in relations, one per line.

    `relations` holds ids of other people and their relation to this person. This makes "who died in
    Istanbul" and "pupils of Hajibeyov" match although no text contains these words.
    """
    lines = []
    for role, words in labels.ROLE_WORDS.items():
        if place := (record.get(role) or {}).get("place"):
            lines.append(f"{words[lang]} {catalogue.place_name(place, lang)}")
    for type_ in dict.fromkeys(type_ for _, type_ in relations):
        lines.append(" ".join(_inverse_labels(catalogue, type_, lang)))
    return _join_lines(lines)


def full_text(record: PersonRecord, lang: str) -> str:
    """Return all texts in `lang` without citation marks."""
    parts = [record.get("biography", {}).get(lang, ""), record.get("connection", {}).get(lang, "")]
    parts += [part.get("text", {}).get(lang, "") for part in record.get("events", ())]
    parts += [part.get("role", {}).get(lang, "") for part in record.get("memberships", ())]
    return strip_citations(_join_lines(parts))


def _inverse_labels(catalogue: Catalogue, type_: str, lang: str) -> Iterator[str]:
    """Yield the labels of the inverse of a relation type: the pupil of a teacher."""
    inverse = catalogue.terms.get(term_key("relation", type_), {}).get("inverse", type_)
    term: Mapping[str, Any] = catalogue.terms.get(term_key("relation", inverse), {})
    yield from labels_for_gender(term, lang)


def _names_in(entry: Mapping[str, Any] | None, lang: str) -> list[str]:
    return [name["text"] for name in (entry or {}).get("names", ()) if name["lang"] == lang]


def _join_lines(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
