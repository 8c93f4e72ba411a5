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
from biobank.records.sources.queries import by_ids
from biobank.records.vocabulary.models import term_key

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Bank:
    """All published records, and the records they refer to."""

    people: Mapping[str, Record]
    catalogue: Catalogue
    sources: Mapping[str, Record]
    #: Languages of outdated texts by person.
    stale: Mapping[str, set[str]] = field(default_factory=dict)

    def ties(self, person: Record) -> set[tuple[str, str]]:
        """Return type and person of every relation, inbound ones with the inverse type."""
        own = {(tie["type"], tie["person"]) for tie in person.get("relations", [])}
        return own | {
            (self.catalogue.terms[term_key("relation", tie["type"])]["inverse"], other["id"])
            for other in self.people.values()
            for tie in other.get("relations", [])
            if tie["person"] == person["id"]
        }


Condition = Callable[[Bank, Record], bool]


def read_bank(services: Services) -> Bank:
    """Load the bank from the store."""
    with services.database.read() as session:
        people = {id_: one for chunk in queries.walk(session) for id_, one in chunk.items()}
        sources = by_ids(session, {id_ for one in people.values() for id_ in cited(one)})
        ages = [(age.person_id, age.lang, age.changed, age.agrees) for age in _ages(session)]
    return Bank(people, services.catalogue(), sources, stale_among(ages))


def _ages(session: Session) -> Iterable[TextAge]:
    return session.scalars(select(TextAge))


def stale_among(ages: Iterable[tuple[str, str, int, int]]) -> dict[str, set[str]]:
    """Return outdated languages by person, given (person, language, changed, confirmed) rows."""
    known = list(ages)
    found: dict[str, set[str]] = {}
    for person, lang, changed, agrees in known:
        newest = max(each[2] for each in known if each[0] == person)
        if newest > max(changed, agrees):
            found.setdefault(person, set()).add(lang)
    return found


def who(bank: Bank, *conditions: Condition) -> set[str]:
    """Return the ids of people who meet all conditions."""
    return {
        id_
        for id_, person in bank.people.items()
        if all(condition(bank, person) for condition in conditions)
    }


def neither(*conditions: Condition) -> Condition:
    return lambda bank, person: not any(condition(bank, person) for condition in conditions)


def either(*conditions: Condition) -> Condition:
    return lambda bank, person: any(condition(bank, person) for condition in conditions)


def both(*conditions: Condition) -> Condition:
    return lambda bank, person: all(condition(bank, person) for condition in conditions)


def without(field: str) -> Condition:
    """Match people for whom a list of the record is empty: works, awards, memberships."""
    return lambda _, person: not person.get(field)


def cited(person: Record) -> set[str]:
    """Return ids of the sources of a record, its facts and its biographies."""
    return {*person.get("sources", []), *cited_in_facts(person), *cited_in_text(person)}
