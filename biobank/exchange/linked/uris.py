"""The permanent addresses of what the bank describes."""

from dataclasses import dataclass

from biobank.exchange.linked.vocabularies import PREFIXES
from biobank.records.vocabulary.models import term_key


@dataclass(frozen=True)
class Uris:
    """All addresses of a bank at `base`: scheme and host, without a slash at the end.

    A permanent address stands for the thing itself and leads to what is said of it; what a record
    says in parts has the address of the person with a fragment.
    """

    base: str

    def person(self, person_id: str) -> str:
        return f"{self.base}/people/{person_id}"

    def record(self, person_id: str) -> str:
        """Of what the bank says of the person: that has a licence and changes."""
        return f"{self.person(person_id)}#record"

    def part(self, person_id: str, kind: str, number: int) -> str:
        """Of the entry `number`, from 1, of a list of the record."""
        return f"{self.person(person_id)}#{kind}-{number}"

    def organisation(self, organisation_id: str) -> str:
        return f"{self.base}/organisations/{organisation_id}"

    def place(self, place_id: str) -> str:
        return f"{self.base}/places/{place_id}"

    def source(self, source_id: str) -> str:
        return f"{self.base}/sources/{source_id}"

    def scheme(self, vocabulary: str) -> str:
        return f"{self.base}/terms/{vocabulary}"

    def term(self, vocabulary: str, term_id: str) -> str:
        return f"{self.base}/terms/{term_key(vocabulary, term_id)}"

    def country(self, code: str) -> str:
        return self.term("country", code.lower())

    @property
    def void(self) -> str:
        return f"{self.base}/.well-known/void"

    @property
    def bank(self) -> str:
        """Of the whole bank as a set of data."""
        return f"{self.void}#bank"

    def dump(self, file: str) -> str:
        return f"{self.base}/dumps/{file}"

    def page(self, person_id: str, lang: str) -> str:
        return f"{self.base}/{lang}/people/{person_id}"

    @property
    def prefixes(self) -> dict[str, str]:
        """Those of all, and that of the ties between people."""
        return {**PREFIXES, "rel": self.term("relation", "")}
