"""The printable list of all search results."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from biobank.bootstrap import Services
from biobank.search.query import SearchQuery
from biobank.web.cards import PersonCard, people_cards
from biobank.web.chips import make_chips
from biobank.web.links import absolute, permanent_url, search_url
from biobank.web.takeaway import file_url, in_words, whole
from biobank.web.words import SORT_TITLES, day_words

#: Maximum number of people on a list, about eighty printed pages; longer ones are exports.
LIST_MOST = 2_000


@dataclass(frozen=True)
class ListPage:
    """The printable list: `people` are the first of `total`, each with the permanent URL."""

    question: str
    sort: str
    day: str
    total: int
    people: tuple[tuple[PersonCard, str], ...]
    search_url: str
    permanent: str
    csv_url: str


def make_list_page(services: Services, query: SearchQuery, most: int = LIST_MOST) -> ListPage:
    """Return the printable list of the results of `query`, limited to `max_people`."""
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
