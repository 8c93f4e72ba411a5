"""The view models of a person's page and of a past revision, in the language of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, cast

from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.common.clock import as_utc
from biobank.common.i18n import best_with_language
from biobank.editorial.revisions import history
from biobank.errors import NotFound
from biobank.exchange.formats.citations.biography import CitedRevision, biography_item
from biobank.exchange.formats.citations.item import CitationEntry
from biobank.exchange.formats.linked_data.description_queries import image_hashes, related_context
from biobank.exchange.formats.linked_data.people import relations_from_both_ends
from biobank.http.streaming import export_context
from biobank.records.catalogue import Catalogue
from biobank.records.media.queries import pictures_by_sha
from biobank.records.people import browse_queries, queries
from biobank.records.people.browse_queries import PersonListItem
from biobank.records.people.citations import all_source_ids
from biobank.records.people.mapping import preferred_name
from biobank.records.people.models import Relation
from biobank.records.people.queries import stale_translations_by_person
from biobank.records.people.record import PersonRecord
from biobank.search.similar_people import SimilarPerson, find_similar, people_in_reasons
from biobank.web.core.biography import (
    BiographyView,
    NewerText,
    SourceCheck,
    make_biography,
    make_source_check,
    newer_text,
)
from biobank.web.core.citations import CitationSection, make_citation_section
from biobank.web.core.footnotes import Footnotes
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day, format_years
from biobank.web.core.linked_data import LinkedData, linked_person
from biobank.web.core.meta_description import build_description, first_paragraph_text
from biobank.web.core.name_forms import NameForm, NameGroup, find_name_form, name_groups
from biobank.web.core.record_changes import RevisionLink, published_at, revision_link
from biobank.web.core.social_meta import SocialImage, make_person_card, person_social_image
from biobank.web.core.urls import (
    Link,
    absolute_url,
    changes_url,
    history_url,
    json_url,
    permanent_revision_url,
    permanent_url,
    person_url,
    suggest_url,
)
from biobank.web.people.facts import Fact, make_facts
from biobank.web.people.media import MediaView, make_media
from biobank.web.people.relations import (
    RelatedPerson,
    RelationEdge,
    SimilarPersonView,
    make_relations,
    make_similar_people,
    relation_edges,
)
from biobank.web.people.share_links import ShareLinks, make_share_links
from biobank.web.people.sources import SourceView, identifier_links, source_views
from biobank.web.people.timeline import TimelineEntry, make_awards, make_events, make_memberships, make_works


@dataclass(frozen=True)
class PersonPage:
    """The content of the page; unknown fields are empty and omitted."""

    id: str
    name: NameForm
    years: str
    headline: str
    headline_lang: str
    connection: str
    connection_lang: str
    name_groups: tuple[NameGroup, ...]
    facts: tuple[Fact, ...]
    life: BiographyView | None
    #: Set if the shown text is older than one in another language.
    newer: NewerText | None
    checked: SourceCheck | None
    events: tuple[TimelineEntry, ...]
    works: tuple[TimelineEntry, ...]
    memberships: tuple[TimelineEntry, ...]
    awards: tuple[TimelineEntry, ...]
    relations: tuple[RelatedPerson, ...]
    similar: tuple[SimilarPersonView, ...]
    sources: tuple[SourceView, ...]
    elsewhere: tuple[Link, ...]
    media: MediaView
    permanent: str
    cite: CitationSection
    published: str
    published_on: str
    changed: str
    changed_on: str
    history_url: str
    json_url: str
    #: URL to suggest a correction; empty for past revisions.
    suggest_url: str
    #: Meta description, also used by social networks.
    description: str
    gender: str
    #: None for past revisions.
    picture: SocialImage | None
    share: ShareLinks | None
    #: Linked data; None for past revisions.
    linked: LinkedData | None


class CitedSections(TypedDict):
    """The sections of a page that carry footnote marks."""

    life: BiographyView | None
    facts: tuple[Fact, ...]
    events: tuple[TimelineEntry, ...]
    works: tuple[TimelineEntry, ...]
    memberships: tuple[TimelineEntry, ...]
    awards: tuple[TimelineEntry, ...]
    relations: tuple[RelatedPerson, ...]
    checked: SourceCheck | None


class RevisionLinks(TypedDict):
    """The fields that differ between the current page and a past revision."""

    permanent: str
    json_url: str
    suggest_url: str
    picture: SocialImage | None
    share: ShareLinks | None


@dataclass(frozen=True)
class PersonView:
    """The data of a page: the record of one revision, incoming relations and similar people.

    `past` if it is a past revision rather than the published one.
    """

    record: Mapping[str, Any]
    number: int
    at: datetime
    inbound: Sequence[Relation] = ()
    similar: Sequence[SimilarPerson] = ()
    #: The newest language by the language of an outdated text.
    stale: Mapping[str, str] = field(default_factory=dict)
    past: bool = False
    #: The positions of the relations in the stored record, if they are known.
    relation_positions: Sequence[int] = ()


@dataclass(frozen=True)
class RevisionPage:
    """The person page of a revision; `current` is the revision that is public now."""

    person: PersonPage
    this: RevisionLink
    current: RevisionLink
    changes_url: str


def make_person_page(services: Services, person_id: str, lang: str) -> PersonPage:
    """Return the page of a published person.

    Raises:
        NotFound: If there is none.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        stored = queries.load_stored_records(session, [person_id]).get(person_id)
        if stored is None:
            raise NotFound(_("Biography not found."))
        record, relation_positions = queries.drop_hidden_relations(session, stored)
        inbound = queries.relations_to(session, [person_id]).get(person_id, [])
        own_relations = (relation["person"] for relation in record.get("relations", ()))
        related = {person_id, *own_relations, *(relation.person_id for relation in inbound)}
        view = PersonView(
            record,
            *browse_queries.published_states(session, [person_id])[person_id],
            inbound=inbound,
            similar=find_similar(session, record, catalogue, related=related),
            stale=stale_translations_by_person(session, [person_id]).get(person_id, {}),
            relation_positions=relation_positions,
        )
        return build_person_page(session, view, catalogue, lang)


