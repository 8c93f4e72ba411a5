"""The list of everybody who was found, as data: made to be printed and read away from a screen."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from biobank.bootstrap import Services
from biobank.search.query import SearchQuery
from biobank.web.cards import PersonCard, people_cards
from biobank.web.chips import make_chips
from biobank.web.links import absolute, permanent_url, search_url
from biobank.web.takeaway import file_url, in_words, whole
from biobank.web.words import SORT_TITLES, day_words

#: People on one list, some eighty sheets of paper; beyond them one is led to the file.
LIST_MOST = 2_000


@dataclass(frozen=True)
class ListPage:
    """`people` are the first of `total`, each with the permanent address."""

    question: str
    sort: str
    day: str
    total: int
    people: tuple[tuple[PersonCard, str], ...]
    search_url: str
    permanent: str
    csv_url: str


def make_list_page(services: Services, query: SearchQuery, most: int = LIST_MOST) -> ListPage:
    """The list of the answer to `query`, of `most` people at most."""
    answer = services.search.search(replace(query, page=1, size=1))
    query = answer.query
    ids = services.search.everybody(query)
    with services.database.read() as session:
        cards = people_cards(session, ids[:most], services.catalogue(), query.lang)
    address = search_url(whole(query))
    return ListPage(
        question=in_words(make_chips(answer)),
        sort=str(SORT_TITLES[query.sort]),
        day=day_words(datetime.now(UTC), query.lang),
        total=len(ids),
        people=tuple((card, permanent_url(card.id)) for card in cards.values()),
        search_url=address,
        permanent=absolute(address),
        csv_url=file_url(query, "csv"),
    )
