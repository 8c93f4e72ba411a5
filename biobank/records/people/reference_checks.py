"""Checks that references of a record exist: terms, places, organisations, sources, people."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from biobank.errors import FieldError
from biobank.records.organisations.models import Organisation
from biobank.records.people.citations import first_citation_paths, iter_facts
from biobank.records.places.models import Place
from biobank.records.reference.redirects import load_redirects
from biobank.records.sources.models import Source
from biobank.records.vocabulary.models import VOCABULARIES, Term, term_id, term_key


@dataclass
class ReferenceIndex:
    """Ids that exist in the bank, by type, including redirected ones."""

    terms: dict[str, set[str]] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Ids of merged sources, given as an id or in full.
    merged_sources: set[str] = field(default_factory=set)


def load_reference_index(session: Session) -> ReferenceIndex:
    """Load all existing and redirected ids."""
    redirects = load_redirects(session)
    terms = {*session.scalars(select(Term.key)), *redirects.get("term", ())}
    return ReferenceIndex(
        terms=_terms_by_vocabulary(terms),
        places={*session.scalars(select(Place.id)), *redirects.get("place", ())},
        organisations={*session.scalars(select(Organisation.id)), *redirects.get("organisation", ())},
        sources={row.id: row.csl for row in session.scalars(select(Source))},
        merged_sources=set(redirects.get("source", ())),
    )


def load_used_references(session: Session, record: Mapping[str, Any]) -> ReferenceIndex:
    """Load those ids that exist of the ids in a record, whose redirects have been resolved."""
    keys = referenced_keys(record)

    def existing(column: InstrumentedAttribute[str], kind: str) -> set[str]:
        query = select(column).where(column.in_(keys[kind]))
        return set(session.scalars(query)) if keys[kind] else set()

    sources = select(Source.id, Source.csl).where(Source.id.in_(keys["source"]))
    return ReferenceIndex(
        terms=_terms_by_vocabulary(existing(Term.key, "term")),
        places=existing(Place.id, "place"),
        organisations=existing(Organisation.id, "organisation"),
        sources={row.id: row.csl for row in session.execute(sources)} if keys["source"] else {},
    )


def referenced_keys(record: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the keys of all reference records that a canonical record refers to, by kind."""
    sources = {ref if isinstance(ref, str) else ref["id"] for ref in record.get("sources", ())}
    return {
        "term": {term_key(vocabulary, id_) for _path, vocabulary, id_ in _iter_terms(record)},
        "place": {part["place"] for _path, part in iter_facts(record) if part.get("place")},
        "organisation": {part["organisation"] for part in record.get("memberships", ())},
        "source": sources | first_citation_paths(record).keys(),
    }


def _terms_by_vocabulary(keys: Collection[str]) -> dict[str, set[str]]:
    terms: dict[str, set[str]] = {vocabulary: set() for vocabulary in VOCABULARIES}
    for key in keys:
        terms[key.partition("/")[0]].add(term_id(key))
    return terms


def check_references(record: Mapping[str, Any], references: ReferenceIndex) -> list[FieldError]:
    """Return a problem for each unknown id of a canonical record, except relations."""
    return [
        *_check_terms(record, references),
        *_check_places(record, references),
        *_check_memberships_and_sources(record, references),
    ]


def missing_people(record: Mapping[str, Any], people: Collection[str]) -> list[FieldError]:
    """Return a problem for each relation to a person not in `people`, or to the person itself."""
    problems = []
    for index, relation in enumerate(record.get("relations", [])):
        path, related_id = f"relations[{index}].person", relation["person"]
        if related_id == record.get("id"):
            problems.append(FieldError(path, "self_relation", "A person cannot be related to themselves."))
        elif related_id not in people:
            problems.append(_unknown_reference(path, "person", related_id, people))
    return problems


def _check_terms(record: Mapping[str, Any], references: ReferenceIndex) -> Iterator[FieldError]:
    for path, vocabulary, term in _iter_terms(record):
        if term not in references.terms.get(vocabulary, ()):
            yield _unknown_reference(path, f"{vocabulary} term", term, references.terms.get(vocabulary, ()))


def _iter_terms(record: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield path, vocabulary and id of every term in a record."""
    for index, term in enumerate(record.get("professions", [])):
        yield f"professions[{index}]", "profession", term
    for key, vocabulary, name in (
        ("events", "event", "type"),
        ("relations", "relation", "type"),
        ("works", "work", "type"),
        ("awards", "award", "award"),
    ):
        for index, part in enumerate(record.get(key, [])):
            if part.get(name):
                yield f"{key}[{index}].{name}", vocabulary, part[name]


def _check_places(record: Mapping[str, Any], references: ReferenceIndex) -> Iterator[FieldError]:
    for path, part in iter_facts(record):
        place = part.get("place")
        if place and place not in references.places:
            yield _unknown_reference(f"{path}.place", "place", place, references.places)


def _check_memberships_and_sources(
    record: Mapping[str, Any], references: ReferenceIndex
) -> Iterator[FieldError]:
    for index, part in enumerate(record.get("memberships", [])):
        organisation = part["organisation"]
        if organisation not in references.organisations:
            path = f"memberships[{index}].organisation"
            yield _unknown_reference(path, "organisation", organisation, references.organisations)
    for index, ref in enumerate(record.get("sources", [])):
        path = f"sources[{index}]"
        if (ref if isinstance(ref, str) else ref["id"]) in references.merged_sources:
            continue
        if isinstance(ref, str):
            if ref not in references.sources:
                # A canonical record lists all cited sources, even those the input did not list.
                cited = first_citation_paths(record).get(ref, path)
                yield _unknown_reference(cited, "source", ref, references.sources)
        elif references.sources.get(ref["id"], ref["csl"]) != ref["csl"]:
            message = f"The ID {ref['id']!r} belongs to another source. Choose another ID."
            yield FieldError(path, "source_differs", message)


def _unknown_reference(path: str, label: str, value: str, candidates: Collection[str]) -> FieldError:
    # Comparing tens of thousands of ids would take seconds.
    compared = list(candidates) if len(candidates) < 5_000 else []
    close_matches = get_close_matches(value, compared, n=1, cutoff=0.75)
    hint = f" Did you mean {close_matches[0]!r}?" if close_matches else ""
    code = f"unknown_{label.partition(' ')[0] if 'term' not in label else 'term'}"
    return FieldError(path, code, f"Unknown {label} {value!r}.{hint}")
