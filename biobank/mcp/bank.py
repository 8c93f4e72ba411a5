"""Reading public records for the tools: people by their current or former id, sources, and addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.common.clock import as_utc, now
from biobank.common.i18n import best_text
from biobank.editorial.revisions import history
from biobank.editorial.revisions.publication import find_tombstone
from biobank.errors import Gone, NotFound
from biobank.exchange.exports.context import ExportContext
from biobank.exchange.exports.formats import make_export_context
from biobank.exchange.formats.citations.item import parse_csl
from biobank.exchange.formats.citations.styles import CITATION_STYLES
from biobank.exchange.formats.linked_data.graph import Uris
from biobank.mcp.outputs import CitedWork, LabelledRef, PersonRef, RevisionRef
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.date_formatting import format_life_years
from biobank.records.people import queries
from biobank.records.people.browse_queries import PersonListItem, load_csl_items
from biobank.records.people.record import PersonRecord
from biobank.search.query import SearchQuery

#: Style of the sources in answers.
SOURCE_STYLE = "apa"


@dataclass(frozen=True)
class PublicBank:
    """The public records of a bank at `base_url`: scheme and host, without a trailing slash."""

    services: Services
    base_url: str

    @property
    def uris(self) -> Uris:
        return Uris(self.base_url)

    @property
    def catalogue(self) -> Catalogue:
        return self.services.catalogue().public

    def export_context(self, lang: str) -> ExportContext:
        """Return the context of citations."""
        return make_export_context(self.services.database, self.catalogue, lang, self.base_url, now().date())

    def search_url(self, query: SearchQuery) -> str:
        """Return the address of the search page with the results of a normalized query."""
        params = urlencode(query.url_params(), safe=",:.[]~/")
        return f"{self.base_url}/{query.lang}/search" + (f"?{params}" if params else "")

    def revision_url(self, person_id: str, number: int) -> str:
        return f"{self.uris.person(person_id)}/revisions/{number}"

    def load_person(self, session: Session, person_id: str) -> PersonRecord:
        """Return the published record of a person, of the survivor if the person was merged.

        The record has its relations as stored, so that their numbers agree with `connections`.

        Raises:
            Gone: If the person was withdrawn.
            NotFound: If there is no public person with this id.
        """
        if person_id in (records := queries.load_stored_records(session, [person_id])):
            return records[person_id]
        removal = find_tombstone(session, person_id)
        if removal and removal.new_id:
            return self.load_person(session, removal.new_id)
        if removal and removal.at:
            raise Gone(f"This person was withdrawn on {removal.at:%Y-%m-%d}.")
        raise NotFound.person(person_id)

    def current_revision(self, session: Session, person_id: str) -> RevisionRef:
        """Return the published revision of a public person."""
        revision = history.get_current_revision(session, person_id)
        return self.revision_ref(person_id, revision.number, revision.published_at or revision.at)

    def revision_ref(self, person_id: str, number: int, published: datetime) -> RevisionRef:
        day = as_utc(published).date().isoformat()
        return RevisionRef(number=number, published=day, url=self.revision_url(person_id, number))

    def person_ref(self, record: Mapping[str, Any], lang: str) -> PersonRef:
        """Return a person of a public record as others refer to them."""
        return self.card_ref(PersonListItem.from_record(record["id"], record), lang)

    def card_ref(self, card: PersonListItem, lang: str) -> PersonRef:
        return PersonRef(
            id=card.id,
            name=card.name(lang),
            years=format_life_years(card.birth, card.death, lang, living=card.death is None),
            headline=best_text(card.headline, lang),
            url=self.uris.person(card.id),
        )

    def place_ref(self, place_id: str | None, lang: str) -> LabelledRef | None:
        if not place_id:
            return None
        current_id = self.catalogue.resolve_redirect("place", place_id)
        label = self.catalogue.place_name(current_id, lang)
        return LabelledRef(id=current_id, label=label, url=self.uris.place(current_id))

    def term_ref(
        self, vocabulary: str, term_id: str | None, lang: str, gender: str = ""
    ) -> LabelledRef | None:
        if not term_id:
            return None
        label = self.catalogue.term_label(vocabulary, term_id, lang, gender)
        return LabelledRef(id=term_id, label=label, url=self.uris.term(vocabulary, term_id))

    def organisation_ref(self, organisation_id: str | None, lang: str) -> LabelledRef | None:
        if not organisation_id:
            return None
        current_id = self.catalogue.resolve_redirect("organisation", organisation_id)
        label = self.catalogue.organisation_name(current_id, lang)
        return LabelledRef(id=current_id, label=label, url=self.uris.organisation(current_id))

    def country_ref(self, code: str, lang: str) -> LabelledRef:
        return LabelledRef(id=code, label=country_name(code, lang), url=self.uris.country(code))

    def source_refs(self, session: Session, ids: Iterable[str]) -> list[CitedWork]:
        """Return the works of sources of public records, in the order of `ids`, without repeats."""
        wanted = list(dict.fromkeys(ids))
        items = load_csl_items(session, wanted)
        return [self.source_ref(id_, items[id_]) for id_ in wanted if id_ in items]

    def source_ref(self, source_id: str, csl: Mapping[str, Any]) -> CitedWork:
        item = parse_csl(csl)
        return CitedWork(
            id=source_id,
            citation=CITATION_STYLES[SOURCE_STYLE].write(item).plain,
            url=self.uris.source(source_id),
            link=item.url,
        )
