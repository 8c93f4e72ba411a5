"""The printable list of all search results."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from biobank.bootstrap import Services
from biobank.search.query import SearchQuery
from biobank.web.core.labels import SORT_TITLES, format_day
from biobank.web.core.urls import absolute_url, permanent_url, search_url
from biobank.web.people.cards import PersonCard, people_cards
from biobank.web.search.active_filters import make_chips
from biobank.web.search.export_menu import describe_chips, export_file_url, first_page

#: Maximum number of people on a list, about eighty printed pages; longer ones are exports.
MAX_PRINTED_PEOPLE = 2_000


@dataclass(frozen=True)
class PrintPage:
    """The printable list: `people` are the first of `total`, each with the permanent URL."""

    question: str
    sort: str
    day: str
    total: int
    people: tuple[tuple[PersonCard, str], ...]
    search_url: str
    permanent: str
    csv_url: str


def make_print_page(
    services: Services, query: SearchQuery, max_people: int = MAX_PRINTED_PEOPLE
) -> PrintPage:
    """Return the printable list of the results of `query`, limited to `max_people`."""
    response = services.search.search(replace(query, page=1, size=1))
    query = response.query
    ids = services.search.all_ids(query)
    with services.database.read() as session:
        cards = people_cards(session, ids[:max_people], services.catalogue(), query.lang)
    results_url = search_url(first_page(query))
    return PrintPage(
        question=describe_chips(make_chips(response)),
        sort=str(SORT_TITLES[query.sort]),
        day=format_day(datetime.now(UTC), query.lang),
        total=len(ids),
        people=tuple((card, permanent_url(card.id)) for card in cards.values()),
        search_url=results_url,
        permanent=absolute_url(results_url),
        csv_url=export_file_url(query, "csv"),
    )
