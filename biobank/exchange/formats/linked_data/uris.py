"""Permanent URIs of the entities that the bank describes."""

from dataclasses import dataclass

from biobank.exchange.formats.linked_data.vocabularies import PREFIXES
from biobank.records.vocabulary.models import term_key


@dataclass(frozen=True)
class Uris:
    """URIs of a bank at `base`: scheme and host, without a trailing slash.

    A permanent URI identifies the entity itself and redirects to its description. Parts of a record
    have the URI of the person with a fragment.
    """

    base_url: str

    def person(self, person_id: str) -> str:
        return f"{self.base_url}/people/{person_id}"

    def record(self, person_id: str) -> str:
        """Return the URI of the record about a person, which has a licence and changes."""
        return f"{self.person(person_id)}#record"

    def part(self, person_id: str, kind: str, number: int) -> str:
        """Return the URI of entry `number`, from 1, of a list in the record."""
        return f"{self.person(person_id)}#{kind}-{number}"

    def organisation(self, organisation_id: str) -> str:
        return f"{self.base_url}/organisations/{organisation_id}"

    def place(self, place_id: str) -> str:
        return f"{self.base_url}/places/{place_id}"

    def source(self, source_id: str) -> str:
        return f"{self.base_url}/sources/{source_id}"

    def scheme(self, vocabulary: str) -> str:
        return f"{self.base_url}/terms/{vocabulary}"

    def term(self, vocabulary: str, term_id: str) -> str:
        return f"{self.base_url}/terms/{term_key(vocabulary, term_id)}"

    def country(self, code: str) -> str:
        return self.term("country", code.lower())

    @property
    def void(self) -> str:
        return f"{self.base_url}/.well-known/void"

    @property
    def bank(self) -> str:
        """Return the URI of the whole bank as a dataset."""
        return f"{self.void}#bank"

    def dump(self, file: str) -> str:
        return f"{self.base_url}/dumps/{file}"

    def page(self, person_id: str, lang: str) -> str:
        return f"{self.base_url}/{lang}/people/{person_id}"

    @property
    def prefixes(self) -> dict[str, str]:
        """Return the common prefixes, and the one of relations between people."""
        return {**PREFIXES, "rel": self.term("relation", "")}
