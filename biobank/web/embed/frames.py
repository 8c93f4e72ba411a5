"""The two frames, as data: a search with its answer, and the card of a person."""

from dataclasses import dataclass, replace
from datetime import datetime

from biobank.bootstrap import Services
from biobank.editorial.absence import absence
from biobank.errors import BadQuery, NotFound
from biobank.search.query import SIZE_DEFAULT, SearchQuery
from biobank.web.cards import PersonCard, people_cards
from biobank.web.hits import HitView, make_hit
from biobank.web.links import search_url
from biobank.web.text import _

#: People that a frame or an element shows, unless told, and at most.
LIMIT_DEFAULT = 5
LIMIT_MOST = 20


@dataclass(frozen=True)
class SearchFrame:
    """`kept` are the filters, which a new question keeps as hidden fields."""

    question: str
    kept: tuple[tuple[str, str], ...]
    total: int
    match: str
    hits: tuple[HitView, ...]
    url: str


@dataclass(frozen=True)
class PersonFrame:
    """Without a `card` the person is not there: `gone` says since when, if there ever was one."""

    card: PersonCard | None
    gone: datetime | None = None

    @property
    def status(self) -> int:
        if self.card:
            return 200
        return 410 if self.gone else 404


def limit_from(text: str, query: SearchQuery) -> int:
    """How many people are shown; an address of a search may say it by its `size`."""
    if not text:
        return LIMIT_DEFAULT if query.size == SIZE_DEFAULT else min(query.size, LIMIT_MOST)
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text)):
        raise BadQuery(f"limit takes a whole number from 1 to {LIMIT_MOST}.")
    return min(int(text), LIMIT_MOST)


def make_search_frame(services: Services, query: SearchQuery, limit: int) -> SearchFrame:
    """The first people of an answer, and the way to all of them."""
    answer = services.search.search(replace(query, page=1, size=limit))
    whole = replace(answer.query, size=SIZE_DEFAULT)
    catalogue = services.catalogue()
    return SearchFrame(
        question=query.text,
        kept=tuple(replace(query, text="", page=1, size=SIZE_DEFAULT).address()),
        total=answer.total,
        match=answer.match,
        hits=tuple(make_hit(hit, catalogue, answer.query) for hit in answer.hits),
        url=search_url(whole),
    )


def make_person_frame(services: Services, person_id: str, lang: str) -> PersonFrame:
    """The card of a public person.

    Raises:
        NotFound: where the person is found under another id.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        card = people_cards(session, [person_id], catalogue, lang).get(person_id)
        gone = None if card else absence(session, person_id)
    if gone and gone.new_id:
        raise NotFound(_("There is no such person in the bank."))
    return PersonFrame(card, gone.at if gone else None)
