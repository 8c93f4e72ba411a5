"""Links from page to page of a long list."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from biobank.editorial.history import NUMBER_MOST
from biobank.errors import BadQuery
from biobank.search.query import PAGE_MOST

#: Pages named on each side of the current one.
AROUND = 2


@dataclass(frozen=True)
class PageLink:
    """One page; number 0 stands for a gap."""

    number: int
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Paging:
    """Where one is in a list, and the ways on; empty addresses where there is no way."""

    page: int
    pages: int
    first: int
    last: int
    previous: str
    next: str
    links: tuple[PageLink, ...]


def make_paging(page: int, size: int, total: int, url: Callable[[int], str]) -> Paging:
    """Paging of `total` things in pages of `size`; `url` gives the address of a page."""
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
    """The number of the page that an address asks for."""
    value = arguments.get("page", "1").strip() or "1"
    fits = value.isascii() and value.isdecimal() and len(value) <= 9
    if not fits or not 1 <= int(value) <= PAGE_MOST:
        raise BadQuery(f"page takes a whole number from 1 to {PAGE_MOST}.")
    return int(value)


def revision_number(arguments: MultiDict[str, str], name: str) -> int | None:
    """The number of a revision that an address asks for; none where it names none."""
    value = arguments.get(name, "").strip()
    fits = value.isascii() and value.isdecimal() and len(value) <= len(str(NUMBER_MOST))
    if value and not (fits and 1 <= int(value) <= NUMBER_MOST):
        raise BadQuery(f"{name} takes a whole number from 1 to {NUMBER_MOST}.")
    return int(value) if value else None
