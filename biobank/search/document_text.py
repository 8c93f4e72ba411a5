"""Searchable words of a person in one language: vocabulary labels, works, relations and texts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name, of_country
from biobank.records.people.citations import facts, without_citations
from biobank.records.people.mapping import Record
from biobank.records.vocabulary.models import term_key
from biobank.records.vocabulary.words import called
from biobank.search import labels


def labels_of(record: Record, catalogue: Catalogue, lang: str) -> str:
    """Return the vocabulary labels of the person with their synonyms, one per line.

    Labels are indexed in all languages whatever the language of the texts, so that a profession or
    place typed in one language matches people described in another.
    """
    gender = record.get("gender", "")
    lines: list[str] = []
    for term_id in catalogue.broader_terms("profession", record.get("professions", ())):
        term = catalogue.terms.get(term_key("profession", term_id), {})
        lines += called(term, lang, gender)
    for part in record.get("awards", ()):
        lines.append(catalogue.term_label("award", part["award"], lang))
    places = [place for _, part in facts(record) if (place := part.get("place"))]
    for place_id in catalogue.broader_places(places):
        lines += _names(catalogue.places.get(place_id), lang)
    for part in record.get("memberships", ()):
        lines += _names(catalogue.organisations.get(part["organisation"]), lang)
    for code in record.get("countries", ()):
        lines += [country_name(code, lang), of_country(code, lang)]
    lines.append(labels.GENDER_WORDS.get(gender, {}).get(lang, ""))
    return _text(lines)


def works_of(record: Record, catalogue: Catalogue, lang: str) -> str:
    """Return titles of works with their type, one per line."""
    lines = []
    for part in record.get("works", ()):
        kind = catalogue.term_label("work", part["type"], lang) if "type" in part else ""
        lines.append(f"{part['title'].get(lang, '')} {kind}".strip())
    return _text(lines)


def ties_of(
    record: Record, catalogue: Catalogue, ties: Sequence[tuple[str, str]], lang: str
) -> str:
    """Return the places of birth and death and the roles of the person in relations, one per line.

    `relations` holds ids of other people and their relation to this person. This makes "who died in
    Istanbul" and "pupils of Hajibeyov" match although no text contains these words.
    """
    lines = []
    for role, words in labels.ROLES.items():
        if place := (record.get(role) or {}).get("place"):
            lines.append(f"{words[lang]} {catalogue.place_name(place, lang)}")
    for type_ in dict.fromkeys(type_ for _, type_ in ties):
        lines.append(" ".join(_being(catalogue, type_, lang)))
    return _text(lines)


def text_of(record: Record, lang: str) -> str:
    """Return all texts in `lang` without citation marks."""
    parts = [record.get("biography", {}).get(lang, ""), record.get("connection", {}).get(lang, "")]
    parts += [part.get("text", {}).get(lang, "") for part in record.get("events", ())]
    parts += [part.get("role", {}).get(lang, "") for part in record.get("memberships", ())]
    return without_citations(_text(parts))


def _being(catalogue: Catalogue, type_: str, lang: str) -> Iterator[str]:
    """Yield the labels of the inverse of a relation type: the pupil of a teacher."""
    inverse = catalogue.terms.get(term_key("relation", type_), {}).get("inverse", type_)
    term: Mapping[str, Any] = catalogue.terms.get(term_key("relation", inverse), {})
    yield from called(term, lang)


def _names(entry: Mapping[str, Any] | None, lang: str) -> list[str]:
    return [name["text"] for name in (entry or {}).get("names", ()) if name["lang"] == lang]


def _text(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