def make_revision_page(services: Services, person_id: str, number: int, lang: str) -> RevisionPage:
    """Build the page of a published revision of a public person.

    Raises:
        NotFound: if there is no such person or revision.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        revision = history.get_revision(session, person_id, number)
        current = history.get_current_revision(session, person_id)
        # Relations from other records and similar people reflect the present.
        page_record = PersonView(revision.record, number, published_at(revision), past=True)
        person = build_person_page(session, page_record, catalogue, lang)
    current_link = revision_link(current, lang, person_url(person_id, lang))
    return RevisionPage(
        person, revision_link(revision, lang), current_link, changes_url(person_id, number, lang)
    )


def build_person_page(session: Session, view: PersonView, catalogue: Catalogue, lang: str) -> PersonPage:
    """Build the page of a published person from its data."""
    record, person_id, past = view.record, view.record["id"], view.past
    items = browse_queries.load_csl_items(session, all_source_ids(record))
    notes = Footnotes(frozenset(items))
    edges = relation_edges(record, view.inbound, catalogue, view.relation_positions)
    people = browse_queries.load_cards(
        session, [*(edge.person for edge in edges), *people_in_reasons(view.similar)]
    )
    sections = _cited_sections(record, edges, people, catalogue, lang, notes)
    name = find_name_form(record["names"], preferred_name(record, lang), lang)
    headline, headline_lang = best_with_language(record.get("headline"), lang)
    connection, connection_lang = best_with_language(record.get("connection"), lang)
    published = history.first_published(session, person_id) or view.at
    return PersonPage(
        id=person_id,
        name=name,
        years=_lifespan(record, lang),
        headline=headline,
        headline_lang=headline_lang,
        connection=connection,
        connection_lang=connection_lang,
        name_groups=name_groups(record["names"], name, lang),
        newer=newer_text(view.stale, sections["life"], person_id),
        similar=make_similar_people(record, view.similar, people, catalogue, lang),
        sources=source_views(notes, items, lang),
        elsewhere=identifier_links(record.get("identifiers", {})),
        media=make_media(session, record.get("media", ()), lang, past=past),
        cite=_cite(view, catalogue, lang),
        published=format_day(published, lang),
        published_on=f"{published:%Y-%m-%d}",
        changed=format_day(view.at, lang),
        changed_on=f"{view.at:%Y-%m-%d}",
        history_url=history_url(person_id, lang),
        description=_description(record, headline, lang),
        gender=record.get("gender", ""),
        **sections,
        **(_past_links(view) if past else _current_links(session, view, name.text, lang)),
        linked=None if past else _linked_data(session, view, people, items, catalogue, lang),
    )


def _cited_sections(
    record: Mapping[str, Any],
    edges: Sequence[RelationEdge],
    people: Mapping[str, PersonListItem],
    catalogue: Catalogue,
    lang: str,
    notes: Footnotes,
) -> CitedSections:
    """Build the sections in the order of the page, so that marks are numbered in reading order."""
    sections = CitedSections(
        life=make_biography(record.get("biography", {}), lang, notes),
        facts=make_facts(record, catalogue, lang, notes),
        events=make_events(record, catalogue, lang, notes),
        works=make_works(record, catalogue, lang, notes),
        memberships=make_memberships(record, catalogue, lang, notes),
        awards=make_awards(record, catalogue, lang, notes),
        relations=make_relations(edges, people, catalogue, lang, notes),
        checked=make_source_check(record, lang, notes),
    )
    notes.add_uncited(record.get("sources", ()))
    return sections


def _current_links(session: Session, view: PersonView, name: str, lang: str) -> RevisionLinks:
    """Return the links of a current page, which can be shared and corrected."""
    person_id = view.record["id"]
    return RevisionLinks(
        permanent=permanent_url(person_id),
        json_url=json_url(person_id),
        suggest_url=suggest_url(person_id, lang),
        picture=person_social_image(make_person_card(session, view.record, lang), lang),
        share=_share(view.record, name, lang),
    )


def _past_links(view: PersonView) -> RevisionLinks:
    """Return the links of a past revision, which cannot be shared or corrected."""
    person_id = view.record["id"]
    return RevisionLinks(
        permanent=permanent_revision_url(person_id, view.number),
        json_url=json_url(person_id, view.number),
        suggest_url="",
        picture=None,
        share=None,
    )


def _linked_data(
    session: Session,
    view: PersonView,
    people: Mapping[str, PersonListItem],
    items: Mapping[str, Mapping[str, Any]],
    catalogue: Catalogue,
    lang: str,
) -> LinkedData:
    related = related_context(
        (view.number, view.at),
        relations_from_both_ends(view.record, view.inbound, catalogue.public),
        people,
        items,
        pictures_by_sha(session, image_hashes([view.record])),
    )
    return linked_person(view.record, related, catalogue.public, lang)


def _share(record: Mapping[str, Any], name: str, lang: str) -> ShareLinks:
    return make_share_links(absolute_url(person_url(record["id"], lang)), name, lang)


def _description(record: Mapping[str, Any], headline: str, lang: str) -> str:
    """Return the headline and the beginning of the biography, in the language of the page."""
    return build_description(headline, first_paragraph_text(record.get("biography", {}).get(lang, "")))


def _lifespan(record: Mapping[str, Any], lang: str) -> str:
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    return format_years(birth, death, lang, living="death" not in record)


def _cite(view: PersonView, catalogue: Catalogue, lang: str) -> CitationSection:
    """Return the citation of the revision that the page shows."""
    person_id = view.record["id"]
    stamp = CitedRevision(view.number, as_utc(view.at).date(), permanent_revision_url(person_id, view.number))
    item = biography_item(cast(PersonRecord, view.record), export_context(catalogue, lang), stamp)
    return make_citation_section(CitationEntry(person_id, item), stamp, lang, past=view.past)
