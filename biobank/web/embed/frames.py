"""View models of the two frames: a search with its results, and the card of a person."""

from dataclasses import dataclass, replace
from datetime import datetime

from biobank.bootstrap import Services
from biobank.editorial.revisions.publication import find_tombstone
from biobank.errors import BadQuery, NotFound
from biobank.search.query import DEFAULT_PAGE_SIZE, SearchQuery
from biobank.search.suggestions import alternative_spelling
from biobank.web.core.gettext import _
from biobank.web.core.person_cards import PersonCard, find_matched_form, hit_card, people_cards
from biobank.web.core.urls import search_url

#: People that a frame or an element shows, by default and at most.
DEFAULT_WIDGET_LIMIT = 5
MAX_WIDGET_LIMIT = 20


@dataclass(frozen=True)
class FrameRow:
    """A matching person; `matched_form` is the matched spelling if it differs from the name."""

    card: PersonCard
    matched_form: str


@dataclass(frozen=True)
class SearchFrame:
    """A search frame; a new query keeps `filters` as hidden fields."""

    query_text: str
    filters: tuple[tuple[str, str], ...]
    total: int
    match: str
    rows: tuple[FrameRow, ...]
    url: str


@dataclass(frozen=True)
class PersonFrame:
    """A person frame; without a `card` the person was removed at `removed_at` or never existed."""

    card: PersonCard | None
    removed_at: datetime | None = None

    @property
    def status(self) -> int:
        if self.card:
            return 200
        return 410 if self.removed_at else 404


def parse_limit(text: str, query: SearchQuery) -> int:
    """Parse the number of people to show; a search URL may give it as `size`."""
    if not text:
        return DEFAULT_WIDGET_LIMIT if query.size == DEFAULT_PAGE_SIZE else min(query.size, MAX_WIDGET_LIMIT)
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text)):
        raise BadQuery(f"limit takes a whole number from 1 to {MAX_WIDGET_LIMIT}.")
    return min(int(text), MAX_WIDGET_LIMIT)


def make_search_frame(services: Services, query: SearchQuery, limit: int) -> SearchFrame:
    """Build the first results of a search, with the URL of all of them.

    If nobody matches all words, names that begin with them are used, as in the element.
    """
    first_page = replace(query, page=1, size=limit)
    response = services.search.search(first_page)
    catalogue = services.catalogue()
    rows = tuple(
        FrameRow(
            hit_card(hit, catalogue, response.query.lang),
            form.text if (form := find_matched_form(hit)) else "",
        )
        for hit in response.hits
    )
    total, match = response.total, response.match
    if match == "partial" and (completions := _typeahead_rows(services, first_page)):
        rows, total, match = completions, len(completions), "found"
    return SearchFrame(
        query_text=query.text,
        filters=tuple(replace(query, text="", page=1, size=DEFAULT_PAGE_SIZE).url_params()),
        total=total,
        match=match,
        rows=rows,
        url=search_url(replace(response.query, size=DEFAULT_PAGE_SIZE)),
    )


def _typeahead_rows(services: Services, query: SearchQuery) -> tuple[FrameRow, ...]:
    people = services.search.complete(query).people
    with services.database.read() as session:
        cards = people_cards(session, list(people), services.catalogue(), query.lang)
    return tuple(
        FrameRow(card, alternative_spelling(card.name, people[id_], query.text))
        for id_, card in cards.items()
    )


def make_person_frame(services: Services, person_id: str, lang: str) -> PersonFrame:
    """Build the card of a public person.

    Raises:
        NotFound: if the person has another id now.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        card = people_cards(session, [person_id], catalogue, lang).get(person_id)
        tombstone = None if card else find_tombstone(session, person_id)
    if tombstone and tombstone.new_id:
        raise NotFound(_("Biography not found."))
    return PersonFrame(card, tombstone.at if tombstone else None)
