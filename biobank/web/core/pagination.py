"""Pagination of lists."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from biobank.editorial.revisions.history import MAX_REVISION_NUMBER
from biobank.errors import BadQuery
from biobank.search.query import MAX_PAGE
from biobank.web.core.forms import parse_number

#: Number of page links on each side of the current one.
PAGES_AROUND = 2


@dataclass(frozen=True)
class PageLink:
    """A link to one page; number 0 is a gap."""

    number: int
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pagination:
    """The current position in a list and the links to other pages; empty where there is none."""

    page: int
    pages: int
    first: int
    last: int
    previous: str
    next: str
    links: tuple[PageLink, ...]


def make_pagination(page: int, size: int, total: int, url: Callable[[int], str]) -> Pagination:
    """Return the pagination of `total` items in pages of `size`; `url` returns the URL of a page."""
    pages = max(1, -(-total // size))
    nearby = range(max(1, page - PAGES_AROUND), min(pages, page + PAGES_AROUND) + 1)
    links: list[PageLink] = []
    for number in sorted({1, pages, *nearby}):
        if links and number - links[-1].number > 1:
            links.append(PageLink(0))
        links.append(PageLink(number, url(number), number == page))
    return Pagination(
        page=page,
        pages=pages,
        first=min((page - 1) * size + 1, total),
        last=min(page * size, total),
        previous=url(min(page - 1, pages)) if page > 1 else "",
        next=url(page + 1) if page < pages else "",
        links=tuple(links) if pages > 1 else (),
    )


def page_number(arguments: MultiDict[str, str]) -> int:
    """Return the page number of a request.

    Raises:
        BadQuery: If it is out of range.
    """
    value = arguments.get("page", "1").strip() or "1"
    number = parse_number(value)
    if number is None or not 1 <= number <= MAX_PAGE:
        raise BadQuery(f"page takes a whole number from 1 to {MAX_PAGE}.")
    return number


def revision_number(arguments: MultiDict[str, str], name: str) -> int | None:
    """Return the revision number of a request, or None if it names none."""
    value = arguments.get(name, "").strip()
    number = parse_number(value)
    if value and (number is None or not 1 <= number <= MAX_REVISION_NUMBER):
        raise BadQuery(f"{name} takes a whole number from 1 to {MAX_REVISION_NUMBER}.")
    return number
