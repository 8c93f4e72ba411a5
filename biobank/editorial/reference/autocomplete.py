"""Autocomplete of form fields that refer to a person, a source or a reference record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.i18n import best_text
from biobank.editorial.duplicates.candidates import DuplicateFinder
from biobank.editorial.reference.catalogue_autocomplete import (
    MAX_AUTOCOMPLETE_CHOICES,
    AutocompleteOption,
    CatalogueIndex,
    non_empty,
)
from biobank.editorial.reference.source_search import SourceSearch
from biobank.editorial.revisions.latest_revisions import LatestRevision, get_latest_revisions
from biobank.names.folding import fold
from biobank.records.catalogue import Catalogue
from biobank.records.date_formatting import format_life_years
from biobank.records.dates import DateError
from biobank.records.people.mapping import preferred_name
from biobank.records.vocabulary.models import VOCABULARIES
from biobank.search.suggestions import suggest_names
from biobank.store.session import Database

AUTOCOMPLETE_KINDS: Final = ("person", "place", "organisation", "source", *VOCABULARIES)
MAX_AUTOCOMPLETE_CHARS: Final = 200
#: Number of suggestions reserved for unpublished people.
RESERVED_DRAFT_SLOTS: Final = 3


@dataclass
class Autocomplete:
    """Autocomplete over all entity types, based on the current state of the database."""

    database: Database
    catalogue: Callable[[], Catalogue]
    duplicates: DuplicateFinder
    works: SourceSearch = field(init=False)
    _index: CatalogueIndex = field(default_factory=lambda: CatalogueIndex(Catalogue()))

    def __post_init__(self) -> None:
        self.works = SourceSearch(self.database)

    def find(self, actor: Identity, kind: str, text: str, lang: str) -> list[AutocompleteOption]:
        """Return at most MAX_AUTOCOMPLETE_CHOICES suggestions, best first; none for empty input."""
        require(actor, Action.SEE_DESK)
        text = text.strip()[:MAX_AUTOCOMPLETE_CHARS]
        if not fold(text):
            return []
        if kind == "person":
            return self._find_people(text, lang)
        if kind == "source":
            return [
                AutocompleteOption(work.id, work.title, non_empty(work.authors, work.year))
                for work in self.works.find(text, MAX_AUTOCOMPLETE_CHOICES)
            ]
        catalogue = self.catalogue()
        if self._index.catalogue is not catalogue:
            self._index = CatalogueIndex(catalogue)
        return self._index.find(kind, text, lang)

    def _find_people(self, text: str, lang: str) -> list[AutocompleteOption]:
        with self.database.read() as session:
            matchers = self.duplicates.names.matcher(), self.duplicates.drafts.matcher(session)
            public, drafts = (
                [match.person_id for match in matcher.complete(text, MAX_AUTOCOMPLETE_CHOICES)]
                for matcher in matchers
            )
            if not public and not drafts:
                public, drafts = (
                    list(suggest_names(matcher, text, MAX_AUTOCOMPLETE_CHOICES))
                    for matcher in matchers
                )
            hidden = [id_ for id_ in drafts if id_ not in public]
            shown_public = public[
                : MAX_AUTOCOMPLETE_CHOICES - min(RESERVED_DRAFT_SLOTS, len(hidden))
            ]
            latest_revisions = get_latest_revisions(session, [text, *shown_public, *hidden])
        return [choice_for_person(revision, lang) for revision in latest_revisions.values()][
            :MAX_AUTOCOMPLETE_CHOICES
        ]


def choice_for_person(revision: LatestRevision, lang: str) -> AutocompleteOption:
    """Return a suggestion with years and headline, and the state of an unpublished person."""
    record = revision.record
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    try:
        years = format_life_years(birth, death, lang, living="death" not in record)
    except DateError:
        years = ""
    details = (years, best_text(record.get("headline"), lang))
    state = "" if revision.public else revision.state
    return AutocompleteOption(
        revision.person_id, preferred_name(record, lang), non_empty(*details), state=state
    )
