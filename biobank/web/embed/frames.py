"""View models of the two frames: a search with its results, and the card of a person."""

from dataclasses import dataclass, replace
from datetime import datetime

from biobank.bootstrap import Services
from biobank.editorial.absence import absence
from biobank.errors import BadQuery, NotFound
from biobank.search.query import SIZE_DEFAULT, SearchQuery
from biobank.search.suggesting import told_spelling
from biobank.web.cards import PersonCard, people_cards
from biobank.web.hits import make_hit
from biobank.web.links import search_url
from biobank.web.text import _

#: People that a frame or an element shows, by default and at most.
LIMIT_DEFAULT = 5
LIMIT_MOST = 20


@dataclass(frozen=True)
class Row:
    """A matching person; `matched_form` is the matched spelling if it differs from the name."""

    card: PersonCard
    form: str


@dataclass(frozen=True)
class SearchFrame:
    """A search frame; a new query keeps `filters` as hidden fields."""

    question: str
    kept: tuple[tuple[str, str], ...]
    total: int
    match: str
    rows: tuple[Row, ...]
    url: str


@dataclass(frozen=True)
class PersonFrame:
    """A person frame; without a `card` the person was removed at `removed_at` or never existed."""

    card: PersonCard | None
    gone: datetime | None = None

    @property
    def status(self) -> int:
        if self.card:
            return 200
        return 410 if self.gone else 404


def limit_from(text: str, query: SearchQuery) -> int:
    """Parse the number of people to show; a search URL may give it as `size`."""
    if not text:
        return LIMIT_DEFAULT if query.size == SIZE_DEFAULT else min(query.size, LIMIT_MOST)
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text)):
        raise BadQuery(f"limit takes a whole number from 1 to {LIMIT_MOST}.")
    return min(int(text), LIMIT_MOST)


def make_search_frame(services: Services, query: SearchQuery, limit: int) -> SearchFrame:
    """Build the first results of a search, with the URL of all of them.

    If nobody matches all words, names that begin with them are used, as in the element.
    """
    asked = replace(query, page=1, size=limit)
    answer = services.search.search(asked)
    catalogue = services.catalogue()
    hits = (make_hit(hit, catalogue, answer.query) for hit in answer.hits)
    rows = tuple(Row(hit.card, hit.form.text if hit.form else "") for hit in hits)
    total, match = answer.total, answer.match
    if match == "partial" and (begun := _begun(services, asked)):
        rows, total, match = begun, len(begun), "found"
    return SearchFrame(
        question=query.text,
        kept=tuple(replace(query, text="", page=1, size=SIZE_DEFAULT).address()),
        total=total,
        match=match,
        rows=rows,
        url=search_url(replace(answer.query, size=SIZE_DEFAULT)),
    )


def _begun(services: Services, query: SearchQuery) -> tuple[Row, ...]:
    people = services.search.begun(query).people
    with services.database.read() as session:
        found = people_cards(session, list(people), services.catalogue(), query.lang)
    return tuple(
        Row(card, told_spelling(card.name, people[id_], query.text)) for id_, card in found.items()
    )


def make_person_frame(services: Services, person_id: str, lang: str) -> PersonFrame:
    """Build the card of a public person.

    Raises:
        NotFound: if the person has another id now.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        card = people_cards(session, [person_id], catalogue, lang).get(person_id)
        gone = None if card else absence(session, person_id)
    if gone and gone.new_id:
        raise NotFound(_("There is no such person in the bank."))
    return PersonFrame(card, gone.at if gone else None)
