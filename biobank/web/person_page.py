"""The view model of a person's page, in the language of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypedDict

from flask import url_for
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.downloads import edition_in
from biobank.editorial import history
from biobank.errors import NotFound
from biobank.exchange.citing.biography import Stamp, biography
from biobank.exchange.citing.work import CitedWork
from biobank.i18n import best_with_language
from biobank.records.catalogue import Catalogue
from biobank.records.people import browsing, queries
from biobank.records.people.browsing import in_utc
from biobank.records.people.citations import sources_of
from biobank.records.people.mapping import preferred_name
from biobank.records.people.models import Relation
from biobank.records.people.text_ages import stale_of
from biobank.search.similar import Similar, similar_people
from biobank.web.chronicle import Entry, make_awards, make_events, make_memberships, make_works
from biobank.web.citing.section import Cite, make_cite
from biobank.web.facts import Fact, make_facts
from biobank.web.footnotes import Footnotes
from biobank.web.freshness import Checked, NewerText, make_checked, newer_text
from biobank.web.identifiers import identifier_links
from biobank.web.life import Life, make_life
from biobank.web.linked import Linked, linked_person
from biobank.web.links import (
    Link,
    absolute,
    history_url,
    permanent_revision_url,
    permanent_url,
    person_url,
    suggest_url,
)
from biobank.web.media.section import MediaView, make_media
from biobank.web.names import NameForm, NameGroup, name_groups, shown_name
from biobank.web.relations import Alike, Related, make_alike, make_relations
from biobank.web.sharing.describing import described, plain
from biobank.web.sharing.pictures import Picture, person_card, person_picture
from biobank.web.sharing.share import Share, make_share
from biobank.web.sources import SourceView, source_views
from biobank.web.text import _
from biobank.web.words import day_words, years


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
    life: Life | None
    #: Set if the shown text is older than one in another language.
    newer: NewerText | None
    checked: Checked | None
    events: tuple[Entry, ...]
    works: tuple[Entry, ...]
    memberships: tuple[Entry, ...]
    awards: tuple[Entry, ...]
    relations: tuple[Related, ...]
    alike: tuple[Alike, ...]
    sources: tuple[SourceView, ...]
    elsewhere: tuple[Link, ...]
    media: MediaView
    permanent: str
    cite: Cite
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
    picture: Picture | None
    share: Share | None
    #: Linked data; None for past revisions.
    linked: Linked | None = None


class Marked(TypedDict):
    """The sections of a page that carry footnote marks."""

    life: Life | None
    facts: tuple[Fact, ...]
    events: tuple[Entry, ...]
    works: tuple[Entry, ...]
    memberships: tuple[Entry, ...]
    awards: tuple[Entry, ...]
    relations: tuple[Related, ...]
    checked: Checked | None


class Standing(TypedDict):
    """The fields that differ between the current page and a past revision."""

    permanent: str
    json_url: str
    suggest_url: str
    picture: Picture | None
    share: Share | None


@dataclass(frozen=True)
class Told:
    """The data of a page: the record of one revision, incoming relations and similar people.

    `past` if it is a past revision rather than the published one.
    """

    record: Mapping[str, Any]
    number: int
    at: datetime
    inbound: Sequence[Relation] = ()
    alike: Sequence[Similar] = ()
    #: The newest language by the language of an outdated text.
    stale: Mapping[str, str] = field(default_factory=dict)
    past: bool = False


def make_person_page(services: Services, person_id: str, lang: str) -> PersonPage:
    """Return the page of a published person.

    Raises:
        NotFound: If there is none.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        record = queries.record(session, person_id)
        state = browsing.state(session, person_id)
        if record is None or state is None:
            raise NotFound(_("There is no such person in the bank."))
        inbound = queries.relations_to(session, [person_id]).get(person_id, [])
        told = Told(
            record,
            *state,
            inbound=inbound,
            alike=similar_people(session, record),
            stale=stale_of(session, [person_id]).get(person_id, {}),
        )
        linked = linked_person(session, record, catalogue.public, lang)
        return replace(page_of(session, told, catalogue, lang), linked=linked)


