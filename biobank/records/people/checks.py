"""Checks that references of a record exist: terms, places, organisations, sources, people."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.errors import Problem
from biobank.records.organisations.models import Organisation
from biobank.records.people.citations import facts, where_cited
from biobank.records.places.models import Place
from biobank.records.reference.redirects import load_redirects
from biobank.records.sources.models import Source
from biobank.records.vocabulary.models import VOCABULARIES, Term, term_id


@dataclass
class Known:
    """Ids that exist in the bank, by type, including redirected ones."""

    terms: dict[str, set[str]] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Ids of merged sources, given as an id or in full.
    merged_sources: set[str] = field(default_factory=set)


def load_known(session: Session) -> Known:
    """Load all existing and redirected ids."""
    terms: dict[str, set[str]] = {vocabulary: set() for vocabulary in VOCABULARIES}
    for term in session.scalars(select(Term)):
        terms[term.vocabulary].add(term.id)
    merged = load_redirects(session)
    for key in merged.get("term", ()):
        terms[key.partition("/")[0]].add(term_id(key))
    return Known(
        terms=terms,
        places={*session.scalars(select(Place.id)), *merged.get("place", ())},
        organisations={*session.scalars(select(Organisation.id)), *merged.get("organisation", ())},
        sources={row.id: row.csl for row in session.scalars(select(Source))},
        merged_sources=set(merged.get("source", ())),
    )


def check_references(record: Mapping[str, Any], known: Known) -> list[Problem]:
    """Return a problem for each unknown id of a canonical record, except relations."""
    return [*_terms(record, known), *_places(record, known), *_others(record, known)]


def dangling(record: Mapping[str, Any], people: Collection[str]) -> list[Problem]:
    """Return a problem for each relation to a person not in `people`, or to the person itself."""
    problems = []
    for index, relation in enumerate(record.get("relations", [])):
        path, other = f"relations[{index}].person", relation["person"]
        if other == record.get("id"):
            problems.append(Problem(path, "self_relation", "A person has no relation to itself."))
        elif other not in people:
            problems.append(_unknown(path, "person", other, people))
    return problems


def _terms(record: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    uses = [
        (f"professions[{index}]", "profession", term)
        for index, term in enumerate(record.get("professions", []))
    ]
    for key, vocabulary, name in (
        ("events", "event", "type"),
        ("relations", "relation", "type"),
        ("works", "work", "type"),
        ("awards", "award", "award"),
    ):
        for index, part in enumerate(record.get(key, [])):
            if part.get(name):
                uses.append((f"{key}[{index}].{name}", vocabulary, part[name]))
    for path, vocabulary, term in uses:
        if term not in known.terms.get(vocabulary, ()):
            yield _unknown(path, f"{vocabulary} term", term, known.terms.get(vocabulary, ()))


def _places(record: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    for path, part in facts(record):
        place = part.get("place")
        if place and place not in known.places:
            yield _unknown(f"{path}.place", "place", place, known.places)


def _others(record: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    for index, part in enumerate(record.get("memberships", [])):
        organisation = part["organisation"]
        if organisation not in known.organisations:
            path = f"memberships[{index}].organisation"
            yield _unknown(path, "organisation", organisation, known.organisations)
    for index, ref in enumerate(record.get("sources", [])):
        path = f"sources[{index}]"
        if (ref if isinstance(ref, str) else ref["id"]) in known.merged_sources:
            continue
        if isinstance(ref, str):
            if ref not in known.sources:
                # A canonical record lists all cited sources, even those the input did not list.
                cited = where_cited(record).get(ref, path)
                yield _unknown(cited, "source", ref, known.sources)
        elif known.sources.get(ref["id"], ref["csl"]) != ref["csl"]:
            message = f"The bank holds another source under {ref['id']!r}; choose another id."
            yield Problem(path, "source_differs", message)


def _unknown(path: str, what: str, value: str, among: Collection[str]) -> Problem:
    # Comparing tens of thousands of ids would take seconds.
    near = get_close_matches(value, list(among), n=1, cutoff=0.75) if len(among) < 5_000 else []
    hint = f" Did you mean {near[0]!r}?" if near else ""
    code = f"unknown_{what.partition(' ')[0] if 'term' not in what else 'term'}"
    return Problem(path, code, f"There is no {what} {value!r} in the bank.{hint}")
