"""Autocomplete of form fields that refer to a person, a source or a reference record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.cited_works import CitedWorks
from biobank.editorial.duplicates import Duplicates
from biobank.editorial.heads import Head, heads
from biobank.editorial.reference_choices import CHOICES_MOST, Choice, Reference, told
from biobank.i18n import best
from biobank.names.folding import fold
from biobank.records.catalogue import Catalogue
from biobank.records.date_words import years_in_words
from biobank.records.dates import DateError
from biobank.records.people.mapping import preferred_name
from biobank.records.vocabulary.models import VOCABULARIES
from biobank.search.suggesting import names_for
from biobank.store.session import Database

KINDS: Final = ("person", "place", "organisation", "source", *VOCABULARIES)
TYPED_MOST: Final = 200
#: Number of suggestions reserved for unpublished people.
DRAFTS_KEPT: Final = 3


@dataclass
class Choices:
    """Autocomplete over all entity types, based on the current state of the database."""

    database: Database
    catalogue: Callable[[], Catalogue]
    duplicates: Duplicates
    works: CitedWorks = field(init=False)
    _reference: Reference = field(default_factory=lambda: Reference(Catalogue()))

    def __post_init__(self) -> None:
        self.works = CitedWorks(self.database)

    def find(self, who: Identity, kind: str, text: str, lang: str) -> list[Choice]:
        """Return at most MAX_AUTOCOMPLETE_CHOICES suggestions, best first; none for empty input."""
        require(who, Action.SEE_DESK)
        text = text.strip()[:TYPED_MOST]
        if not fold(text):
            return []
        if kind == "person":
            return self._people(text, lang)
        if kind == "source":
            return [
                Choice(one.id, one.title, told(one.authors, one.year))
                for one in self.works.find(text, CHOICES_MOST)
            ]
        catalogue = self.catalogue()
        if self._reference.catalogue is not catalogue:
            self._reference = Reference(catalogue)
        return self._reference.find(kind, text, lang)

    def _people(self, text: str, lang: str) -> list[Choice]:
        with self.database.read() as session:
            matchers = self.duplicates.names.matcher(), self.duplicates.drafts.matcher(session)
            public, drafts = (
                [one.person_id for one in it.complete(text, CHOICES_MOST)] for it in matchers
            )
            if not public and not drafts:
                public, drafts = (list(names_for(it, text, CHOICES_MOST)) for it in matchers)
            hidden = [id_ for id_ in drafts if id_ not in public]
            kept = public[: CHOICES_MOST - min(DRAFTS_KEPT, len(hidden))]
            found = heads(session, [text, *kept, *hidden])
        return [person_choice(head, lang) for head in found.values()][:CHOICES_MOST]


def person_choice(head: Head, lang: str) -> Choice:
    """Return a suggestion with years and headline, and the state of an unpublished person."""
    record = head.record
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    try:
        years = years_in_words(birth, death, lang, living="death" not in record)
    except DateError:
        years = ""
    about = (years, best(record.get("headline"), lang))
    state = "" if head.public else head.state
    return Choice(head.person_id, preferred_name(record, lang), told(*about), state=state)