def page_of(session: Session, told: Told, catalogue: Catalogue, lang: str) -> PersonPage:
    """Build the page of a published person from its data."""
    record, person_id, past = told.record, told.record["id"], told.past
    items = browsing.cited(session, sources_of(record))
    notes = Footnotes(frozenset(items))
    marked = _marked(session, told, catalogue, lang, notes)
    name = shown_name(record["names"], preferred_name(record, lang), lang)
    headline, headline_lang = best_with_language(record.get("headline"), lang)
    connection, connection_lang = best_with_language(record.get("connection"), lang)
    published = history.first_published(session, person_id) or told.at
    return PersonPage(
        id=person_id,
        name=name,
        years=_years(record, lang),
        headline=headline,
        headline_lang=headline_lang,
        connection=connection,
        connection_lang=connection_lang,
        name_groups=name_groups(record["names"], name, lang),
        newer=newer_text(told.stale, marked["life"], person_id),
        alike=make_alike(session, record, told.alike, catalogue, lang),
        sources=source_views(notes, items, lang),
        elsewhere=identifier_links(record.get("identifiers", {})),
        media=make_media(session, record.get("media", ()), lang, past=past),
        cite=_cite(told, catalogue, lang),
        published=day_words(published, lang),
        published_on=f"{published:%Y-%m-%d}",
        changed=day_words(told.at, lang),
        changed_on=f"{told.at:%Y-%m-%d}",
        history_url=history_url(person_id, lang),
        description=_description(record, headline, lang),
        gender=record.get("gender", ""),
        **marked,
        **(_of_then(told) if past else _of_today(session, told, name.text, lang)),
    )


def _marked(
    session: Session, told: Told, catalogue: Catalogue, lang: str, notes: Footnotes
) -> Marked:
    """Build the sections in the order of the page, so that marks are numbered in reading order."""
    record = told.record
    made = Marked(
        life=make_life(record.get("biography", {}), lang, notes),
        facts=make_facts(record, catalogue, lang, notes),
        events=make_events(record, catalogue, lang, notes),
        works=make_works(record, catalogue, lang, notes),
        memberships=make_memberships(record, catalogue, lang, notes),
        awards=make_awards(record, catalogue, lang, notes),
        relations=make_relations(session, record, told.inbound, catalogue, lang, notes),
        checked=make_checked(record, lang, notes),
    )
    notes.rest(record.get("sources", ()))
    return made


def _of_today(session: Session, told: Told, name: str, lang: str) -> Standing:
    """Return the links of a current page, which can be shared and corrected."""
    person_id = told.record["id"]
    return Standing(
        permanent=permanent_url(person_id),
        json_url=json_url(person_id),
        suggest_url=suggest_url(person_id, lang),
        picture=person_picture(person_card(session, told.record, lang), lang),
        share=_share(told.record, name, lang),
    )


def _of_then(told: Told) -> Standing:
    """Return the links of a past revision, which cannot be shared or corrected."""
    person_id = told.record["id"]
    return Standing(
        permanent=permanent_revision_url(person_id, told.number),
        json_url=json_url(person_id, told.number),
        suggest_url="",
        picture=None,
        share=None,
    )


def _share(record: Mapping[str, Any], name: str, lang: str) -> Share:
    return make_share(absolute(person_url(record["id"], lang)), name, lang)


def _description(record: Mapping[str, Any], headline: str, lang: str) -> str:
    """Return the headline and the beginning of the biography, in the language of the page."""
    return described(headline, plain(record.get("biography", {}).get(lang, "")))


def _years(record: Mapping[str, Any], lang: str) -> str:
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    return years(birth, death, lang, living="death" not in record)


def _cite(told: Told, catalogue: Catalogue, lang: str) -> Cite:
    """Return the citation of the revision that the page shows."""
    person_id = told.record["id"]
    stamp = Stamp(
        told.number, in_utc(told.at).date(), permanent_revision_url(person_id, told.number)
    )
    item = biography(dict(told.record), edition_in(catalogue, lang), stamp)
    return make_cite(CitedWork(person_id, item), stamp, lang, past=told.past)


def json_url(person_id: str, number: int | None = None) -> str:
    """Return the API URL of a record, or of one of its revisions."""
    person = f"{url_for('web.front')}api/v1/people/{person_id}"
    return f"{person}/revisions/{number}" if number else person
