"""An oracle for search results: people who meet conditions, evaluated in plain Python.

A condition is evaluated on one record and the bank, which holds what records only refer to: broader
terms, places, titles of sources and inbound relations. Nothing of the search is used here or in the
conditions, so that its results can be checked against them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries
from biobank.records.people.citations import cited_in_facts, cited_in_text
from biobank.records.people.models import TextAge
from biobank.records.sources.queries import load_by_ids
from biobank.records.vocabulary.models import term_key

Record = Mapping[str, Any]


@dataclass(frozen=True)
class RecordBank:
    """All published records, and the records they refer to."""

    people: Mapping[str, Record]
    catalogue: Catalogue
    sources: Mapping[str, Record]
    #: Languages of outdated texts by person.
    stale: Mapping[str, set[str]] = field(default_factory=dict)

    def relations(self, person: Record) -> set[tuple[str, str]]:
        """Return type and person of every relation, inbound ones with the inverse type."""
        own = {(relation["type"], relation["person"]) for relation in person.get("relations", [])}
        return own | {
            (self.catalogue.terms[term_key("relation", relation["type"])]["inverse"], holder["id"])
            for holder in self.people.values()
            for relation in holder.get("relations", [])
            if relation["person"] == person["id"]
        }


Condition = Callable[[RecordBank, Record], bool]


def load_bank(services: Services) -> RecordBank:
    """Load the bank from the store."""
    with services.database.read() as session:
        people = {id_: record for chunk in queries.iter_chunks(session) for id_, record in chunk.items()}
        sources = load_by_ids(session, {id_ for record in people.values() for id_ in cited_sources(record)})
        ages = [(age.person_id, age.lang, age.changed, age.agrees) for age in _ages(session)]
    return RecordBank(people, services.catalogue(), sources, stale_languages(ages))


def _ages(session: Session) -> Iterable[TextAge]:
    return session.scalars(select(TextAge))


def stale_languages(ages: Iterable[tuple[str, str, int, int]]) -> dict[str, set[str]]:
    """Return outdated languages by person, given (person, language, changed, confirmed) rows."""
    known = list(ages)
    stale: dict[str, set[str]] = {}
    for person, lang, changed, agrees in known:
        latest = max(age[2] for age in known if age[0] == person)
        if latest > max(changed, agrees):
            stale.setdefault(person, set()).add(lang)
    return stale


def matching_ids(bank: RecordBank, *conditions: Condition) -> set[str]:
    """Return the ids of people who meet all conditions."""
    return {
        id_ for id_, person in bank.people.items() if all(condition(bank, person) for condition in conditions)
    }


def none_of(*conditions: Condition) -> Condition:
    return lambda bank, person: not any(condition(bank, person) for condition in conditions)


def any_of(*conditions: Condition) -> Condition:
    return lambda bank, person: any(condition(bank, person) for condition in conditions)


def all_of(*conditions: Condition) -> Condition:
    return lambda bank, person: all(condition(bank, person) for condition in conditions)


def has_no(field: str) -> Condition:
    """Match people for whom a list of the record is empty: works, awards, memberships."""
    return lambda _, person: not person.get(field)


def cited_sources(person: Record) -> set[str]:
    """Return ids of the sources of a record, its facts and its biographies."""
    return {*person.get("sources", []), *cited_in_facts(person), *cited_in_text(person)}
