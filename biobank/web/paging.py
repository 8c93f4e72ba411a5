"""Pagination of lists."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from biobank.editorial.history import NUMBER_MOST
from biobank.errors import BadQuery
from biobank.search.query import PAGE_MOST

#: Number of page links on each side of the current one.
AROUND = 2


@dataclass(frozen=True)
class PageLink:
    """A link to one page; number 0 is a gap."""

    number: int
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Paging:
    """The current position in a list and the links to other pages; empty where there is none."""

    page: int
    pages: int
    first: int
    last: int
    previous: str
    next: str
    links: tuple[PageLink, ...]


def make_paging(page: int, size: int, total: int, url: Callable[[int], str]) -> Paging:
    """Return the pagination of `total` items in pages of `size`; `url` returns the URL of a page.
    """
    pages = max(1, -(-total // size))
    near = range(max(1, page - AROUND), min(pages, page + AROUND) + 1)
    links: list[PageLink] = []
    for number in sorted({1, pages, *near}):
        if links and number - links[-1].number > 1:
            links.append(PageLink(0))
        links.append(PageLink(number, url(number), number == page))
    return Paging(
        page=page,
        pages=pages,
        first=min((page - 1) * size + 1, total),
        last=min(page * size, total),
        previous=url(min(page - 1, pages)) if page > 1 else "",
        next=url(page + 1) if page < pages else "",
        links=tuple(links) if pages > 1 else (),
    )


def page_of(arguments: MultiDict[str, str]) -> int:
    """Return the page number of a request.

    Raises:
        BadQuery: If it is out of range.
    """
    value = arguments.get("page", "1").strip() or "1"
    fits = value.isascii() and value.isdecimal() and len(value) <= 9
    if not fits or not 1 <= int(value) <= PAGE_MOST:
        raise BadQuery(f"page takes a whole number from 1 to {PAGE_MOST}.")
    return int(value)


def revision_number(arguments: MultiDict[str, str], name: str) -> int | None:
    """Return the revision number of a request, or None if it names none."""
    value = arguments.get(name, "").strip()
    fits = value.isascii() and value.isdecimal() and len(value) <= len(str(NUMBER_MOST))
    if value and not (fits and 1 <= int(value) <= NUMBER_MOST):
        raise BadQuery(f"{name} takes a whole number from 1 to {NUMBER_MOST}.")
    return int(value) if value else None
